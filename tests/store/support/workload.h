// A small campaign as a fixed sequence of transactions, so that a store that was
// interrupted anywhere can be held against what it must then say.
#pragma once

#include <string>
#include <vector>

#include "daemon/store/store.h"

namespace pw {

// True when every step was taken; the first that fails ends it.
bool run_workload(Store& store);

// What an undisturbed store at `path` says at first and after each commit.
std::vector<std::string> undisturbed_dumps(const std::string& path);

}  // namespace pw
