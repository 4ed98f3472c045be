#include "daemon/core/surface.h"

#include <algorithm>

namespace pw {

std::optional<Surface> parse_surface(std::string_view name) {
  const auto it = std::find(surface_names.begin(), surface_names.end(), name);
  if (it == surface_names.end()) return std::nullopt;
  return static_cast<Surface>(it - surface_names.begin());
}

std::string print_surfaces(SurfaceSet surfaces) {
  std::string text;
  surfaces.each([&](Surface surface) {
    if (!text.empty()) text += ", ";
    text += name_of(surface);
  });
  return text;
}

}  // namespace pw
