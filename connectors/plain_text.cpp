#include "connectors/plain_text.h"

#include <algorithm>
#include <array>

#include "connectors/html_cost.h"
#include "connectors/html_simple.h"
#include "connectors/html_tree.h"
#include "connectors/text_form.h"
#include "connectors/text_marks.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

constexpr std::size_t html_bytes_max = 256 * 1024;
constexpr std::array<GumboTag, 8> dropped_tags = {
    GUMBO_TAG_SCRIPT, GUMBO_TAG_STYLE,    GUMBO_TAG_HEAD,  GUMBO_TAG_TEMPLATE,
    GUMBO_TAG_IFRAME, GUMBO_TAG_NOSCRIPT, GUMBO_TAG_TITLE, GUMBO_TAG_TEXTAREA};
constexpr std::array<GumboTag, 27> block_tags = {
    GUMBO_TAG_P,      GUMBO_TAG_DIV,        GUMBO_TAG_UL,      GUMBO_TAG_OL,      GUMBO_TAG_LI,
    GUMBO_TAG_BR,     GUMBO_TAG_HR,         GUMBO_TAG_TABLE,   GUMBO_TAG_TR,      GUMBO_TAG_H1,
    GUMBO_TAG_H2,     GUMBO_TAG_H3,         GUMBO_TAG_H4,      GUMBO_TAG_H5,      GUMBO_TAG_H6,
    GUMBO_TAG_PRE,    GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_SECTION, GUMBO_TAG_ARTICLE, GUMBO_TAG_HEADER,
    GUMBO_TAG_FOOTER, GUMBO_TAG_FIGURE,     GUMBO_TAG_DL,      GUMBO_TAG_DT,      GUMBO_TAG_DD,
    GUMBO_TAG_FORM,   GUMBO_TAG_ADDRESS};

template <std::size_t N>
bool is_one_of(GumboTag tag, const std::array<GumboTag, N>& tags) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

bool is_html_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }

// How much of the text stays as it is: words with one space between each two.
std::size_t collapsed_length(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (static_cast<unsigned char>(text[at]) > ' ' || !is_html_space(text[at])) continue;
    const bool stays =
        at > 0 && text[at] == ' ' && at + 1 < text.size() && !is_html_space(text[at + 1]);
    if (!stays) return at;
  }
  return text.size();
}

// Collapses white space as a browser does; a line break is kept as one.
class TextWriter {
 public:
  void add(std::string_view text) {
    while (!text.empty()) {
      const std::size_t length = collapsed_length(text);
      if (length > 0) {
        if (space_ && !out_.empty() && out_.back() != '\n') out_ += ' ';
        space_ = false;
        out_ += text.substr(0, length);
      }
      if (length == text.size()) return;
      space_ = true;
      text.remove_prefix(length + 1);
    }
  }
  void break_line() {
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
    if (!out_.empty() && out_.back() != '\n') out_ += '\n';
    space_ = false;
  }
  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  std::string finish() {
    const std::string_view kept = trimmed(out_);
    return kept.size() == out_.size() ? without_controls(std::move(out_)) : without_controls(kept);
  }

 private:
  std::string out_;
  bool space_ = false;
};

std::string_view attribute(const GumboElement& element, const char* name) {
  const GumboAttribute* found = gumbo_get_attribute(&element.attributes, name);
  return found ? std::string_view(found->value) : std::string_view{};
}

bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t at = words.find(word); at != std::string_view::npos;
       at = words.find(word, at + 1)) {
    const bool starts = at == 0 || words[at - 1] == ' ';
    const std::size_t end = at + word.size();
    if (starts && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

// What a document's events come to as text, links and marks.
class TextReader final : public HtmlSink {
 public:
  TextReader(PlainText& result, std::size_t html_bytes) : result_(result) {
    writer_.reserve(html_bytes);
  }

  void text(std::string_view text) override {
    writer_.add(text);
    if (in_link_) link_text_ += text;
  }
  void break_line() override { writer_.break_line(); }
  void open_link() override {
    in_link_ = true;
    link_text_.clear();
  }

  // Mastodon marks its tags class="mention hashtag" rel="tag" and its mentions
  // class="u-url mention" (reference server, read 2026-08).
  void close_link(std::string_view classes, std::string_view rel, std::string_view href) override {
    in_link_ = false;
    std::string_view shown = trimmed(link_text_);
    href = trimmed(href);
    if (has_word(classes, "hashtag") || has_word(rel, "tag")) {
      if (shown.starts_with('#')) shown.remove_prefix(1);
      add_mark(result_.tags, clean_text(shown));
    } else if (has_word(classes, "mention")) {
      if (shown.starts_with('@')) shown.remove_prefix(1);
      add_mark(result_.mentions, without_controls(shown));
    } else if (is_web_address(href)) {
      add_mark(result_.links, std::string(href));
    }
  }

  void finish() { result_.text = writer_.finish(); }

 private:
  PlainText& result_;
  TextWriter writer_;
  bool in_link_ = false;
  std::string link_text_;
};

class TreeReader {
 public:
  explicit TreeReader(HtmlSink& sink) : sink_(sink) {}

  // The tree is walked with a stack of its own, so that depth costs no calls.
  void read(const GumboNode* root) {
    struct Step {
      const GumboNode* node;
      unsigned next;
    };
    std::vector<Step> path{{root, 0}};
    while (!path.empty()) {
      Step& step = path.back();
      const GumboVector& children = step.node->v.element.children;
      if (step.next >= children.length) {
        close(*step.node);
        path.pop_back();
        continue;
      }
      const auto* child = static_cast<const GumboNode*>(children.data[step.next++]);
      if (open(*child)) path.push_back({child, 0});
    }
  }

 private:
  // True when the node is an element to descend into.
  bool open(const GumboNode& node) {
    switch (node.type) {
      case GUMBO_NODE_TEXT:
      case GUMBO_NODE_CDATA:
      case GUMBO_NODE_WHITESPACE:
        sink_.text(node.v.text.text);
        return false;
      case GUMBO_NODE_ELEMENT:
        break;
      default:
        return false;
    }
    const GumboElement& element = node.v.element;
    if (is_one_of(element.tag, dropped_tags)) return false;
    if (is_one_of(element.tag, block_tags)) sink_.break_line();
    if (element.tag == GUMBO_TAG_A) sink_.open_link();
    return true;
  }

  void close(const GumboNode& node) {
    if (node.type != GUMBO_NODE_ELEMENT) return;
    const GumboElement& element = node.v.element;
    if (is_one_of(element.tag, block_tags)) sink_.break_line();
    if (element.tag != GUMBO_TAG_A) return;
    sink_.close_link(attribute(element, "class"), attribute(element, "rel"),
                     attribute(element, "href"));
  }

  HtmlSink& sink_;
};

// Nearly always without a tree.
PlainText read_html(std::string_view html) {
  PlainText result;
  TextReader reader(result, html.size());
  if (read_simple_html(html, reader)) {
    reader.finish();
    return result;
  }
  PlainText whole;
  TextReader again(whole, html.size());
  TreeReader(again).read(html_tree(html));
  again.finish();
  return whole;
}

// Removes tags, without regard to what they mean.
std::string without_tags(std::string_view html) {
  TextWriter writer;
  while (!html.empty()) {
    const std::size_t tag = std::min(html.find('<'), html.size());
    writer.add(html.substr(0, tag));
    html.remove_prefix(tag);
    const std::size_t end = html.find('>');
    if (end == std::string_view::npos) break;
    html.remove_prefix(end + 1);
    writer.add(" ");
  }
  return writer.finish();
}

PlainText plain(std::string text) {
  PlainText result{.text = std::move(text)};
  result.links = links_in(result.text);
  return result;
}

}  // namespace

PlainText plain_text(std::string_view html) {
  const bool truncated = html.size() > html_bytes_max;
  if (truncated) html = html.substr(0, html_bytes_max);
  PlainText result;
  if (html.find_first_of("<&") == std::string_view::npos) {
    TextWriter writer;
    writer.add(html);
    result = plain(mend_utf8(writer.finish()));
  } else if (is_costly_html(html)) {
    result = plain(mend_utf8(without_tags(html)));
  } else {
    const std::string mended = is_utf8(html) ? std::string{} : mend_utf8(html);
    const std::string_view source = mended.empty() ? html : std::string_view(mended);
    result = read_html(source);
  }
  result.text = readable(std::move(result.text));
  for (std::string& tag : hashtags_in(result.text)) add_mark(result.tags, std::move(tag));
  result.truncated = truncated;
  return result;
}

std::string html_entity(std::string_view name) {
  constexpr std::size_t name_bytes_max = 32;  // the longest in HTML has 31
  const auto is_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (name.empty() || name.size() > name_bytes_max ||
      !std::all_of(name.begin(), name.end(), is_name)) {
    return {};
  }
  const std::string source = '&' + std::string(name) + ';';
  const GumboVector& children = html_tree(source)->v.element.children;
  if (children.length != 1) return {};
  const auto* node = static_cast<const GumboNode*>(children.data[0]);
  if (node->type != GUMBO_NODE_TEXT && node->type != GUMBO_NODE_WHITESPACE) return {};
  const std::string value = node->v.text.text;
  return value == source ? std::string{} : value;
}

}  // namespace pw
