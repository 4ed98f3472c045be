// A mistake in a source, before it is known where the source stands.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pw::cel {

struct Problem {
  std::uint32_t offset = 0;
  std::string message;
  std::string nearest{};
  bool warning = false;
};

using Problems = std::vector<Problem>;

}  // namespace pw::cel
