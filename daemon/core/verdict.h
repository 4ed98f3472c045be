// What may be said of a pledge. The default is the weakest (design, section 3).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace pw {

enum class Verdict : std::uint8_t { broken, pending, unproven, unavailable, kept, exempt };

// In this order an actor takes the first that any of its accounts has.
inline constexpr std::array<std::string_view, 6> verdict_names = {
    "broken", "pending", "unproven", "unavailable", "kept", "exempt"};

constexpr std::string_view name_of(Verdict verdict) {
  return verdict_names[static_cast<std::size_t>(verdict)];
}

}  // namespace pw
