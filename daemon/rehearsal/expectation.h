// What a careful watcher has to make of a post, derived from what happens and
// from how it looks; never from the daemon's own code.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "daemon/core/surface.h"
#include "daemon/rehearsal/ad_days.h"
#include "daemon/rehearsal/population.h"
#include "daemon/rehearsal/script.h"

namespace pw {

enum class Expected {
  breach,           // a finding
  tolerated,        // no finding
  needs_review,     // a finding that people have to decide on
  unseen_possible,  // nobody can promise either
};
inline constexpr std::array<std::string_view, 4> expected_names = {
    "breach", "tolerated", "needs_review", "unseen_possible"};
constexpr std::string_view name_of(Expected expected) {
  return expected_names[static_cast<std::size_t>(expected)];
}

struct Expectation {
  Expected expected = Expected::tolerated;
  std::string reason;  // one sentence, for people
};

// The campaign's terms as the plan knows them.
struct PlanTerms {
  Interval window{};
  Millis grace{0};
  SurfaceSet surfaces{Surface::post, Surface::reel, Surface::story, Surface::repost};
  int statements_allowed = 1;
  Rhythm rhythm{};  // where an account has none of its own
};

Expectation expectation_of(const Population& population, const PlanTerms& terms,
                           const SimAccount& account, const SimPost& post);
// Of one day of an ad.
Expectation expectation_of(const Population& population, const PlanTerms& terms,
                           const SimAccount& account, const AdDay& delivered);

}  // namespace pw
