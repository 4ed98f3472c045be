#include "daemon/app/operator_watch.h"

#include <cstdlib>

namespace pw {
namespace {

constexpr Millis late_max = std::chrono::minutes(2);
constexpr Millis step_max = std::chrono::seconds(5);

bool blind(const ConnectorHealth& connector) {
  return connector.accounts > 0 && connector.blind * 2 >= connector.accounts;
}

// Everything that is wrong now, by key. A blind connector says it for all its
// accounts: no gap of theirs is told beside it.
std::map<std::string, std::string> wrong_now(const DaemonHealth& health) {
  std::map<std::string, std::string> wrong;
  for (const ConnectorHealth& c : health.connectors) {
    if (blind(c)) {
      wrong["blind " + c.platform] = c.platform + " is blind: " + std::to_string(c.blind) + " of " +
                                     std::to_string(c.accounts) +
                                     " accounts could not be seen at the last look";
    } else if (c.gap_promised > Millis{0} && c.gap > c.gap_promised) {
      wrong["gap " + c.platform] = c.platform + ": a gap of " + print_duration(c.gap) +
                                   " is longer than the promised " + print_duration(c.gap_promised);
    }
  }
  if (health.lateness > late_max)
    wrong["late"] = "looks are " + print_duration(health.lateness) + " behind their turn";
  for (const std::string& sink : health.sinks_off)
    wrong["sink " + sink] = "sink " + sink +
                            " is switched off: its receiver answered that it is "
                            "gone; what waits for it is kept";
  if (health.disk_free_bytes < disk_low_bytes)
    wrong["disk"] = "the disk has " + std::to_string(health.disk_free_bytes / 1'000'000) +
                    " MB left; nothing can be recorded when it is full";
  return wrong;
}

}  // namespace

std::vector<OperatorEvent> OperatorWatch::note(const DaemonHealth& health) {
  std::vector<OperatorEvent> events;
  std::map<std::string, std::string> wrong = wrong_now(health);
  for (const auto& [key, title] : wrong) {
    if (!standing_.contains(key)) events.push_back({key, title});
  }
  for (const auto& [key, title] : standing_) {
    if (!wrong.contains(key)) events.push_back({key, "over: " + title, /*over=*/true});
  }
  standing_ = std::move(wrong);
  // Not states but moments.
  if (std::abs(health.clock_step.count()) > step_max.count())
    events.push_back(
        {"clock", "the clock was set by " + std::to_string(health.clock_step.count() / 1000) +
                      " s; looks are spaced by another clock, times of posts are not"});
  if (health.deliveries_dead > dead_)
    events.push_back({"dead", std::to_string(health.deliveries_dead) +
                                  " deliveries were given up: pledgewatch outbox list --dead"});
  dead_ = health.deliveries_dead;
  return events;
}

bool OperatorWatch::is_blind(const std::string& platform) const {
  return standing_.contains("blind " + platform);
}

}  // namespace pw
