#include "daemon/app/readiness.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include <nlohmann/json.hpp>

namespace pw {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t examples_max = 5;
constexpr std::size_t names_max = 40;

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

std::uint64_t all_looks(const RehearsalFacts& facts) {
  return std::accumulate(facts.looks.begin(), facts.looks.end(), std::uint64_t{0});
}

std::uint64_t observing_looks(const RehearsalFacts& facts) {
  return facts.looks[static_cast<std::size_t>(Outcome::fresh)] +
         facts.looks[static_cast<std::size_t>(Outcome::unchanged)];
}

const Detection* slowest(const RehearsalFacts& facts) {
  const auto it =
      std::max_element(facts.detections.begin(), facts.detections.end(),
                       [](const Detection& a, const Detection& b) { return a.delay < b.delay; });
  return it == facts.detections.end() ? nullptr : &*it;
}

Millis median_delay(const RehearsalFacts& facts) {
  if (facts.detections.empty()) return Millis{0};
  std::vector<Millis> delays;
  for (const Detection& one : facts.detections) delays.push_back(one.delay);
  const auto middle = delays.begin() + static_cast<std::ptrdiff_t>(delays.size() / 2);
  std::nth_element(delays.begin(), middle, delays.end());
  return *middle;
}

std::string row(const std::string& a, const std::string& b, const std::string& c,
                const std::string& d, const std::string& e, const std::string& f) {
  const auto padded = [](std::string text, std::size_t width) {
    if (text.size() > width) text.resize(width);
    return std::string(width - text.size(), ' ') + text;
  };
  std::string name = a.substr(0, 34);
  name.resize(34, ' ');
  return "  " + name + padded(b, 9) + padded(c, 14) + padded(d, 14) + padded(e, 14) + padded(f, 16);
}

void add_findings(const RehearsalFacts& facts, std::vector<std::string>& out) {
  out.push_back("What was found");
  out.push_back("  " + std::to_string(facts.matched) + " of " + std::to_string(facts.planned) +
                " planned breaches; " +
                counted(facts.wrong.size(), "false finding", "false findings"));
  const auto list = [&](const char* what, const std::vector<ClaimedFinding>& some) {
    for (std::size_t i = 0; i < std::min(some.size(), examples_max); ++i)
      out.push_back(std::string("    ") + what + ": " + some[i].platform + ':' + some[i].handle +
                    ' ' + some[i].post_id);
    if (some.size() > examples_max)
      out.push_back("    ... and " + std::to_string(some.size() - examples_max) + " more");
  };
  list("missed", facts.missed);
  list("false", facts.wrong);
  if (const Detection* worst = slowest(facts)) {
    out.push_back("  noticed after " + print_duration(median_delay(facts)) + " (median), " +
                  print_duration(worst->delay) + " at worst: " + worst->account);
  }
}

struct LaneRow {
  LaneFacts lane;
  int lanes = 1;
};

// A host each would fill pages: hosts of one platform that promise the same share a
// row.
std::vector<LaneRow> lane_rows(const RehearsalFacts& facts) {
  constexpr std::string_view at = " at ";
  const auto kind_of = [&](const LaneFacts& lane) {
    const std::size_t end = lane.name.find(at);
    return std::tuple(lane.name.substr(0, end), end == std::string::npos ? lane.name : "",
                      lane.interval, lane.detection_max, lane.gap_max, lane.infeasible.empty());
  };
  std::vector<LaneRow> rows;
  for (const LaneFacts& lane : facts.lanes) {
    const auto it = std::find_if(rows.begin(), rows.end(), [&](const LaneRow& row) {
      return kind_of(row.lane) == kind_of(lane);
    });
    if (it == rows.end()) {
      rows.push_back({lane});
      continue;
    }
    ++it->lanes;
    it->lane.accounts += lane.accounts;
    it->lane.detected_max = std::max(it->lane.detected_max, lane.detected_max);
  }
  for (LaneRow& row : rows) {
    const std::size_t end = row.lane.name.find(at);
    if (row.lanes > 1)
      row.lane.name = row.lane.name.substr(0, end) + " at " + std::to_string(row.lanes) + " hosts";
  }
  return rows;
}

void add_lanes(const RehearsalFacts& facts, std::vector<std::string>& out) {
  out.push_back("What can be promised");
  out.push_back(row("budget shared by", "accounts", "look every", "noticed in", "gap promised",
                    "worst rehearsed"));
  for (const LaneRow& one : lane_rows(facts)) {
    const LaneFacts& lane = one.lane;
    out.push_back(row(lane.name, std::to_string(lane.accounts), print_duration(lane.interval),
                      print_duration(lane.detection_max), print_duration(lane.gap_max),
                      lane.detected_max == Millis{0} ? "-" : print_duration(lane.detected_max)));
  }
  for (const LaneFacts& lane : facts.lanes) {
    if (lane.habits) out.push_back("  " + lane.name + ": " + print_trial(*lane.habits));
  }
}

void add_unnoticed(const RehearsalFacts& facts, std::vector<std::string>& out) {
  out.push_back("What would go unnoticed, on any day watched like this one");
  for (const auto& [reason, count] : facts.not_promised)
    out.push_back("  " + counted(static_cast<std::size_t>(count), "post", "posts") + ": " + reason);
  for (const auto& [connector, text] : facts.blind_spots)
    out.push_back("  " + connector + ": " + text);
}

void add_verdicts(const RehearsalFacts& facts, std::vector<std::string>& out) {
  std::string line = "  pledges:";
  for (std::size_t i = 0; i < verdict_names.size(); ++i) {
    if (facts.verdicts[i] > 0)
      line += ' ' + std::string(verdict_names[i]) + ' ' + std::to_string(facts.verdicts[i]);
  }
  out.push_back("What could be said afterwards");
  out.push_back(line);
  out.push_back("  " + counted(facts.contradicted.size(), "verdict", "verdicts") +
                " beyond the truth; log " +
                (facts.log_fault.empty() ? "verified" : "DAMAGED: " + facts.log_fault));
  out.push_back("  " + std::to_string(facts.findings) + " findings, " +
                std::to_string(facts.deliveries) + " deliveries accepted by " +
                counted(static_cast<std::size_t>(facts.sinks), "sink", "sinks") + ", " +
                std::to_string(facts.deliveries_lost) + " lost");
}

// One line for each reason, with the names.
std::vector<std::string> left_out_lines(const RehearsalFacts& facts) {
  std::map<std::string, std::vector<std::string>> by_reason;
  for (const LeftOut& one : facts.left_out) by_reason[one.why].push_back(one.account);
  std::vector<std::string> lines;
  for (const auto& [why, accounts] : by_reason) {
    std::string line =
        counted(accounts.size(), "account", "accounts") + " could not be rehearsed, " + why + ": ";
    for (std::size_t i = 0; i < std::min(accounts.size(), names_max); ++i)
      line += (i == 0 ? "" : ", ") + accounts[i];
    if (accounts.size() > names_max)
      line += " and " + std::to_string(accounts.size() - names_max) + " more (--json names all)";
    lines.push_back(std::move(line));
  }
  return lines;
}

ordered_json left_out_list(const RehearsalFacts& facts) {
  ordered_json list = ordered_json::array();
  for (const LeftOut& one : facts.left_out)
    list.push_back({{"account", one.account}, {"why", one.why}});
  return list;
}

ordered_json finding_list(const std::vector<ClaimedFinding>& findings) {
  ordered_json list = ordered_json::array();
  for (const ClaimedFinding& one : findings)
    list.push_back({{"platform", one.platform}, {"handle", one.handle}, {"post", one.post_id}});
  return list;
}

}  // namespace

std::vector<std::string> obstacles(const RehearsalFacts& facts) {
  std::vector<std::string> out;
  if (!facts.daemon_fault.empty())
    out.push_back("the daemon ended by itself: " + facts.daemon_fault);
  if (!facts.log_fault.empty()) out.push_back("the log does not verify: " + facts.log_fault);
  if (!facts.contradicted.empty())
    out.push_back("a verdict claims more than was true: " + facts.contradicted.front());
  if (!facts.missed.empty())
    out.push_back(counted(facts.missed.size(), "planned breach was", "planned breaches were") +
                  " not flagged: do the rules cover what the pledge covers? first: " +
                  facts.missed.front().platform + ':' + facts.missed.front().handle + ' ' +
                  facts.missed.front().post_id);
  if (!facts.wrong.empty())
    out.push_back(counted(facts.wrong.size(), "post that breaks", "posts that break") +
                  " no pledge was flagged: " + facts.wrong.front().platform + ':' +
                  facts.wrong.front().handle + ' ' + facts.wrong.front().post_id);
  if (facts.deliveries_lost > 0)
    out.push_back(std::to_string(facts.deliveries_lost) + " alerts were never accepted");
  for (const LaneFacts& lane : facts.lanes) {
    if (!lane.infeasible.empty()) out.push_back(lane.infeasible);
  }
  if (facts.sinks == 0) out.push_back("no sink is configured: nobody would be told (sinks:)");
  return out;
}

std::vector<std::string> advice(const RehearsalFacts& facts) {
  std::vector<std::string> out = facts.warnings;
  for (std::string& line : left_out_lines(facts)) out.push_back(std::move(line));
  if (facts.sinks == 1)
    out.push_back("one sink alone: when it is down nobody is told until it is back");
  return out;
}

std::vector<std::string> print_readiness(const RehearsalFacts& facts) {
  std::vector<std::string> out;
  out.push_back("Rehearsal of " + facts.campaign + ": " + std::to_string(facts.accounts) +
                " accounts, " + print_duration(facts.window.length()) + ", seed " +
                std::to_string(facts.seed));
  out.push_back("  " + std::to_string(all_looks(facts)) + " looks, " +
                std::to_string(observing_looks(facts)) + " of them saw; " +
                std::to_string(facts.requests) + " requests");
  if (!facts.left_out.empty())
    out.push_back("  not rehearsed: " + counted(facts.left_out.size(), "account", "accounts") +
                  ", named below");
  std::string injected = "  injected: a clock step of 20 s, failing receivers";
  for (const auto& [kind, count] : facts.faults)
    injected += ", " + std::to_string(count) + ' ' + kind;
  out.push_back(injected);
  out.emplace_back();
  add_findings(facts, out);
  out.emplace_back();
  add_lanes(facts, out);
  out.emplace_back();
  add_unnoticed(facts, out);
  out.emplace_back();
  add_verdicts(facts, out);
  out.emplace_back();
  const std::vector<std::string> better = advice(facts);
  if (!better.empty()) out.push_back("What to change");
  for (const std::string& line : better) out.push_back("  - " + line);
  if (!better.empty()) out.emplace_back();
  const std::vector<std::string> worst = obstacles(facts);
  out.push_back(worst.empty() ? "READY" : "NOT READY");
  for (const std::string& line : worst) out.push_back("  - " + line);
  return out;
}

std::string print_readiness_json(const RehearsalFacts& facts) {
  ordered_json lanes = ordered_json::array();
  for (const LaneFacts& lane : facts.lanes) {
    lanes.push_back({{"name", lane.name},
                     {"accounts", lane.accounts},
                     {"interval_ms", lane.interval.count()},
                     {"detection_max_ms", lane.detection_max.count()},
                     {"gap_max_ms", lane.gap_max.count()},
                     {"detected_max_ms", lane.detected_max.count()},
                     {"infeasible", lane.infeasible}});
    if (!lane.habits) continue;
    lanes.back()["mean_delay_ms"] = {{"measured", lane.habits->measured.count()},
                                     {"square_root_rule", lane.habits->optimum.count()},
                                     {"all_alike", lane.habits->even.count()}};
  }
  ordered_json verdicts = ordered_json::object();
  for (std::size_t i = 0; i < verdict_names.size(); ++i)
    verdicts[std::string(verdict_names[i])] = facts.verdicts[i];
  const Detection* worst = slowest(facts);
  const std::vector<std::string> standing = obstacles(facts);
  const ordered_json out = {{"ready", standing.empty()},
                            {"campaign", facts.campaign},
                            {"seed", facts.seed},
                            {"accounts", facts.accounts},
                            {"left_out", left_out_list(facts)},
                            {"looks", all_looks(facts)},
                            {"looks_that_saw", observing_looks(facts)},
                            {"requests", facts.requests},
                            {"faults", facts.faults},
                            {"planned_breaches", facts.planned},
                            {"found", facts.matched},
                            {"missed", finding_list(facts.missed)},
                            {"false_findings", finding_list(facts.wrong)},
                            {"not_promised", facts.not_promised},
                            {"detection_median_ms", median_delay(facts).count()},
                            {"detection_max_ms", worst == nullptr ? 0 : worst->delay.count()},
                            {"lanes", lanes},
                            {"verdicts", verdicts},
                            {"contradicted", facts.contradicted},
                            {"findings", facts.findings},
                            {"deliveries", facts.deliveries},
                            {"deliveries_lost", facts.deliveries_lost},
                            {"log", facts.log_fault.empty() ? "verified" : facts.log_fault},
                            {"advice", advice(facts)},
                            {"obstacles", standing}};
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace pw
