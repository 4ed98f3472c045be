// Stores of every older schema, with rows, under today's program.
#include <filesystem>

#include <catch2/catch.hpp>

#include "daemon/store/schema.h"
#include "tests/store/support/dump.h"
#include "tests/store/support/older_store.h"
#include "tests/store/support/samples.h"
#include "tests/store/support/temp_folder.h"
#include "tests/store/support/workload.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<Store> opened(const std::string& path, OpenMode mode) {
  auto store = open_sqlite(path, mode);
  INFO((store ? "" : store.error().detail));
  REQUIRE(store);
  return *std::move(store);
}

// What only later programs write, beside the workload's looks, findings, reviews,
// deliveries and leaves.
void add_later_kinds(Store& store) {
  const auto findings = store.findings();
  REQUIRE(findings);
  Review note{findings->back().id, "ben", FindingState::open, "a note", at_second(50)};
  note.act = ReviewAct::note;
  ReviewCommit noted{note};
  noted.state = findings->back().state;
  REQUIRE(store.commit_review(noted));
  NoticeCommit notice;
  notice.outbox = {sample_row("press", "withheld", at_second(51))};
  notice.outbox[0].withheld = "silenced";
  REQUIRE(store.commit_notices(notice));
  ScreenCommit screening;
  screening.held = {{"chat", "group", findings->back().id, "body", at_second(52)}};
  REQUIRE(store.commit_screening(screening));
  Silence silence;
  silence.id = "silence";
  silence.author = "ana";
  silence.span = {at_second(0), at_second(100)};
  REQUIRE(store.commit_silence(silence, {}));
}

// The workload and later kinds, closed in an orderly way.
std::string newest_store(const TempFolder& folder) {
  const std::string path = folder.file("newest");
  const auto store = opened(path, OpenMode::read_write);
  REQUIRE(run_workload(*store));
  add_later_kinds(*store);
  return path;
}

std::string dump_at(const std::string& path) { return dump(*opened(path, OpenMode::read_only)); }

bool has_lines(const std::string& text, const char* kind) {
  return text.find(std::string("\n") + kind + ' ') != std::string::npos;
}

TEST_CASE("a store of every older schema is brought up to date, and nothing in it is lost") {
  TempFolder folder;
  const std::string newest = newest_store(folder);
  for (int version = 1; version <= schema_version(); ++version) {
    INFO("schema " << version);
    const std::string older = folder.file("older" + std::to_string(version));
    const std::string expected = folder.file("expected" + std::to_string(version));
    write_older_store(newest, version, older);
    fs::copy_file(newest, expected);
    forget_later_than(version, expected);

    if (version < schema_version()) {
      const auto reader = open_sqlite(older, OpenMode::read_only);
      REQUIRE_FALSE(reader);
      CHECK(reader.error().code == Errc::refused);
      CHECK(reader.error().detail.find("older schema " + std::to_string(version)) !=
            std::string::npos);
    }
    opened(older, OpenMode::read_write);
    const std::string said = dump_at(older);
    CHECK(said == dump_at(expected));
    CHECK(print_shape(older) == print_shape(expected));
    for (const char* kind : {"post", "known", "finding", "review", "of", "delivery", "attempt",
                             "leaf", "value", "deliveries"}) {
      INFO(kind);
      CHECK(has_lines(said, kind));
    }
    // What the older program did not know is what the step made of it.
    CHECK(has_lines(said, "silence") == (version >= 3));
    CHECK(has_lines(said, "told") == (version >= 3));  // in groups, here
    CHECK(has_lines(said, "held") == (version >= 3));
  }
}

TEST_CASE("a store that was brought up to date is worked on as any") {
  TempFolder folder;
  const std::string newest = newest_store(folder);
  for (int version = 1; version <= schema_version(); ++version) {
    INFO("schema " << version);
    const std::string older = folder.file("older" + std::to_string(version));
    const std::string expected = folder.file("expected" + std::to_string(version));
    write_older_store(newest, version, older);
    fs::copy_file(newest, expected);
    forget_later_than(version, expected);
    for (const std::string& path : {older, expected}) {
      const auto store = opened(path, OpenMode::read_write);
      LookCommit look = sample_look(1, {sample_post(1, "later")});
      look.state.home = "https://home.example";
      look.leaves = {"look later"};
      REQUIRE(store->commit_look(look));
      auto leased = store->lease_delivery("chat", at_second(200), at_second(230));
      REQUIRE(leased);
      REQUIRE(*leased);
      REQUIRE(store->begin_attempt(**leased, at_second(200)));
      add_later_kinds(*store);
    }
    CHECK(dump_at(older) == dump_at(expected));
  }
}

TEST_CASE("a start that was cut off between any two steps is continued") {
  TempFolder folder;
  const std::string newest = newest_store(folder);
  for (int version = 1; version < schema_version(); ++version) {
    INFO("schema " << version);
    const std::string once = folder.file("once" + std::to_string(version));
    const std::string again = folder.file("again" + std::to_string(version));
    write_older_store(newest, version, once);
    write_older_store(newest, version, again);
    for (int step = version + 1; step <= schema_version(); ++step) bring_to(step, again);
    opened(once, OpenMode::read_write);
    CHECK(dump_at(again) == dump_at(once));
    CHECK(print_shape(again) == print_shape(once));
  }
}

}  // namespace
}  // namespace pw
