#include <map>
#include <string>

#include <catch2/catch.hpp>

#include "daemon/ledger/tiles.h"
#include "tests/ledger/memory_folder.h"

namespace {

using namespace pw;

TEST_CASE("tiles have the paths of C2SP tlog-tiles") {
  CHECK(print_tile_index(0) == "000");
  CHECK(print_tile_index(999) == "999");
  CHECK(print_tile_index(1000) == "x001/000");
  CHECK(print_tile_index(1234067) == "x001/x234/067");
  CHECK(tile_path(0, 273, 112) == "tile/0/273.p/112");
  CHECK(tile_path(63, 5) == "tile/63/005");
  CHECK(entries_path(1234067) == "tile/entries/x001/x234/067");
}

// "level index width", or "none".
std::string read(std::string_view path) {
  const auto name = parse_tile_path(path);
  if (!name) return "none";
  return (name->is_entries ? "entries" : std::to_string(name->level)) + ' ' +
         std::to_string(name->index) + ' ' + std::to_string(name->width);
}

TEST_CASE("a path names a tile as its row says") {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"tile/0/000", "0 0 256"},
      {"tile/0/x001/x234/067", "0 1234067 256"},
      {"tile/entries/x001/000.p/255", "entries 1000 255"},
      {"tile/63/000.p/1", "63 0 1"},
      {"tile/64/000", "none"},
      {"tile/00/000", "none"},
      {"tile/0/0", "none"},
      {"tile/0/0000", "none"},
      {"tile/0/x000/000", "none"},
      {"tile/0/001/000", "none"},
      {"tile/0/x001", "none"},
      {"tile/0/000.p/256", "none"},
      {"tile/0/000.p/0", "none"},
      {"tile/0/000.p/01", "none"},
      {"tile/0/000.p/", "none"},
      {"tile/0/", "none"},
      {"tile/0", "none"},
      {"tile/entries/000.tmp", "none"},
      {"tile/0/x999/x999/x999/x999/x999/x999/x999/999", "none"},
      {"checkpoint", "none"},
  };
  for (const auto& [path, yields] : rows) {
    INFO(path);
    CHECK(read(path) == yields);
  }
}

TEST_CASE("bundles keep entries apart, and a cut one is noticed") {
  std::string bundle;
  const std::string long_entry(65'535, 'x');
  for (const std::string& entry : {std::string("one"), std::string(), long_entry})
    append_entry(bundle, entry);
  std::size_t at = 0;
  CHECK(next_entry(bundle, at) == "one");
  CHECK(next_entry(bundle, at) == "");
  CHECK(next_entry(bundle, at) == long_entry);
  CHECK(at == bundle.size());
  CHECK_FALSE(next_entry(bundle, at));
  for (const std::size_t cut : {std::size_t{1}, std::size_t{4}, bundle.size() - 1}) {
    at = cut < 6 ? 0 : 7;
    CHECK_FALSE(next_entry(std::string_view(bundle).substr(0, cut), at));
  }
}

TEST_CASE("70,000 leaves make the tiles of the specification's example") {
  std::map<std::pair<unsigned, unsigned>, int> tiles;  // (level, width)
  MemoryFolder folder;
  TileStack stack;
  Frontier frontier;
  const TileStack::Sink sink = [&](unsigned level, std::uint64_t index, const auto& hashes) {
    const auto width = static_cast<unsigned>(hashes.size());
    ++tiles[{level, width}];
    return folder.replace(tile_path(level, index, width), print_tile(hashes));
  };
  for (int i = 0; i < 70'000; ++i) {
    const Digest hash = hash_leaf(std::to_string(i));
    frontier.append(hash);
    REQUIRE(stack.append(hash, sink));
  }
  REQUIRE(stack.each_partial(sink));
  CHECK(tiles[{0, 256}] == 273);
  CHECK(tiles[{0, 112}] == 1);
  CHECK(tiles[{1, 256}] == 1);
  CHECK(tiles[{1, 17}] == 1);
  CHECK(tiles[{2, 1}] == 1);
  CHECK(tiles.size() == 5);
  CHECK(stack.root() == frontier.root());

  const auto loaded = TileStack::load(folder, 70'000);
  REQUIRE(loaded);
  CHECK(loaded->root() == frontier.root());
  CHECK(loaded->size() == 70'000);
  const NodeReader node = node_reader(folder, 70'000);
  for (const std::uint64_t index : {0, 255, 256, 65'535, 65'536, 69'999}) {
    const auto proof = inclusion_proof(index, 70'000, node);
    REQUIRE(proof);
    CHECK(
        check_inclusion(index, 70'000, hash_leaf(std::to_string(index)), *proof, frontier.root()));
  }
  const auto proof = consistency_proof(300, 70'000, node);
  Frontier old;
  for (int i = 0; i < 300; ++i) old.append(hash_leaf(std::to_string(i)));
  REQUIRE(proof);
  CHECK(check_consistency(300, 70'000, old.root(), frontier.root(), *proof));
}

TEST_CASE("256 leaves make one full tile and one of width 1 above it") {
  std::string seen;
  TileStack stack;
  const TileStack::Sink sink = [&](unsigned level, std::uint64_t index,
                                   const auto& hashes) -> Result<Done> {
    seen += tile_path(level, index, static_cast<unsigned>(hashes.size())) + ' ';
    return Done{};
  };
  for (int i = 0; i < 256; ++i) REQUIRE(stack.append(hash_leaf("x"), sink));
  REQUIRE(stack.each_partial(sink));
  CHECK(seen == "tile/0/000 tile/1/000.p/1 ");
}

}  // namespace
