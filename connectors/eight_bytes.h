// Looks at eight bytes of a text at once; most texts have nothing to be found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace pw {

class EightBytes {
 public:
  static constexpr std::size_t count = 8;

  // Of those at `at`, which must be there.
  EightBytes(std::string_view text, std::size_t at) {
    std::memcpy(&bytes_, text.data() + at, sizeof bytes_);
  }

  // Each with these bits off.
  EightBytes without(unsigned char bits) const { return EightBytes(bytes_ & ~(ones * bits)); }

  // Whether any is below `bound`, which is at most 0x80.
  bool has_below(unsigned bound) const { return ((bytes_ - ones * bound) & ~bytes_ & highs) != 0; }
  bool has_beyond_ascii() const { return (bytes_ & highs) != 0; }
  bool has(unsigned char byte) const {
    const std::uint64_t zero_where_equal = bytes_ ^ (ones * byte);
    return ((zero_where_equal - ones) & ~zero_where_equal & highs) != 0;
  }

 private:
  explicit EightBytes(std::uint64_t bytes) : bytes_(bytes) {}

  static constexpr std::uint64_t ones = 0x0101010101010101u;
  static constexpr std::uint64_t highs = 0x8080808080808080u;
  std::uint64_t bytes_ = 0;
};

}  // namespace pw
