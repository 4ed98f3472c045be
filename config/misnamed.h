// A name that is none of a closed set, as an author reads it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pw {

struct Misnamed {
  std::string message;
  std::string nearest;  // empty: then the message lists all names
};

// "unknown `what` 'word'" and `where`, with the name that was likely meant: nearest_of, or
// one with two neighbouring letters exchanged.
Misnamed misnamed(std::string_view what, std::string_view word,
                  std::span<const std::string_view> names, std::string_view where = {});

}  // namespace pw
