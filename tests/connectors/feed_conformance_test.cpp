// The feeds of the feedparser project beside what that reference reads in them.
// The documents lie outside the checkout; where they are missing the test says
// so and is skipped.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "connectors/feed/feed_document.h"
#include "tests/connectors/captures.h"

namespace pw {
namespace {

using nlohmann::json;

const std::filesystem::path folder = "../shared/conformance/feeds";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct Tally {
  int passed = 0;
  int failed = 0;

  void check(bool ok, const std::string& where, const std::string& expected,
             const std::string& read) {
    ++(ok ? passed : failed);
    if (!ok) std::cout << "  " << where << ": expected " << expected << ", read " << read << '\n';
  }
};

void check_text(Tally& tally, const std::string& where, const json& expected,
                const std::optional<std::string>& read) {
  if (expected.is_null()) return;
  const std::string text = expected.get<std::string>();
  tally.check(read.value_or("") == text, where, '"' + text + '"',
              read ? '"' + *read + '"' : "nothing");
}

void check_date(Tally& tally, const std::string& where, const json& expected,
                const std::optional<FeedDate>& read) {
  if (expected.is_null()) return;
  const auto seconds = expected.get<std::int64_t>();
  const std::int64_t ours = read ? ms_of(read->at) / 1000 : -1;
  tally.check(read && ours == seconds, where, std::to_string(seconds), std::to_string(ours));
}

void check_document(Tally& tally, const json& row) {
  const std::string file = row.at("file").get<std::string>();
  const feed::ParsedFeed feed = feed::parse(read_file(folder / file), "");
  const json& entries = row.at("entries");
  tally.check(feed.entries.size() == entries.size(), file + " entries",
              std::to_string(entries.size()), std::to_string(feed.entries.size()));
  for (std::size_t i = 0; i < std::min(entries.size(), feed.entries.size()); ++i) {
    const json& expected = entries[i];
    const feed::ParsedEntry& read = feed.entries[i];
    const std::string where = file + " [" + std::to_string(i) + "] ";
    check_text(tally, where + "id", expected.at("id"), read.id);
    check_text(tally, where + "link", expected.at("link"), read.link);
    check_text(tally, where + "title", expected.at("title"), read.title);
    check_text(tally, where + "author", expected.at("author"), read.author);
    check_date(tally, where + "published", expected.at("published"), read.published);
    check_date(tally, where + "updated", expected.at("updated"), read.updated);
  }
}

}  // namespace

TEST_CASE("every field that the reference reader reads is read alike") {
  std::ifstream in(folder / "expected.jsonl");
  if (!in) {
    std::cout << "skipped: " << (folder / "expected.jsonl") << " is not there\n";
    return;
  }
  Tally tally;
  int documents = 0;
  for (std::string line; std::getline(in, line); ++documents) {
    check_document(tally, json::parse(line));
  }
  std::cout << "feeds: " << documents << " documents, " << tally.passed << " fields passed, "
            << tally.failed << " failed\n";
  CHECK(documents > 0);
  CHECK(tally.failed * 100 <= tally.passed + tally.failed);
}

// Feeds of every dialect and charset, many of them broken before they are cut.
TEST_CASE("a feed of the reference reader, cut anywhere, invents nothing") {
  std::ifstream in(folder / "expected.jsonl");
  if (!in) return;
  const auto connector = make_connector("feed", {});
  const Account account = account_on("feed");
  const auto read = [&](std::string body) {
    return connector->decode({account}, answer(200, std::move(body)));
  };
  int pages = 0;
  for (std::string line; std::getline(in, line);) {
    const std::string file = json::parse(line).at("file").get<std::string>();
    const std::string body = read_file(folder / file);
    const Reading whole = read(body);
    for (std::size_t size = 0; size < body.size(); size += 1 + size / 2000) {
      const Reading part = read(body.substr(0, size));
      if (!std::holds_alternative<Page>(part)) continue;
      ++pages;
      INFO(file << " cut at " << size);
      const Page* page = std::get_if<Page>(&whole);
      if (page == nullptr) FAIL("a page of what is none");
      if (const std::string wrong = wrong_in_part(*page, part); !wrong.empty()) FAIL_CHECK(wrong);
    }
  }
  std::cout << "feeds: " << pages << " cut documents read in part\n";
  CHECK(pages > 1'000);
}

}  // namespace pw
