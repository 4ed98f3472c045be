// What a rehearsal showed, and whether the campaign is ready for its day. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/look.h"
#include "daemon/core/verdict.h"
#include "daemon/poll/habit_trial.h"
#include "daemon/rehearsal/plan.h"

namespace pw {

// A planned breach that was found, and how long after it had appeared.
struct Detection {
  std::string account;  // "mastodon:bakery@m.example"
  std::string post;
  Millis delay{0};
};

// One budget, promised and rehearsed.
struct LaneFacts {
  std::string name;
  int accounts = 0;
  Millis interval{0};
  Millis detection_max{0};  // promised, everything working
  Millis gap_max{0};        // promised, one failed look in a row and one group lost
  Millis detected_max{0};   // rehearsed, without the accounts that a fault blinded
  std::string infeasible;   // the bottleneck and three ways out; empty when it holds
  // Looks shared out by the habits that the first lists showed, where the promise
  // leaves any.
  std::optional<HabitTrial> habits{};
};

// An account of the roster that nobody plays.
struct LeftOut {
  std::string account;
  std::string why;  // "that platform is not simulated"
};

struct RehearsalFacts {
  std::string campaign;
  std::uint64_t seed = 0;
  Interval window{};
  int accounts = 0;
  std::vector<LeftOut> left_out{};  // in the roster's order
  std::uint64_t requests = 0;
  std::array<std::uint64_t, outcome_names.size()> looks{};
  std::map<std::string, int> faults{};  // injected, by kind
  int planned = 0;                      // breaches that had to be found
  int matched = 0;
  std::vector<ClaimedFinding> missed{};
  std::vector<ClaimedFinding> wrong{};
  std::map<std::string, int> not_promised{};  // posts nobody could promise to see, by reason
  std::vector<Detection> detections{};
  std::vector<LaneFacts> lanes{};
  std::array<int, verdict_names.size()> verdicts{};  // of actors
  std::vector<std::string> contradicted{};           // kept, though the plan says otherwise
  std::map<std::string, std::string> blind_spots{};  // by connector
  int sinks = 0;
  int findings = 0;
  int deliveries = 0;                   // accepted by the receivers, each counted once
  int repeated = 0;                     // accepted again, since the daemon had died meanwhile
  int deliveries_lost = 0;              // enqueued and never accepted
  std::string log_fault{};              // what verify complained of first; empty when the log holds
  std::vector<std::string> warnings{};  // of the plan
  int restarts = 0;                     // of a daemon that ended by itself
  std::string daemon_fault{};           // why the daemon ended by itself; empty when it did not
};

// What stands in the way, worst first; empty: ready.
std::vector<std::string> obstacles(const RehearsalFacts& facts);
// What would make the day better, though it can be run as it is.
std::vector<std::string> advice(const RehearsalFacts& facts);

std::vector<std::string> print_readiness(const RehearsalFacts& facts);
std::string print_readiness_json(const RehearsalFacts& facts);

}  // namespace pw
