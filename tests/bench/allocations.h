// Counts what the program takes from the heap: linking allocations.cpp replaces
// operator new.
#pragma once

#include <cstdint>

namespace pw {

// Of one thread's programs only.
std::uint64_t allocations_so_far();

}  // namespace pw
