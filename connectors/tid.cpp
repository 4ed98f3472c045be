#include "connectors/tid.h"

namespace pw {
namespace {

constexpr std::string_view alphabet = "234567abcdefghijklmnopqrstuvwxyz";
constexpr std::size_t length = 13;

}  // namespace

std::optional<Tid> parse_tid(std::string_view text) {
  if (text.size() != length) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    const std::size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos || number >> 59 != 0) return std::nullopt;
    number = (number << 5) | digit;
  }
  if (number >> 63 != 0) return std::nullopt;
  return Tid{.micros = static_cast<std::int64_t>(number >> 10),
             .clock = static_cast<unsigned>(number & 1023)};
}

std::string print_tid(const Tid& tid) {
  std::uint64_t number = (static_cast<std::uint64_t>(tid.micros) << 10) | (tid.clock & 1023u);
  number &= (std::uint64_t{1} << 63) - 1;
  std::string out(length, '2');
  for (std::size_t i = length; i > 0; --i, number >>= 5) out[i - 1] = alphabet[number & 31];
  return out;
}

}  // namespace pw
