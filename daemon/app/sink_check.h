// `check --online`: a test message to every sink, and what came of it.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"

namespace pw {

struct SinkCheck {
  std::string sink;
  std::string type;
  bool accepted = false;
  int http_status = 0;
  std::string said{};  // why not; redacted, one line
};

// One attempt each, one after the other. Public sinks are left out: a test is no
// confirmed finding; they are named with `said`.
std::vector<SinkCheck> check_sinks(const Config& config);

}  // namespace pw
