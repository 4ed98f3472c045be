// Findings that organisers know of already and do not want to be told.
#pragma once

#include <string>

#include "daemon/core/time.h"

namespace pw {

// What matches is found, logged and shown as ever; it is only not sent.
struct Silence {
  std::string id;      // "s1", "s2", ...
  std::string author;  // a reviewer's name
  std::string reason;
  std::string matches;     // CEL over finding, as in a sink's `when`
  Interval span{};         // when it holds; ending it early shortens it
  std::string ended_by{};  // who ended it early
};

}  // namespace pw
