// Fragments that are read without a tree say what their tree says.
#include "connectors/html_simple.h"

#include <array>
#include <iostream>
#include <random>

#include <catch2/catch.hpp>

#include "connectors/plain_text.h"
#include "tests/connectors/captures.h"

namespace pw {
namespace {

class Nobody final : public HtmlSink {
 public:
  void text(std::string_view) override {}
  void break_line() override {}
  void open_link() override {}
  void close_link(std::string_view, std::string_view, std::string_view) override {}
};

bool is_simple(std::string_view html) {
  Nobody nobody;
  return read_simple_html(html, nobody);
}

std::string print(const PlainText& read) {
  std::string out = read.text + '\x1f';
  for (const auto* list : {&read.links, &read.tags, &read.mentions}) {
    for (const std::string& item : *list) out += '[' + item + ']';
    out += '\x1f';
  }
  return out;
}

// A comment says nothing and is never simple: this is what the tree says.
std::string by_tree(const std::string& html) { return print(plain_text(html + "<!---->")); }

using Random = std::mt19937_64;

// As people write, and as they should not.
std::string any_piece(Random& random, int depth) {
  constexpr std::array<std::string_view, 34> words = {"house",    " ",
                                                      "\n",       "\t",
                                                      "&amp;",    "&lt;b&gt;",
                                                      "&nbsp;",   "&eacute;",
                                                      "&#8220;",  "&#x1F600;",
                                                      "&hellip;", "&bogus;",
                                                      "&",        "&#0;",
                                                      "&copy",    "#House",
                                                      "@ann",     "é",
                                                      "日本",     "😀",
                                                      "<br>",     "<br/>",
                                                      "<br />",   "<img src='x' alt=\"&amp;\">",
                                                      "<wbr>",    "https://a.example/x?a=1&b=2",
                                                      "& ",       "\"",
                                                      "'",        "<",
                                                      ">",        "</p>",
                                                      "&notit;",  "\xC2\xA0"};
  if (depth > 4 || random() % 3 != 0) return std::string(words[random() % words.size()]);
  constexpr std::array<std::string_view, 12> tags = {"p",    "b",   "strong", "i", "em",    "span",
                                                     "code", "div", "li",     "a", "small", "U"};
  const std::string tag(tags[random() % tags.size()]);
  constexpr std::array<std::string_view, 8> attributes = {
      "",
      " class=\"mention\"",
      " class='mention hashtag' rel=\"tag\"",
      " href=\"https://b.example/?q=1&amp;r=2\"",
      " href=\"https://c.example/?x=1&y=2&copy=3\"",
      " href=d",
      " data-x=\"1\" href='https://e.example/'",
      " href=\"https://f.example\" href=\"no\""};
  std::string out = '<' + tag + std::string(attributes[random() % attributes.size()]) + '>';
  for (auto i = random() % 4; i > 0; --i) out += any_piece(random, depth + 1);
  return random() % 12 == 0 ? out : out + "</" + tag + '>';
}

}  // namespace

TEST_CASE("what is plainly nested is simple, and what a tree could make otherwise is not") {
  const std::pair<const char*, bool> rows[] = {
      {"", true},
      {"text alone", true},
      {"<p>We <b>are</b> &amp; stay<br>here</p><p>So <a href=\"https://a.example\">it is</a></p>",
       true},
      {"<p class=\"x\">a</p> between <i>b</i>", true},
      {"<A HREF='https://a.example'>b</A>", true},
      {"caf&eacute; &#233; &#xE9; & so", true},
      {"<img src=\"a\"><br/>", true},
      {"<p>never closed", false},
      {"<p>a<p>b</p></p>", false},
      {"<b><p>a</p></b>", false},
      {"<b><i>a</b></i>", false},
      {"<a href=\"x\"><a href=\"y\">b</a></a>", false},
      {"<div>a</div>", false},
      {"<script>a</script>", false},
      {"<p/>", false},
      {"a < b", false},
      {"</p>", false},
      {"&copy 2020", false},
      {"&nonsense;", false},
      {"&#0;", false},
      {"&#128;", false},
      {"<a href=x>b</a>", false},
      {"<p title='a>b</p>", false},
      {"<!-- a -->", false},
      {"a\rb", false},
      {"\xEF\xBB\xBFmark", false},
      {"<b><b><b><b><b><b><b><b><b>deep</b></b></b></b></b></b></b></b></b>", false},
  };
  for (const auto& [html, simple] : rows) {
    INFO(html);
    CHECK(is_simple(html) == simple);
    if (simple) CHECK(print(plain_text(html)) == by_tree(html));
  }
}

TEST_CASE("random fragments that are simple read as their tree does") {
  Random random(20'200'916);
  int simple = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string html;
    for (auto pieces = 1 + random() % 6; pieces > 0; --pieces) html += any_piece(random, 0);
    if (!is_simple(html)) continue;
    ++simple;
    INFO(html);
    if (print(plain_text(html)) != by_tree(html)) CHECK(print(plain_text(html)) == by_tree(html));
  }
  std::cout << "simple fragments read both ways: " << simple << '\n';
  CHECK(simple > 5'000);
}

TEST_CASE("the posts that platforms send as HTML are simple") {
  CHECK(
      is_simple("<p>New drop today! <a href=\"https://m.example/tags/sale\" class=\"mention "
                "hashtag\" rel=\"tag\">#<span>sale</span></a></p>"));
  CHECK(
      is_simple("<p><span class=\"h-card\" translate=\"no\"><a href=\"https://m.example/@ann\" "
                "class=\"u-url mention\">@<span>ann</span></a></span> thanks &amp; see "
                "<a href=\"https://a.example/x\" target=\"_blank\" rel=\"nofollow noopener\" "
                "translate=\"no\"><span class=\"invisible\">https://</span><span class=\"\">"
                "a.example/x</span><span class=\"invisible\"></span></a></p>"));
}

}  // namespace pw
