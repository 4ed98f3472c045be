// What was in force when the window opened: the whole of what a verdict is
// judged by, as one object that the log names by digest. `verify` reads it back
// from log/objects and comes to the same verdicts on any machine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/account.h"
#include "daemon/core/pledge.h"
#include "daemon/core/result.h"
#include "daemon/core/surface.h"
#include "daemon/core/time.h"

namespace pw {

// One account's share of the promise.
struct AccountTerms {
  Account account;          // with its pinned id; empty: not resolved, never kept
  Millis interval{0};       // planned spacing of looks
  Millis gap_max{0};        // the longest gap "kept" may have
  Millis lag{0};            // the connector's: publication to visibility
  SurfaceSet sees;          // surfaces this connector shows
  bool stable_id = true;    // false: findings are always needs_review
  bool list_proves = true;  // false: its list cannot be shown to reach the window's start
  // A post that its poster dates back beyond the list's end never shows: silence says
  // nothing of such a post, and every sentence says so.
  bool hides_backdated = false;
  std::string blind_spots{};  // one sentence for people
  // Of a canary: a post is due so often. It is not judged. Zero: it is none.
  Millis canary{0};
};

struct Terms {
  std::string campaign;
  int publish_needs = 2;  // different people who must confirm a breach
  Millis gap_ceiling{0};  // beyond it the plan cannot promise "kept" at all
  Millis sweep{0};        // after a window's end: the first sweep
  Millis sweep_again{0};  // ... the second
  Millis closes{0};       // ... and the verdict's last moment to change
  std::vector<Pledge> pledges;
  std::vector<AccountTerms> accounts;  // account.pledge indexes pledges
};

// Canonical JSON (RFC 8785), and back; decode refuses what encode would not print.
std::string encode_terms(const Terms& terms);
Result<Terms> decode_terms(std::string_view json);

}  // namespace pw
