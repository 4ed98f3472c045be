// Timestamp identifiers of the AT Protocol: 13 characters, 53 bits of
// microseconds and 10 of clock id. Anybody may choose them: a hint, never a time
// to judge by (atproto.com, "Timestamp identifiers", read 2026-08).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pw {

struct Tid {
  std::int64_t micros = 0;  // since 1970
  unsigned clock = 0;       // 0 to 1023
  friend bool operator==(const Tid&, const Tid&) = default;
};

std::optional<Tid> parse_tid(std::string_view text);
std::string print_tid(const Tid& tid);

}  // namespace pw
