// What an actor promised, and when it holds.
#pragma once

#include <string>
#include <vector>

#include "daemon/core/account.h"
#include "daemon/core/surface.h"
#include "daemon/core/time.h"

namespace pw {

enum class PledgeStatus { confirmed, declared, rumoured, withdrawn };

// One window of a pledge. When the actor's zone is only assumed, the day is
// known to within all zones on earth: `certain` is what belongs to the day in
// every zone, `possible` what belongs to it in some. Otherwise all three agree.
struct Window {
  Interval span;  // the window in its own zone, kept as UTC
  Interval certain;
  Interval possible;
  std::string zone;  // IANA name
  bool zone_assumed = false;
  Millis grace{0};  // at both edges, inside the window: posts there are tolerated
};

enum class Ternary { no, yes, unknown };

// Whether a post that appeared somewhere in `appeared` appeared in the window
// (less its grace). Unknown when the interval straddles an edge.
Ternary covers(const Window& window, Interval appeared);

struct Exemption {
  SurfaceSet surfaces;  // empty: all
  Interval span;        // when it holds
  std::string reason;
};

struct Pledge {
  std::string actor;  // the actor's name as the roster gives it
  PledgeStatus status = PledgeStatus::declared;
  std::string source;  // where and when it was given
  std::string text_version;
  std::vector<Window> windows;
  SurfaceSet surfaces;
  int statements_allowed = 0;
  std::vector<Exemption> exemptions;
};

// Everybody who is watched. Accounts point to their pledge by index; `rumoured`
// pledges are kept for the denominators and never watched.
struct Roster {
  std::vector<Pledge> pledges;
  std::vector<Account> accounts;
};

}  // namespace pw
