// The log as static files (C2SP tlog-tiles v0.1.0): hashes in tiles of 256, and
// the entries themselves in bundles of as many.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/hash.h"
#include "daemon/core/result.h"
#include "daemon/ledger/folder.h"
#include "daemon/ledger/merkle.h"

namespace pw {

inline constexpr unsigned tile_width = 256;
inline constexpr unsigned tile_height = 8;  // 2^8 = 256
inline constexpr std::size_t tile_bytes_max = tile_width * 32;
inline constexpr std::size_t bundle_bytes_max = tile_width * (2 + 65'535);

// "tile/<level>/<index>", and ".p/<width>" after it when width < 256. An index
// is written in groups of three digits, all but the last with an x before it.
std::string tile_path(unsigned level, std::uint64_t index, unsigned width = tile_width);
std::string entries_path(std::uint64_t index, unsigned width = tile_width);
// 1234067 is "x001/x234/067".
std::string print_tile_index(std::uint64_t index);

// The width that tile `index` of `level` has in the tree of `size`; 0 to 256.
unsigned tile_width_at(unsigned level, std::uint64_t index, std::uint64_t size);

// What a path below "tile/" names; nothing when no tile is called so.
struct TileName {
  bool is_entries = false;
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = tile_width;
};
std::optional<TileName> parse_tile_path(std::string_view path);

// One entry in a bundle: its length in two bytes, big endian, then itself.
void append_entry(std::string& bundle, std::string_view entry);
// The entry at `at`, which moves behind it; nothing when the bundle ends inside.
std::optional<std::string_view> next_entry(std::string_view bundle, std::size_t& at);

// The whole tree's tiles, made from leaf hashes in order. Keeps the right edge
// only: at most eight partial tiles.
class TileStack {
 public:
  using Sink = std::function<Result<Done>(unsigned level, std::uint64_t index,
                                          const std::vector<Digest>& hashes)>;

  // Each tile that this leaf completes goes to `sink`.
  Result<Done> append(const Digest& leaf_hash, const Sink& sink);
  // The partial tiles of the tree as it is.
  Result<Done> each_partial(const Sink& sink) const;
  std::uint64_t size() const { return frontier_.size(); }
  Digest root() const { return frontier_.root(); }
  // The hash of a leaf that lies in the partial tile of level 0.
  const Digest& leaf_in_edge(std::uint64_t index) const;

  // The state at `size`, from tiles that were written before; an error when one
  // is missing or short.
  static Result<TileStack> load(Folder& folder, std::uint64_t size);

 private:
  Frontier frontier_;
  std::vector<std::vector<Digest>> edge_;  // by level
};

std::string print_tile(const std::vector<Digest>& hashes);
Result<std::vector<Digest>> parse_tile(std::string_view bytes);

// The first `width` hashes of a tile, from its file or any fuller one.
Result<std::vector<Digest>> read_tile(Folder& folder, unsigned level, std::uint64_t index,
                                      unsigned width);
// Reads nodes of the tree of `size` from its tiles, for proofs. `folder` outlives it.
NodeReader node_reader(Folder& folder, std::uint64_t size);

}  // namespace pw
