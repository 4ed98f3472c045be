// Looks by connector and time, so that an outage can be told from silence: where most
// looks of a connector saw nothing together, nobody there was silent for all we know.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/core/look.h"
#include "daemon/ledger/judgement.h"

namespace pw {

// A spell is made of these; looks of one connector come at least so often.
inline constexpr Millis outage_step = std::chrono::minutes(5);
// Fewer looks in a step say nothing; that many in a hundred must have been blind.
inline constexpr std::uint64_t outage_looks_min = 5;
inline constexpr std::uint64_t outage_blind_percent = 80;

class OutageBook {
 public:
  // A connector's place, for add().
  std::size_t place_of(const std::string& connector);
  // Whether the look saw what was there to be seen: an account that its platform says
  // is gone or protected was.
  void add(std::size_t place, Instant received, Outcome outcome);

  // Neighbouring steps of one kind are one spell; the first outages_max of them.
  std::vector<Outage> outages() const;

 private:
  struct Step {
    std::uint64_t looks = 0;
    std::uint64_t blind = 0;
  };
  using Steps = std::map<std::int64_t, Step>;
  static bool is_blind(const Step& step);
  OutageKind kind_at(std::size_t place, std::int64_t at) const;

  std::map<std::string, std::size_t> places_;
  std::vector<Steps> steps_;  // by place
};

}  // namespace pw
