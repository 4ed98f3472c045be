// What books keep of single posts and findings, in memory and in a file.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include <catch2/catch.hpp>

#include "daemon/ledger/post_book.h"
#include "daemon/ledger/scratch_shelf.h"
#include "tests/store/support/temp_folder.h"

namespace {

using namespace pw;

ScratchShelf shelf_at(const std::string& path) {
  auto scratch = Scratch::open(path);
  REQUIRE(scratch);
  return ScratchShelf(*std::move(scratch));
}

std::vector<std::string> notes_of(Shelf& shelf, Shelves which, AccountNumber account) {
  std::vector<std::string> notes;
  shelf.each(which, account, [&](std::string_view note) { notes.emplace_back(note); });
  std::sort(notes.begin(), notes.end());
  return notes;
}

TEST_CASE("a shelf in a file keeps what one in memory does, far beyond its cache") {
  TempFolder folder;
  ScratchShelf in_file = shelf_at(folder.file("scratch"));
  MemoryShelf in_memory;
  std::mt19937 random(20200916);
  for (int i = 0; i < 60'000; ++i) {
    const auto which = static_cast<Shelves>(random() % 3);
    const auto account = static_cast<AccountNumber>(random() % 50);
    const Digest name = sha256(std::to_string(random() % 20'000));
    const std::string note(random() % 200, static_cast<char>(random() % 256));
    REQUIRE(in_file.find(which, account, name) == in_memory.find(which, account, name));
    in_file.put(which, account, name, note);
    in_memory.put(which, account, name, note);
  }
  for (AccountNumber account = 0; account <= 50; ++account) {
    for (const Shelves which : {Shelves::posts, Shelves::findings, Shelves::finding_accounts})
      CHECK(notes_of(in_file, which, account) == notes_of(in_memory, which, account));
  }
  CHECK_FALSE(in_file.failure());
}

TEST_CASE("a shelf's file has no name, and one that a dead process left is no obstacle") {
  TempFolder folder;
  const std::string path = folder.file("scratch");
  std::ofstream(path) << "left over";
  ScratchShelf first = shelf_at(path);
  CHECK_FALSE(std::filesystem::exists(path));
  ScratchShelf second = shelf_at(path);
  first.put(Shelves::posts, 1, sha256("a"), "first");
  second.put(Shelves::posts, 1, sha256("a"), "second");
  CHECK(first.find(Shelves::posts, 1, sha256("a")) == "first");
  CHECK(second.find(Shelves::posts, 1, sha256("a")) == "second");
  CHECK_FALSE(Scratch::open(folder.file("nowhere/scratch")));
}

TEST_CASE("posts are counted in the spans that they can have come in, once each") {
  const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
  const auto at = [&](int from, int to) {
    return Interval{noon + std::chrono::minutes(from), noon + std::chrono::minutes(to)};
  };
  MemoryShelf shelf;
  PostBook book(shelf);
  const auto note = [&](const char* post, PostEvent event, Interval appeared, Surface surface) {
    book.note({1, event, {}, post, surface, appeared});
  };
  const SurfaceSet posts{Surface::post};
  CHECK(book.seen(1, at(0, 60), posts) == 0);
  note("a", PostEvent::appeared, at(10, 20), Surface::post);
  CHECK(book.seen(1, at(0, 60), posts) == 1);
  note("a", PostEvent::edited, at(10, 20), Surface::post);
  note("a", PostEvent::removed, at(30, 31), Surface::post);
  note("b", PostEvent::appeared, at(10, 20), Surface::story);
  note("c", PostEvent::baseline, at(-90, -80), Surface::post);
  CHECK(book.seen(1, at(0, 60), posts) == 1);
  CHECK(book.seen(1, at(0, 60), {Surface::post, Surface::story}) == 2);
  // It comes back: in that span too, and in one that has both it is one post.
  note("c", PostEvent::restored, at(70, 75), Surface::post);
  CHECK(book.seen(1, at(60, 80), posts) == 1);
  CHECK(book.seen(1, at(-100, 80), posts) == 2);
  CHECK(book.seen(2, at(0, 60), posts) == 0);
  CHECK(book.surface(1, post_name("b")) == Surface::story);
  CHECK_FALSE(book.surface(2, post_name("b")));
}

}  // namespace
