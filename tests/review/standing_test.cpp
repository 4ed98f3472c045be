// What people said, in a line, and where the finding stands then.
#include <sstream>

#include <catch2/catch.hpp>

#include "daemon/review/step.h"

using namespace pw;

namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");

FindingState decision_of(char letter) {
  switch (letter) {
    case '+':
      return FindingState::confirmed;
    case '~':
      return FindingState::excused;
    case '-':
      return FindingState::dismissed;
    default:
      return FindingState::open;
  }
}

// "ana+ ben- rule:amnesty~": each one's decision, in order; '?' takes a word back.
std::vector<Review> history(const std::string& said) {
  std::vector<Review> reviews;
  std::istringstream words(said);
  Instant at = noon;
  for (std::string word; words >> word; at += Millis{1000}) {
    const char letter = word.back();
    word.pop_back();
    reviews.push_back({"f", word, decision_of(letter), "because", at});
  }
  return reviews;
}

std::string print(const FindingStanding& standing) {
  std::string text(name_of(standing.state));
  for (const Word& word : standing.words)
    text += ' ' + word.reviewer + ':' + std::string(name_of(word.decision));
  if (standing.contradicted) text += " contradicted";
  return text;
}

struct Row {
  const char* said;
  const char* stands;
};

constexpr Row rows[] = {
    {"", "open"},
    // Confirming takes two different people; one person twice is one.
    {"ana+", "open ana:confirmed"},
    {"ana+ ana+", "open ana:confirmed"},
    {"ana+ ben+", "confirmed ana:confirmed ben:confirmed"},
    // One is enough to lift.
    {"ana-", "dismissed ana:dismissed"},
    {"ana~", "excused ana:excused"},
    // Contradictions are shown and keep it open; nobody overwrites anybody.
    {"ana+ ben-", "open ana:confirmed ben:dismissed contradicted"},
    {"ana~ ben-", "open ana:excused ben:dismissed contradicted"},
    {"ana+ ben+ cy-", "open ana:confirmed ben:confirmed cy:dismissed contradicted"},
    // Each one's last word stands; a word can be taken back.
    {"ana+ ana-", "dismissed ana:dismissed"},
    {"ana+ ben- ben+", "confirmed ana:confirmed ben:confirmed"},
    {"ana+ ben+ ana?", "open ben:confirmed"},
    {"ana- ana?", "open"},
    {"ana?", "open"},
    // The rule's word counts while no person has one, and never confirms.
    {"rule:amnesty~", "excused rule:amnesty:excused"},
    {"rule:amnesty~ ana+ ben+", "confirmed rule:amnesty:excused ana:confirmed ben:confirmed"},
    {"rule:amnesty~ ana+", "open rule:amnesty:excused ana:confirmed"},
    {"rule:amnesty~ ana+ ana?", "excused rule:amnesty:excused"},
    {"rule:amnesty+", "open rule:amnesty:confirmed"},
};

Finding sample() {
  Finding finding;
  finding.id = "f";
  return finding;
}

std::string outcome(const std::string& said, Review review) {
  const Result<ReviewStep> step = take_step(sample(), history(said), std::move(review), 2);
  if (!step) return step.error().detail;
  std::string text(name_of(step->before.state));
  text += " to " + std::string(name_of(step->after.state));
  if (!step->changes) text += ", nothing new";
  if (step->publishes) text += ", publishes";
  if (step->corrects) text += ", corrects";
  return text;
}

Review word(const char* who, FindingState decision, const char* reason = "because") {
  return {"f", who, decision, reason, noon + Millis{60'000}};
}

}  // namespace

TEST_CASE("a finding stands as all who have a word agree") {
  for (const Row& row : rows) {
    INFO(row.said);
    CHECK(print(standing_of(history(row.said), 2)) == row.stands);
  }
}

TEST_CASE("a step says what follows from it") {
  using State = FindingState;
  CHECK(outcome("", word("ana", State::confirmed)) == "open to open");
  CHECK(outcome("ana+", word("ben", State::confirmed)) == "open to confirmed, publishes");
  CHECK(outcome("ana+", word("ana", State::confirmed)) == "open to open, nothing new");
  CHECK(outcome("ana+ ben+", word("cy", State::confirmed)) == "confirmed to confirmed");
  CHECK(outcome("ana+ ben+", word("cy", State::dismissed)) == "confirmed to open, corrects");
  CHECK(outcome("ana+ ben+", word("ben", State::open)) == "confirmed to open, corrects");
  CHECK(outcome("ana+ ben-", word("ben", State::confirmed)) == "open to confirmed, publishes");
  CHECK(outcome("", word("ana", State::dismissed)) == "open to dismissed, corrects");
  CHECK(outcome("ana-", word("ana", State::open)) == "dismissed to open, corrects");
  CHECK(outcome("", word("ana", State::open)) == "open to open, nothing new");
}

TEST_CASE("lifting owes a reason, and only people decide for people") {
  CHECK(outcome("", word("ana", FindingState::confirmed, "")) == "open to open");
  CHECK(outcome("", word("ana", FindingState::dismissed, " \n")) ==
        "excusing, dismissing or taking a word back needs a reason");
  CHECK(outcome("", word("ana", FindingState::excused, "\xff")) == "a text is UTF-8");
  CHECK(outcome("", word("", FindingState::excused)) == "a review has a name");
  CHECK(outcome("", word("rule:amnesty", FindingState::excused)) == "open to excused, corrects");
  for (const char* rule : {"rule:amnesty", "rule:other"}) {
    CHECK(outcome("", word(rule, FindingState::confirmed)) ==
          "only people confirm, dismiss, note, assign and answer");
  }
  Review long_note = word("ana", FindingState::open);
  long_note.reason.assign(review_text_bytes_max + 1, 'x');
  CHECK(outcome("", long_note) == "a text has at most 4000 bytes");
}

TEST_CASE("notes, assignments and answers stand beside the decision and change none") {
  std::vector<Review> said = history("ana+");
  Review review = word("ben", FindingState::open, " seen on my phone ");
  for (const ReviewAct act : {ReviewAct::note, ReviewAct::answer, ReviewAct::assign}) {
    review.act = act;
    review.assignee = act == ReviewAct::assign ? "cy" : "";
    const auto step = take_step(sample(), said, review, 2);
    REQUIRE(step);
    CHECK(step->changes);
    CHECK(step->after.state == FindingState::open);
    said.push_back(step->review);
  }
  const FindingStanding standing = standing_of(said, 2);
  REQUIRE(standing.notes.size() == 1);
  CHECK(standing.notes[0].text == "seen on my phone");
  REQUIRE(standing.answers.size() == 1);
  CHECK(standing.answers[0].by == "ben");
  CHECK(standing.assignee == "cy");
  CHECK(standing.words.size() == 1);
  const auto again = take_step(sample(), said, said.back(), 2);
  CHECK_FALSE(again->changes);
}
