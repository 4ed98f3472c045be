#include "tests/web/sample_backend.h"

#include <algorithm>

#include "daemon/web/board_model.h"
#include "tests/ledger/day.h"

namespace pw::test {
namespace {

FindingModel sample_finding(Instant at) {
  FindingModel f;
  f.finding.id = "abcdefghijklmnopqrstuvwxyz";
  f.finding.account = 7;
  f.finding.post_id = "p1";
  f.finding.rule = "posted-during-freeze";
  f.finding.summary = markup + " posted a reel";
  f.finding.appeared = {at - std::chrono::minutes(20), at};
  f.finding.found_at = at;
  f.actor = markup;
  f.platform = "instagram";
  f.handle = turned;
  f.text = markup + "\n" + turned;
  f.url = "javascript:alert(1)";
  f.commitment = std::string(64, 'a');
  return f;
}

}  // namespace

std::string token_of(const std::string& name) { return "token of " + name; }

SampleBackend::SampleBackend() {
  const Day day = parse_day("look 09:50..14:20/20m; find f 12:00..12:10; now 14:30");
  const Judgement judgement = judge_day(day);
  time = judgement.as_of;
  BoardGrounds grounds;
  grounds.now = time;
  grounds.judgement = judgement;
  grounds.window = judgement.accounts[0].judged;
  grounds.closes = grounds.window.end + std::chrono::hours(72);
  grounds.sights.resize(judgement.accounts[0].account.number + 1);
  grounds.sights.back() = {time, time, true, Outcome::fresh};
  model = make_board(std::move(grounds));
  model.revision = 1;
  model.roster = 1;
  found = {sample_finding(time)};
  found[0].finding.account = model.cells[0].number;
  model.findings = model.findings_open = 1;
  model.latest = {{found[0].finding.id, model.cells[0].number, time, FindingState::open,
                   found[0].finding.summary}};
  files["checkpoint"] = "example.org/freeze\n3\nroot\n\n\u2014 example.org/freeze c2ln\n";
  files["tile/0/000.p/3"] = "hashes";
  for (const auto& [name, role] :
       {std::pair{"ann", Role::reviewer}, std::pair{"bob", Role::reviewer},
        std::pair{"rita", Role::reader}, std::pair{"olga", Role::operator_}}) {
    people.push_back({name, sha256(token_of(name)), {}, role});
  }
}

void SampleBackend::change(CellState state) {
  model.cells[0].state = state;
  ++model.revision;
}

Result<AccountModel> SampleBackend::account(AccountNumber number) {
  if (number != model.cells[0].number) return Error{Errc::gone, "no account has this number"};
  AccountModel account;
  account.cell = model.cells[0];
  account.verdicts = model.judgement.accounts;
  account.runs = {{Outcome::unchanged, 14, time - std::chrono::hours(4), time},
                  {Outcome::rate_limited, 2, time, time}};
  account.findings = found;
  account.posts = {
      {"p1", Surface::reel, markup, "https://example.org/p1", {time, time}, false, {}}};
  return account;
}

Result<HealthModel> SampleBackend::health() {
  HealthModel health;
  health.now = health.started = time;
  health.software = "pledgewatch test";
  health.ready = true;
  LaneModel lane;
  lane.name = lane.connector = "instagram";
  lane.accounts = lane.seen_now = 1;
  lane.outcomes[0] = 14;
  lane.budget_hourly = 300;
  lane.rooms = {{markup, 0.4, 120, time, time}, {"never said"}};
  health.lanes = {lane};
  health.sinks = {{markup, "webhook", 3, 1, 0, 0, false, time}};
  health.checkpoint = files["checkpoint"];
  health.troubles = {markup};
  return health;
}

Result<std::optional<std::string>> SampleBackend::log_file(const std::string& path) {
  const auto it = files.find(path);
  return it == files.end() ? std::nullopt : std::optional(it->second);
}

Result<ReviewDone> SampleBackend::review(const ReviewAsk& ask) {
  if (ask.finding != found[0].finding.id) return Error{Errc::gone, "no finding has this id"};
  asks.push_back(ask);
  found[0].reviews.push_back({ask.reviewer, ask.decision, ask.reason, time});
  return ReviewDone{standing_of(found[0]).confirming >= 2 ? FindingState::confirmed
                                                          : FindingState::open};
}

Result<std::vector<FindingModel>> SampleBackend::findings(const FindingsAsk& ask) {
  std::vector<FindingModel> wanted;
  bool skips = !ask.beyond.empty();
  for (const FindingModel& one : found) {
    const Finding& f = one.finding;
    const bool fits = (!ask.state || f.state == *ask.state) &&
                      (!ask.account || f.account == *ask.account) &&
                      wanted.size() < static_cast<std::size_t>(ask.limit);
    if (!skips && fits) wanted.push_back(one);
    if (f.id == ask.beyond) skips = false;
  }
  return wanted;
}

Result<std::uint64_t> SampleBackend::finding_count(const FindingsAsk& ask) {
  return findings({.state = ask.state, .account = ask.account})->size();
}

Result<FindingModel> SampleBackend::finding(const std::string& id) {
  for (const FindingModel& one : found) {
    if (one.finding.id == id) return one;
  }
  return Error{Errc::gone, "no finding has this id"};
}

Result<std::vector<FindingModel>> SampleBackend::waiting(const std::string& reviewer,
                                                         const std::string& beyond, int limit) {
  auto wanted = findings({.state = FindingState::open, .beyond = beyond, .limit = limit});
  std::erase_if(*wanted, [&](const FindingModel& one) {
    const auto words = standing_of(one).words;
    return std::any_of(words.begin(), words.end(),
                       [&](const ReviewNote& word) { return word.reviewer == reviewer; });
  });
  return wanted;
}

ActionDone SampleBackend::act(const ActionAsk& ask) {
  actions.push_back(ask);
  if (ask.path[0] == "nothing") return {};
  if (ask.path[0] == "campaign" && ask.path.size() == 2) return {409, {}, markup};
  return {200, R"({"items":[]})"};
}

WebRequest get(const std::string& target, const std::string& token) {
  WebRequest request{"GET", target, {{"host", "localhost:8420"}}};
  if (!token.empty()) request.headers.push_back({"authorization", "Bearer " + token});
  return request;
}

}  // namespace pw::test
