// What operators are told of the daemon itself: when something begins to be wrong,
// and when it is over. Pure: facts in, changes out.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/app/gap_watch.h"
#include "daemon/core/time.h"

namespace pw {

struct ConnectorHealth {
  std::string platform;
  int accounts = 0;
  int blind = 0;                     // whose last look observed nothing
  std::vector<AccountGap> open{};    // gaps of now, beyond the promise
  std::vector<AccountGap> closed{};  // ... and those that ended since the last facts
};

// A sink that has taken nothing since, though something was sent.
struct FailingSink {
  std::string name;
  Instant since{};
};

struct CredentialLife {
  std::string name;  // "instagram instagram-a"
  Instant ends{};
  bool valid = true;  // false: its platform says so
};

struct DaemonHealth {
  Instant now{};
  std::vector<ConnectorHealth> connectors{};
  Millis lateness{0};                    // of the turn that has waited longest
  Millis clock_step{0};                  // wall clock less monotonic clock since the last facts
  Millis stood_still{0};                 // beyond what was slept since the last facts
  std::vector<std::string> sinks_off{};  // switched off by their receivers
  std::vector<FailingSink> failing{};
  std::vector<CredentialLife> credentials{};
  Instant credentials_needed_until{};  // one that ends before is told at once
  std::string push_fault{};            // what X's webhook cannot tell of; empty: nothing
  std::string stamp_fault{};           // why the last checkpoint got no stamp; empty: it got one
  int deliveries_dead = 0;
  std::uint64_t disk_free_bytes = ~std::uint64_t{0};
};

struct OperatorEvent {
  std::string key;    // "blind instagram"
  std::string title;  // one line
  bool over = false;
};

inline constexpr std::uint64_t disk_low_bytes = 500'000'000;
inline constexpr Millis sink_failing_max = std::chrono::minutes(15);
inline constexpr Millis credential_ends_soon = std::chrono::hours(72);

class OperatorWatch {
 public:
  explicit OperatorWatch(GapWatch::Name name) : name_(std::move(name)) {}

  // What changed since the last call. A condition is told once when it begins and
  // once when it ends; dead deliveries whenever there are more. While half or more of
  // a platform's accounts are blind, its accounts' own gaps are not told.
  std::vector<OperatorEvent> note(const DaemonHealth& health);

 private:
  void note_gaps(const DaemonHealth& health, std::vector<OperatorEvent>& events);

  GapWatch::Name name_;
  std::map<std::string, std::string> standing_;  // key → title
  std::map<std::string, GapWatch> gaps_;         // by platform
  int dead_ = 0;
};

}  // namespace pw
