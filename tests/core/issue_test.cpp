#include <catch2/catch.hpp>

#include "daemon/core/finding.h"
#include "daemon/core/issue.h"
#include "daemon/core/look.h"
#include "daemon/core/surface.h"

using namespace pw;

TEST_CASE("an issue names its place, what is wrong and the nearest right thing") {
  CHECK(print_issue({"c.yaml", 3, 7, "unknown key 'surfces'", "surfaces"}) ==
        "c.yaml:3:7: error: unknown key 'surfces'; did you mean 'surfaces'?");
  CHECK(print_issue({"c.yaml", 0, 0, "cannot be read"}) == "c.yaml: error: cannot be read");
  CHECK(print_issue({"", 0, 0, "odd", "", Issue::Level::warning}) == "warning: odd");
}

TEST_CASE("only a likely typo is suggested") {
  const std::string_view names[] = {"instagram", "mastodon", "bluesky", "feed"};
  CHECK(nearest_of("instgram", names) == "instagram");
  CHECK(nearest_of("mastadon", names) == "mastodon");
  CHECK(nearest_of("fed", names) == "feed");
  CHECK(nearest_of("efed", names) == "feed");  // two letters swapped are one mistake
  CHECK(nearest_of("twitter", names).empty());
  CHECK(nearest_of("", names).empty());
  CHECK(nearest_of(std::string(100000, 'x'), names).empty());
}

TEST_CASE("every closed set prints and reads back") {
  for (std::size_t i = 0; i < outcome_names.size(); ++i) {
    CHECK(parse_outcome(outcome_names[i]) == static_cast<Outcome>(i));
  }
  for (std::size_t i = 0; i < surface_names.size(); ++i) {
    CHECK(parse_surface(surface_names[i]) == static_cast<Surface>(i));
  }
  CHECK(parse_severity("breach") == Severity::breach);
  CHECK(parse_mode("shadow") == Mode::shadow);
  CHECK(parse_finding_state("excused") == FindingState::excused);
  CHECK_FALSE(parse_outcome("ok"));
  CHECK(print_surfaces({Surface::story, Surface::post}) == "post, story");
}

TEST_CASE("only fresh and unchanged observe") {
  int observing = 0;
  for (std::size_t i = 0; i < outcome_names.size(); ++i)
    observing += observes(static_cast<Outcome>(i)) ? 1 : 0;
  CHECK(observing == 2);
  CHECK(observes(Outcome::fresh));
  CHECK(observes(Outcome::unchanged));
}

TEST_CASE("a finding's id is stable and tells its four parts apart") {
  const std::string id = finding_id("freeze", 7, "179", "posted-during-freeze");
  CHECK(id == finding_id("freeze", 7, "179", "posted-during-freeze"));
  CHECK(id.size() == 26);
  CHECK(id != finding_id("freeze", 71, "79", "posted-during-freeze"));
  CHECK(id != finding_id("freeze", 7, "179", "posted-during"));
}
