// A campaign of a few accounts behind Backend, judged by the real judge; what a
// test does not change stays the same.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/web/backend.h"

namespace pw::test {

class SampleBackend final : public Backend {
 public:
  SampleBackend();

  Instant now() const override { return time; }
  void follow() override { ++follows; }
  const BoardModel& board() override { return model; }
  Result<AccountModel> account(AccountNumber number) override;
  Result<std::vector<FindingModel>> findings(const FindingsAsk& ask) override;
  Result<std::uint64_t> finding_count(const FindingsAsk& ask) override;
  Result<FindingModel> finding(const std::string& id) override;
  Result<std::vector<FindingModel>> waiting(const std::string& reviewer, const std::string& beyond,
                                            int limit) override;
  Result<HealthModel> health() override;
  Result<std::optional<std::string>> log_file(const std::string& path) override;
  Result<ReviewDone> review(const ReviewAsk& ask) override;
  ActionDone act(const ActionAsk& ask) override;
  const std::vector<Reviewer>& reviewers() override { return people; }
  std::uint64_t reviewers_revision() override { return people_revision; }
  HubSaid hub(const HubAsk& ask) override {
    hub_asks.push_back(ask);
    if (ask.key == "x") return {200, R"({"response_token":"sha256=…"})", "application/json"};
    return ask.key == "known" ? HubSaid{ask.notice ? 202 : 200, ask.notice ? "" : "XYZ"}
                              : HubSaid{};
  }

  // A change that browsers are told of.
  void change(CellState state);

  Instant time;
  BoardModel model;
  std::vector<FindingModel> found;
  std::map<std::string, std::string> files;  // of the log
  std::vector<Reviewer> people;
  std::uint64_t people_revision = 0;
  std::vector<ReviewAsk> asks;
  std::vector<ActionAsk> actions;
  std::vector<HubAsk> hub_asks;
  int follows = 0;
};

// As hostile as a text can be.
inline const std::string markup = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;";
// Turns direction around (U+202E), hides (U+200B), ends what it began.
inline const std::string turned = "evil\u202egnp.exe\u200b\u2066x";

// The token of each: "token of ann" (reviewer), "token of bob" (reviewer),
// "token of rita" (reader), "token of olga" (operator).
std::string token_of(const std::string& name);

// GET with a Host that is ours.
WebRequest get(const std::string& target, const std::string& token = {});

}  // namespace pw::test
