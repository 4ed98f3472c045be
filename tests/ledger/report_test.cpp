#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

#include "daemon/ledger/jcs.h"
#include "daemon/ledger/report.h"
#include "daemon/ledger/report_schema.h"
#include "daemon/ledger/report_text.h"
#include "daemon/ledger/report_timeline.h"
#include "daemon/ledger/sentence.h"
#include "daemon/ledger/utf8.h"
#include "tests/ledger/day.h"
#include "tests/ledger/sample_report.h"

namespace {

using namespace pw;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The first line that differs, for a message that can be read.
std::string first_difference(const std::string& a, const std::string& b) {
  std::size_t i = 0;
  while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
  const std::size_t from = i < 60 ? 0 : i - 60;
  return "...\n- " + b.substr(from, 160) + "\n+ " + a.substr(from, 160);
}

void check_golden(const std::string& name, const std::string& bytes) {
  const std::string path = "tests/ledger/golden/" + name;
  if (std::getenv("PW_UPDATE_GOLDEN")) std::ofstream(path, std::ios::binary) << bytes;
  const std::string golden = read_file(path);
  INFO(name << ' ' << first_difference(bytes, golden));
  CHECK((bytes == golden));
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST_CASE("the report of a small campaign is the golden one") {
  const ReportInput input = sample_report();
  check_golden("report.html", print_html(input));
  check_golden("report.csv", print_csv(input));
  check_golden("report.json", print_json(input));
}

TEST_CASE("a page fetches nothing, runs nothing, and no text of others becomes markup") {
  const std::string html = print_html(sample_report());
  CHECK(html.find("<script") == html.npos);
  CHECK(html.find("<img") == html.npos);
  CHECK(html.find("src=") == html.find("src=x"));  // only the hostile handle's own text
  CHECK(html.find("onerror=alert(1)&gt;") != html.npos);
  CHECK(html.find("url(http") == html.npos);
  CHECK(html.find("href=\"javascript") == html.npos);
  CHECK(html.find("\xe2\x80\xae") == html.npos);
  CHECK(is_utf8(html));
  CHECK(html.size() < 100'000);
  CHECK(count(html, "<article>") == count(html, "</article>"));
  CHECK(count(html, "<bdi>") == count(html, "</bdi>"));
}

TEST_CASE("kept never stands without its surfaces and its gap, nor a count without its whole") {
  const ReportInput input = sample_report();
  for (const std::string& line : counts_of(input.judgement)) {
    CHECK(line.find(" of ") != line.npos);
    if (line.find("kept") != line.npos) {
      CHECK(line.find("on surfaces post") != line.npos);
      CHECK(line.find("no gap longer than 20 min") != line.npos);
    }
  }
  for (const ActorVerdict& actor : input.judgement.actors) {
    const std::string text = headline_of(actor, input.judgement);
    if (text.find("kept") == text.npos) continue;
    CHECK(text.starts_with("kept on post, gaps up to 20 min"));
  }
  const std::string csv = print_csv(input);
  CHECK(count(csv, "\"kept on post, gaps up to") > 0);
  CHECK(count(csv, "\"kept\"") == 0);
}

TEST_CASE("while the window runs the page says that nothing was seen so far, never kept") {
  ReportInput input;
  input.judgement = judge_day(parse_day("look 09:50..15:00/20m"));
  const std::string html = print_html(input);
  CHECK(html.find("nothing seen so far") != html.npos);
  CHECK(html.find("kept on") == html.npos);
  CHECK(html.find(": kept") == html.npos);
}

TEST_CASE("a cell that a spreadsheet would run is made harmless") {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"plain", "\"plain\""},
      {"", "\"\""},
      {"=1+1", "\"'=1+1\""},
      {"+1", "\"'+1\""},
      {"-1", "\"'-1\""},
      {"@SUM(A1)", "\"'@SUM(A1)\""},
      {"\t=1", "\"'\ufffd=1\""},
      {"\r=1", "\"'\ufffd=1\""},
      {"  =1", "\"'  =1\""},
      {"\n=1", "\"'\ufffd=1\""},
      {"\uff1d1", "\"'\uff1d1\""},
      {"a=1", "\"a=1\""},
      {"say \"hi\", twice", "\"say \"\"hi\"\", twice\""},
      {"\u200b=1", "\"\ufffd=1\""},
  };
  for (const auto& [text, cell] : rows) {
    INFO(text);
    CHECK(csv_cell(text) == cell);
  }
}

TEST_CASE("texts of others are shown without what hides or turns them") {
  CHECK(html_text("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
  CHECK(html_text("a\u202eb\u2066c\u200bd\x1b[31m\xff") ==
        "a\ufffdb\ufffdc\ufffdd\ufffd[31m\ufffd");
  CHECK(html_text(std::string(1'000'000, '<'), 3) == "&lt;&lt;&lt;\u2026");
  CHECK(html_text("\u0645\u0631\u062d\u0628\u0627") == "\u0645\u0631\u062d\u0628\u0627");
  CHECK(
      html_link("HTTPS://x.example/?a=1&b='").find("href=\"HTTPS://x.example/?a=1&amp;b=&#39;\"") !=
      std::string::npos);
  CHECK(html_link("javascript:alert(1)") == "<bdi>javascript:alert(1)</bdi>");
  CHECK(html_link("https:\"onmouseover=") == "<bdi>https:&quot;onmouseover=</bdi>");
}

TEST_CASE("a timeline draws every gap and finding, and says them in words") {
  const ReportInput input = sample_report();
  const AccountVerdict& v = input.judgement.accounts.at(3);
  const std::string svg = print_timeline(v, input.findings);
  CHECK(count(svg, "class=\"gap\"") == 2);
  CHECK(count(svg, "class=\"seen\"") == 3);
  CHECK(svg.find("aria-label=\"2 gaps beyond the promise, 0 findings") != svg.npos);
  CHECK(count(print_timeline(input.judgement.accounts.at(1), input.findings),
              "<polygon class=\"mark\"") == 1);
  CHECK(count(print_timeline(input.judgement.accounts.at(6), input.findings), "mark hollow") == 1);
}

TEST_CASE("the JSON report is canonical and holds every verdict") {
  const std::string bytes = print_json(sample_report());
  const auto value = parse_json(bytes);
  REQUIRE(value);
  CHECK(*print_jcs(*value) + '\n' == bytes);
  CHECK((*value)["verdicts"]["accounts"].size() == 10);
  CHECK((*value)["verdicts"]["actors_on_roster"] == 11);
  CHECK((*value)["sentences"].size() == 10);
}

// That reports pass their schema is checked by ajv, under tests/e2e/log.
TEST_CASE("every member of a report is described, and every column of the table") {
  const auto schema = parse_json(report_json_schema());
  const auto table = parse_json(report_csv_schema());
  REQUIRE(schema);
  REQUIRE(table);
  const auto report = parse_json(print_json(sample_report()));
  REQUIRE(report);
  for (const auto& [name, value] : report->items()) {
    INFO(name);
    CHECK((*schema)["properties"].contains(name));
  }
  for (const auto& [name, value] : (*report)["verdicts"]["accounts"][0].items()) {
    INFO(name);
    CHECK((*schema)["$defs"]["account"]["properties"].contains(name));
  }
  std::string header;
  for (const auto& column : (*table)["tableSchema"]["columns"]) {
    header += (header.empty() ? "" : ",") + csv_cell(column["name"].get<std::string>());
  }
  CHECK(print_csv({}) == header + "\r\n");
}

TEST_CASE("a report of nothing is a page too") {
  const std::string html = print_html({});
  CHECK(html.find("</html>") != html.npos);
  CHECK(count(print_csv({}), "\r\n") == 1);
  CHECK(parse_json(print_json({})));
}

}  // namespace
