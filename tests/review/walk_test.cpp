// The whole state machine, walked: whatever people and the rule say in any order,
// nothing becomes public unless two different people confirm it and nobody
// contradicts.
#include <set>

#include <catch2/catch.hpp>

#include "daemon/review/step.h"

using namespace pw;

namespace {

constexpr const char* speakers[] = {"ana", "ben", "cy", "rule:amnesty",
                                    "rule:posted-during-freeze"};
constexpr FindingState decisions[] = {FindingState::open, FindingState::confirmed,
                                      FindingState::excused, FindingState::dismissed};
constexpr int depth_max = 5;

struct Walk {
  Walk() { finding.id = "f"; }

  Finding finding;
  int needs = 2;
  std::vector<Review> said;
  long states = 0;
  long published = 0;

  // What the two-people rule says, computed another way: from the end backwards.
  bool two_people_agree() const {
    std::set<std::string> spoke;
    std::set<std::string> confirm;
    bool against = false;
    for (auto review = said.rbegin(); review != said.rend(); ++review) {
      if (!spoke.insert(review->reviewer).second || !is_person(review->reviewer)) continue;
      if (review->decision == FindingState::confirmed) confirm.insert(review->reviewer);
      against = against || review->decision == FindingState::excused ||
                review->decision == FindingState::dismissed;
    }
    return !against && static_cast<int>(confirm.size()) >= std::max(2, needs);
  }

  void go(int depth) {
    ++states;
    const FindingStanding standing = standing_of(said, needs);
    const bool may = may_be_public(finding, standing);
    REQUIRE(may == (finding.mode == Mode::alert && two_people_agree()));
    if (depth == depth_max) return;
    for (const char* speaker : speakers) {
      for (const FindingState decision : decisions) {
        const Result<ReviewStep> step =
            take_step(finding, said, {"f", speaker, decision, "because", Instant{}}, needs);
        if (!step) continue;
        // Told to the public exactly when it may be from here on and could not before.
        REQUIRE(step->publishes == (!may && may_be_public(finding, step->after)));
        if (step->publishes) {
          REQUIRE(is_person(speaker));
          // Also when who contradicted takes that back.
          const bool lets = decision == FindingState::confirmed || decision == FindingState::open;
          REQUIRE(lets);
          ++published;
        }
        if (may && !may_be_public(finding, step->after)) REQUIRE(step->corrects);
        if (!step->changes) continue;
        said.push_back(step->review);
        go(depth + 1);
        said.pop_back();
      }
    }
  }
};

}  // namespace

TEST_CASE("no path leads from a rule to the public without two people") {
  for (const int needs : {1, 2, 3}) {
    Walk walk;
    walk.needs = needs;
    walk.go(0);
    INFO("publish_needs " << needs);
    CHECK(walk.states > 10'000);
    CHECK(walk.published > 0);
  }
}

TEST_CASE("a shadow rule's finding is never public, whoever confirms it") {
  Walk walk;
  walk.finding.mode = Mode::shadow;
  walk.go(2);
  CHECK(walk.published == 0);
}
