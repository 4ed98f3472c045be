#include "connectors/feed/feed_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "connectors/feed/feed_address.h"
#include "connectors/page_limit.h"
#include "connectors/plain_text.h"
#include "connectors/text_marks.h"
#include "connectors/utf8.h"

namespace pw::feed {
namespace {

constexpr std::size_t depth_max = 512;
constexpr std::size_t entries_usual = 32;
constexpr std::size_t attribute_bytes_max = 1 << 20;

std::optional<std::string_view> find(Attributes attributes, std::string_view name) {
  for (const Attribute& attribute : attributes) {
    if (equal_ignoring_case(attribute.name, name)) return attribute.value;
  }
  return std::nullopt;
}

bool is_text_construct(Meaning meaning) {
  constexpr std::array constructs = {Meaning::title, Meaning::media_title, Meaning::summary,
                                     Meaning::content, Meaning::other_text};
  return std::find(constructs.begin(), constructs.end(), meaning) != constructs.end();
}

// The type that a text construct has when it does not say.
std::string_view usual_type(std::string_view canonical) {
  if (canonical == "description" || canonical == "dc:description" ||
      canonical == "content:encoded" || canonical == "media:description" ||
      canonical == "fullitem") {
    return "text/html";
  }
  return canonical.ends_with("body") ? "application/xhtml+xml" : "text/plain";
}

void append_limited(std::string& out, std::string_view text) {
  out.append(text.substr(0, attribute_bytes_max - std::min(out.size(), attribute_bytes_max)));
}

std::string_view kind_of_media(std::string_view type) {
  for (const std::string_view kind : {"image", "video", "audio"}) {
    if (find_ignoring_case(type.substr(0, kind.size()), kind) == 0) return kind;
  }
  return {};
}

}  // namespace

FeedReader::FeedReader(std::string_view base, bool tolerant) : tolerant_(tolerant) {
  scope_.base = base;
}

void FeedReader::start(std::string_view name, Attributes attributes) {
  if (open_ >= depth_max) {
    ++ignored_depth_;
    return;
  }
  std::size_t prefixes_before = prefixes_.count();
  bind_prefixes(attributes);
  // No HTML has an <item> or <entry>: a text construct that one stands in was
  // never ended. What it bound ends with it, but not what the item binds itself.
  if (tolerant_ && captures() && prefixes_.element(name).meaning == Meaning::item) {
    prefixes_.unwind(prefixes_before);
    while (captures()) close_top();
    prefixes_before = prefixes_.count();
    bind_prefixes(attributes);
  }
  const ElementName& element = prefixes_.element(name);
  Frame& frame = next_frame(element, prefixes_before);
  if (captures()) {
    frame.is_markup = true;
    start_markup(name, attributes);
    ++open_;
    return;
  }
  frame.meaning = element.meaning;
  if (!attributes.empty()) change_scope(frame, attributes);
  if (frame.meaning == Meaning::document || frame.meaning == Meaning::channel) {
    start_document(element.canonical, attributes);
  }
  if (is_text_construct(frame.meaning)) {
    frame.kind =
        text_kind(find(attributes, "type").has_value(), find(attributes, "type").value_or(""),
                  find(attributes, "mode").value_or(""), usual_type(element.canonical));
  }
  dispatch(frame, attributes);
  ++open_;
  if (is_text_construct(frame.meaning)) markup_root_ = open_;
}

void FeedReader::bind_prefixes(Attributes attributes) {
  for (const Attribute& attribute : attributes) {
    if (attribute.name == "xmlns") prefixes_.bind("", attribute.value);
    if (attribute.name.starts_with("xmlns:")) {
      prefixes_.bind(lower_ascii(attribute.name.substr(6)), attribute.value);
    }
  }
}

// A frame is made once for each depth, and keeps the memory of its texts.
FeedReader::Frame& FeedReader::next_frame(const ElementName& element, std::size_t prefixes_before) {
  if (open_ == frames_.size()) frames_.emplace_back();
  Frame& frame = frames_[open_];
  frame.name = element.lower;
  frame.meaning = Meaning::unknown;
  frame.is_markup = false;
  frame.kind = {};
  frame.text.clear();
  frame.prefixes_before = prefixes_before;
  frame.guid_is_link = true;
  return frame;
}

void FeedReader::change_scope(Frame& frame, Attributes attributes) {
  auto base = find(attributes, "xml:base");
  if (!base) base = find(attributes, "base");
  const auto lang = find(attributes, "xml:lang");
  const bool based = base && !base->empty();
  if (!based && !lang) return;
  frame.outer = std::make_unique<Scope>(scope_);
  if (based) {
    scope_.base = join_base(scope_.base, *base);
    scope_.id_base = join_base(scope_.id_base, *base);
  }
  if (lang) scope_.lang = mended(lang->substr(0, 64));
}

void FeedReader::dispatch(Frame& frame, Attributes attributes) {
  switch (frame.meaning) {
    case Meaning::item:
      start_item(attributes);
      break;
    case Meaning::source:
    case Meaning::image:
    case Meaning::text_input:
      title_lock_ = -1;
      break;
    case Meaning::author:
      author_has_name_ = false;
      break;
    case Meaning::id:
      frame.guid_is_link = find(attributes, "ispermalink").value_or("true") == "true";
      break;
    case Meaning::link:
      start_link(frame, attributes);
      break;
    case Meaning::category:
      if (const auto term = find(attributes, "term"); term && in_entry()) {
        add_mark(entry().tags, without_controls(mended(*term)));
      }
      break;
    case Meaning::enclosure:
    case Meaning::media_content:
      start_enclosure(attributes);
      break;
    default:
      break;
  }
  enter(frame.meaning, 1);
}

void FeedReader::enter(Meaning meaning, int step) {
  if (meaning == Meaning::source) in_source_ += step;
  if (meaning == Meaning::image || meaning == Meaning::text_input) in_image_ += step;
  if (meaning == Meaning::author) in_author_ += step;
  if (meaning == Meaning::contributor || meaning == Meaning::publisher) in_other_person_ += step;
}

void FeedReader::start_markup(std::string_view name, Attributes attributes) {
  Frame& root = frames_[markup_root_ - 1];
  // Typepad wrapped escaped markup in one real <div>, which changes nothing.
  const bool is_div = equal_ignoring_case(name, "div") || equal_ignoring_case(name, "xhtml:div");
  if (!root.kind.inline_markup && is_div) return;
  root.kind.inline_markup = true;
  const std::size_t colon = name.find(':');
  if (colon != std::string_view::npos) name.remove_prefix(colon + 1);
  std::string tag = '<' + std::string(name);
  for (const Attribute& attribute : attributes) {
    if (attribute.name.starts_with("xmlns")) continue;
    tag.append(" ").append(attribute.name).append("=\"");
    tag.append(escape_markup(attribute.value)).append("\"");
  }
  append_limited(root.text, tag + '>');
}

void FeedReader::start_document(std::string_view canonical, Attributes attributes) {
  struct Version {
    std::string_view written;
    std::string_view version;
  };
  constexpr std::array rss = {Version{"0.91", "rss091u"}, Version{"0.92", "rss092"},
                              Version{"0.93", "rss093"}, Version{"0.94", "rss094"}};
  constexpr std::array atom = {Version{"0.1", "atom01"}, Version{"0.2", "atom02"},
                               Version{"0.3", "atom03"}};
  if (!feed_.version.empty()) return;
  const std::string_view written = find(attributes, "version").value_or("");
  const auto known = [&](const auto& table, std::string_view otherwise) {
    for (const Version& row : table) {
      if (row.written == written) return std::string(row.version);
    }
    return std::string(otherwise);
  };
  if (canonical == "rss") {
    feed_.version = known(rss, written.starts_with("2.") ? "rss20" : "rss");
  } else if (canonical == "feed") {
    const std::string_view space = find(attributes, "xmlns").value_or("");
    const bool atom10 = equal_ignoring_case(space, "http://www.w3.org/2005/Atom");
    feed_.version = atom10 ? "atom10" : known(atom, "atom");
  } else if (canonical == "rdf:rdf") {
    bool rss090 = false;
    for (const Attribute& attribute : attributes) {
      rss090 = rss090 || attribute.value == "http://my.netscape.com/rdf/simple/0.9/";
    }
    feed_.version = rss090 ? "rss090" : "rss10";
  } else if (open_ == 0) {
    feed_.version = "cdf";
  }
}

void FeedReader::start_item(Attributes attributes) {
  finish_entry();
  overflow_ = feed_.entries.size() >= page_items_max;
  if (overflow_) {
    ++feed_.skipped;
    spare_ = {};
  } else {
    if (feed_.entries.empty()) feed_.entries.reserve(entries_usual);
    feed_.entries.emplace_back();
  }
  state_ = {};
  in_entry_ = true;
  title_lock_ = -1;
  entry().lang = scope_.lang.empty() ? feed_lang_ : scope_.lang;
  for (const Attribute& attribute : attributes) {
    if (prefixes_.canonical(attribute.name) == "rdf:about" && !attribute.value.empty()) {
      entry().id = mended(attribute.value);
    }
  }
  // Channel Definition Format keeps both in attributes.
  if (const auto href = find(attributes, "href")) {
    entry().link = join_address(scope_.base, mended(*href));
    state_.link_given = true;
  }
  if (const auto changed = find(attributes, "lastmod")) {
    entry().updated = parse_feed_date(*changed);
  }
}

void FeedReader::start_link(Frame& frame, Attributes attributes) {
  const std::string rel = lower_ascii(find(attributes, "rel").value_or("alternate"));
  std::optional<std::string_view> href;
  for (const std::string_view name : {"url", "uri", "href"}) {
    if (!href) href = find(attributes, name);
  }
  if (!href || href->empty()) return;
  frame.meaning = Meaning::unknown;  // nothing to collect
  const std::string address = join_address(scope_.base, mended(*href));
  const std::string type =
      text_kind(true, find(attributes, "type").value_or("text/html"), "", "").type;
  const bool is_page = type == "text/html" || type == "application/xhtml+xml";
  if (in_entry_ && rel == "enclosure") start_enclosure(attributes);
  if (!in_entry_ && in_source_ == 0 && rel == "next") feed_.next = address;
  if (!in_entry() || in_image_ > 0 || rel != "alternate" || !is_page) return;
  entry().link = address;
  state_.link_given = true;
}

void FeedReader::start_enclosure(Attributes attributes) {
  if (!in_entry() || !entry().media.empty()) return;
  const std::string_view type = find(attributes, "type").value_or("");
  const std::string_view medium = find(attributes, "medium").value_or("");
  const std::string_view kind = kind_of_media(type);
  entry().media = kind.empty() ? kind_of_media(medium) : kind;
}

void FeedReader::text(std::string_view text) {
  if (open_ == 0 || ignored_depth_ > 0) return;
  if (!captures()) {
    append_limited(frames_[open_ - 1].text, text);
    return;
  }
  Frame& root = frames_[markup_root_ - 1];
  if (root.kind.inline_markup) {
    append_limited(root.text, escape_markup(text));
  } else {
    append_limited(root.text, text);
  }
}

void FeedReader::end(std::string_view name) {
  if (ignored_depth_ > 0) {
    --ignored_depth_;
    return;
  }
  std::size_t at = open_;
  while (at > 0 && !equal_ignoring_case(frames_[at - 1].name, name)) --at;
  if (at == 0) return;  // ends nothing that is open
  while (open_ > at) close_top();
  close_top();
  ended_ = ended_ || (open_ == 0 && !feed_.version.empty());
}

void FeedReader::close_top() {
  Frame& frame = frames_[open_ - 1];
  const bool was_root = markup_root_ == open_;
  prefixes_.unwind(frame.prefixes_before);
  if (frame.is_markup) {
    Frame& root = frames_[markup_root_ - 1];
    const std::size_t colon = frame.name.find(':');
    const std::string local =
        colon == std::string::npos ? frame.name : frame.name.substr(colon + 1);
    if (root.kind.inline_markup) append_limited(root.text, "</" + local + '>');
  } else {
    if (was_root) markup_root_ = 0;
    finish_frame(frame);
    enter(frame.meaning, -1);
    if (frame.outer) scope_ = std::move(*std::exchange(frame.outer, nullptr));
  }
  --open_;
}

void FeedReader::finish_frame(const Frame& frame) {
  switch (frame.meaning) {
    case Meaning::item:
      if (closing_ && in_entry_) entry().complete = false;
      finish_entry();
      return;
    case Meaning::title:
    case Meaning::media_title:
      finish_title(frame);
      return;
    case Meaning::summary:
    case Meaning::content:
      finish_body(frame);
      return;
    case Meaning::unknown:
    case Meaning::other_text:
      return;
    default:
      finish_value(frame, mended(frame.text));
  }
}

ParsedFeed FeedReader::finish() {
  closing_ = true;
  feed_.cut_off = open_ > 0 && !ended_;
  while (open_ > 0) close_top();
  finish_entry();
  if (feed_.version.empty() && !feed_.entries.empty()) feed_.version = "unknown";
  return std::move(feed_);
}

}  // namespace pw::feed
