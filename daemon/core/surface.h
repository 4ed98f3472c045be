// The kinds of publication that a pledge may cover and a connector may see.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace pw {

enum class Surface : std::uint8_t { post, reel, story, live, repost, reply, comment, ad };

inline constexpr std::array<std::string_view, 8> surface_names = {
    "post", "reel", "story", "live", "repost", "reply", "comment", "ad"};

constexpr std::string_view name_of(Surface surface) {
  return surface_names[static_cast<std::size_t>(surface)];
}
std::optional<Surface> parse_surface(std::string_view name);

class SurfaceSet {
 public:
  constexpr SurfaceSet() = default;
  constexpr SurfaceSet(std::initializer_list<Surface> surfaces) {
    for (const Surface surface : surfaces) add(surface);
  }
  constexpr void add(Surface surface) { bits_ |= bit(surface); }
  constexpr bool has(Surface surface) const { return (bits_ & bit(surface)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr SurfaceSet operator&(SurfaceSet a, SurfaceSet b) {
    return SurfaceSet(a.bits_ & b.bits_);
  }
  friend constexpr SurfaceSet operator|(SurfaceSet a, SurfaceSet b) {
    return SurfaceSet(a.bits_ | b.bits_);
  }
  // What is in `a` and not in `b`.
  friend constexpr SurfaceSet operator-(SurfaceSet a, SurfaceSet b) {
    return SurfaceSet(a.bits_ & ~b.bits_);
  }
  friend constexpr bool operator==(SurfaceSet, SurfaceSet) = default;

  template <class F>
  void each(F&& visit) const {
    for (std::size_t i = 0; i < surface_names.size(); ++i) {
      if (has(static_cast<Surface>(i))) visit(static_cast<Surface>(i));
    }
  }

 private:
  explicit constexpr SurfaceSet(unsigned bits) : bits_(bits) {}
  static constexpr unsigned bit(Surface surface) { return 1u << static_cast<unsigned>(surface); }
  unsigned bits_ = 0;
};

// "post, reel, story"
std::string print_surfaces(SurfaceSet surfaces);

}  // namespace pw
