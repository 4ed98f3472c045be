#include "connectors/instagram_shortcode.h"

#include <array>
#include <cstdint>

namespace pw {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t no_digit = 64;
constexpr std::array<std::uint8_t, 256> digit_of = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_digit);
  for (std::uint8_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<unsigned char>(alphabet[i])] = i;
  return table;
}();
constexpr std::int64_t epoch_ms = 1314220021721;
constexpr std::size_t length = 11;

}  // namespace

std::optional<Instant> instant_of_shortcode(std::string_view shortcode) {
  if (shortcode.size() != length) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : shortcode) {
    const std::uint8_t digit = digit_of[static_cast<unsigned char>(c)];
    if (digit == no_digit || number >> 58 != 0) return std::nullopt;
    number = (number << 6) | digit;
  }
  if (number >> 63 != 0) return std::nullopt;
  return instant_of_ms(static_cast<std::int64_t>(number >> 23) + epoch_ms);
}

std::string shortcode_of(Instant t, unsigned shard, unsigned sequence) {
  const auto span = static_cast<std::uint64_t>(ms_of(t) - epoch_ms);
  std::uint64_t number = (span << 23) | ((shard & 0x1FFFu) << 10) | (sequence & 0x3FFu);
  std::string out(length, 'A');
  for (std::size_t i = length; i > 0; --i, number >>= 6) out[i - 1] = alphabet[number & 63];
  return out;
}

}  // namespace pw
