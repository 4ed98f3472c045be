#include "daemon/ledger/tiles.h"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace pw {
namespace {

std::string partial(unsigned width) {
  return width == tile_width ? std::string() : ".p/" + std::to_string(width);
}

// A decimal number without leading zeros, at most `most`.
std::optional<unsigned> parse_small(std::string_view text, unsigned most) {
  unsigned value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size() || value > most) return {};
  if (std::to_string(value) != text) return {};
  return value;
}

std::optional<std::uint64_t> parse_tile_index(std::string_view text) {
  std::uint64_t index = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    if (rest.front() == 'x' || rest.front() == '/') {
      rest.remove_prefix(1);
      continue;
    }
    if (rest.front() < '0' || rest.front() > '9' || index > (UINT64_MAX - 9) / 10) return {};
    index = index * 10 + static_cast<unsigned>(rest.front() - '0');
    rest.remove_prefix(1);
  }
  if (print_tile_index(index) != text) return {};
  return index;
}

Digest root_of(const std::vector<Digest>& hashes, std::size_t from, std::size_t count) {
  Frontier frontier;
  for (std::size_t i = 0; i < count; ++i) frontier.append(hashes[from + i]);
  return frontier.root();
}

}  // namespace

unsigned tile_width_at(unsigned level, std::uint64_t index, std::uint64_t size) {
  const std::uint64_t hashes = level * tile_height < 64 ? size >> (level * tile_height) : 0;
  if (index < hashes / tile_width) return tile_width;
  return index == hashes / tile_width ? static_cast<unsigned>(hashes % tile_width) : 0;
}

std::string print_tile_index(std::uint64_t index) {
  std::string text = std::to_string(index % 1000);
  text.insert(0, 3 - text.size(), '0');
  for (index /= 1000; index > 0; index /= 1000) {
    std::string group = std::to_string(index % 1000);
    group.insert(0, 3 - group.size(), '0');
    text = 'x' + group + '/' + text;
  }
  return text;
}

std::string tile_path(unsigned level, std::uint64_t index, unsigned width) {
  return "tile/" + std::to_string(level) + '/' + print_tile_index(index) + partial(width);
}

std::string entries_path(std::uint64_t index, unsigned width) {
  return "tile/entries/" + print_tile_index(index) + partial(width);
}

std::optional<TileName> parse_tile_path(std::string_view path) {
  constexpr std::string_view head = "tile/";
  if (!path.starts_with(head)) return std::nullopt;
  path.remove_prefix(head.size());
  const std::size_t slash = path.find('/');
  if (slash == path.npos) return std::nullopt;
  TileName name;
  name.is_entries = path.substr(0, slash) == "entries";
  const auto level = name.is_entries ? 0 : parse_small(path.substr(0, slash), 63);
  path.remove_prefix(slash + 1);
  const std::size_t dot = path.find(".p/");
  if (dot != path.npos) {
    const auto width = parse_small(path.substr(dot + 3), tile_width - 1);
    if (!width || *width == 0) return std::nullopt;
    name.width = *width;
  }
  const auto index = parse_tile_index(path.substr(0, dot));
  if (!level || !index) return std::nullopt;
  name.level = *level;
  name.index = *index;
  return name;
}

void append_entry(std::string& bundle, std::string_view entry) {
  assert(entry.size() <= 65'535);
  bundle += static_cast<char>(entry.size() >> 8);
  bundle += static_cast<char>(entry.size() & 0xff);
  bundle += entry;
}

std::optional<std::string_view> next_entry(std::string_view bundle, std::size_t& at) {
  if (at > bundle.size() || bundle.size() - at < 2) return std::nullopt;
  const auto high = static_cast<unsigned char>(bundle[at]);
  const auto low = static_cast<unsigned char>(bundle[at + 1]);
  const std::size_t size = static_cast<std::size_t>(high) << 8 | low;
  if (bundle.size() - at - 2 < size) return std::nullopt;
  const std::string_view entry = bundle.substr(at + 2, size);
  at += 2 + size;
  return entry;
}

Result<Done> TileStack::append(const Digest& leaf_hash, const Sink& sink) {
  frontier_.append(leaf_hash);
  Digest hash = leaf_hash;
  for (unsigned level = 0;; ++level) {
    if (edge_.size() == level) edge_.emplace_back();
    edge_[level].push_back(hash);
    if (edge_[level].size() < tile_width) return Done{};
    const std::uint64_t index = (size() >> ((level + 1) * tile_height)) - 1;
    const auto done = sink(level, index, edge_[level]);
    if (!done) return done;
    hash = root_of(edge_[level], 0, tile_width);
    edge_[level].clear();
  }
}

Result<Done> TileStack::each_partial(const Sink& sink) const {
  for (unsigned level = 0; level < edge_.size(); ++level) {
    if (edge_[level].empty()) continue;
    const auto done = sink(level, size() >> ((level + 1) * tile_height), edge_[level]);
    if (!done) return done;
  }
  return Done{};
}

const Digest& TileStack::leaf_in_edge(std::uint64_t index) const {
  assert(index < size() && index / tile_width == size() / tile_width);
  return edge_[0][index % tile_width];
}

Result<TileStack> TileStack::load(Folder& folder, std::uint64_t size) {
  TileStack stack;
  unsigned levels = 0;
  while (levels * tile_height < 64 && size >> (levels * tile_height) != 0) ++levels;
  stack.edge_.resize(levels);
  for (unsigned level = levels; level-- > 0;) {
    const std::uint64_t hashes = size >> (level * tile_height);
    const auto width = static_cast<unsigned>(hashes % tile_width);
    if (width == 0) continue;
    auto tile = read_tile(folder, level, hashes / tile_width, width);
    if (!tile) return tile.error();
    for (const Digest& hash : *tile) stack.frontier_.append_subtree(level * tile_height, hash);
    stack.edge_[level] = std::move(*tile);
  }
  return stack;
}

std::string print_tile(const std::vector<Digest>& hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * 32);
  for (const Digest& hash : hashes) bytes += bytes_of(hash);
  return bytes;
}

Result<std::vector<Digest>> parse_tile(std::string_view bytes) {
  if (bytes.size() % 32 != 0 || bytes.empty() || bytes.size() > tile_bytes_max) {
    return Error{Errc::malformed, "a tile of " + std::to_string(bytes.size()) + " bytes"};
  }
  std::vector<Digest> hashes(bytes.size() / 32);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    bytes.substr(i * 32, 32).copy(reinterpret_cast<char*>(hashes[i].data()), 32);
  }
  return hashes;
}

Result<std::vector<Digest>> read_tile(Folder& folder, unsigned level, std::uint64_t index,
                                      unsigned width) {
  // Fuller partial tiles replace thinner ones, so the exact one may be gone.
  for (unsigned wanted : {width, tile_width}) {
    const auto bytes = folder.read(tile_path(level, index, wanted), tile_bytes_max);
    if (!bytes) return bytes.error();
    if (!*bytes) continue;
    auto hashes = parse_tile(**bytes);
    if (hashes && hashes->size() >= width) {
      hashes->resize(width);
      return hashes;
    }
  }
  for (unsigned wanted = width + 1; wanted < tile_width; ++wanted) {
    const auto bytes = folder.read(tile_path(level, index, wanted), tile_bytes_max);
    if (!bytes || !*bytes) continue;
    auto hashes = parse_tile(**bytes);
    if (!hashes || hashes->size() < width) continue;
    hashes->resize(width);
    return hashes;
  }
  return Error{Errc::gone, "no tile " + tile_path(level, index, width)};
}

NodeReader node_reader(Folder& folder, std::uint64_t size) {
  return [&folder, size](unsigned level, std::uint64_t index) -> Result<Digest> {
    const unsigned tile_level = level / tile_height;
    const unsigned within = level % tile_height;
    const std::uint64_t first = index << within;  // in hashes of the tile's level
    const unsigned count = 1u << within;
    const unsigned width = tile_width_at(tile_level, first / tile_width, size);
    const auto from = static_cast<unsigned>(first % tile_width);
    if (from + count > width) return Error{Errc::gone, "the log has no such subtree"};
    const auto tile = read_tile(folder, tile_level, first / tile_width, width);
    if (!tile) return tile.error();
    return root_of(*tile, from, count);
  };
}

}  // namespace pw
