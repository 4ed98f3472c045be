#include "rules/place.h"

#include <algorithm>

namespace pw::cel {

Spot spot_of(const Place& place, std::string_view source, std::uint32_t offset) {
  Stretch from{};
  for (const Stretch& stretch : place.stretches) {
    if (stretch.offset > offset) break;
    from = stretch;
  }
  const std::size_t end = std::min<std::size_t>(offset, source.size());
  Spot spot = from.spot;
  for (std::size_t at = std::min<std::size_t>(from.offset, end); at < end; ++at) {
    ++spot.column;
    if (source[at] == '\n') spot = {spot.line + 1, 1};
  }
  return spot;
}

Place part_of(const Place& place, std::string_view source, std::uint32_t offset,
              std::uint32_t length) {
  Place part{.file = place.file};
  part.stretches.push_back({0, spot_of(place, source, offset)});
  for (const Stretch& stretch : place.stretches) {
    if (stretch.offset <= offset || stretch.offset >= offset + length) continue;
    part.stretches.push_back({stretch.offset - offset, stretch.spot});
  }
  return part;
}

}  // namespace pw::cel
