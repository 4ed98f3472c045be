#include "daemon/app/operator_watch.h"

#include <cstdlib>

namespace pw {
namespace {

constexpr Millis loop_late_max = std::chrono::minutes(2);
constexpr Millis clock_step_max = std::chrono::seconds(5);
constexpr Millis stood_still_max = std::chrono::seconds(5);

bool blind(const ConnectorHealth& connector) {
  return connector.accounts > 0 && connector.blind * 2 >= connector.accounts;
}

void add_sinks(const DaemonHealth& health, std::map<std::string, std::string>& wrong) {
  for (const std::string& sink : health.sinks_off)
    wrong["sink " + sink] = "sink " + sink +
                            " is switched off: its receiver answered that it is "
                            "gone; what waits for it is kept";
  for (const FailingSink& sink : health.failing) {
    if (health.now - sink.since > sink_failing_max)
      wrong["failing " + sink.name] = "sink " + sink.name + " has taken nothing for " +
                                      print_duration(health.now - sink.since) +
                                      "; it is tried again: pledgewatch outbox list";
  }
}

void add_credentials(const DaemonHealth& health, std::map<std::string, std::string>& wrong) {
  for (const CredentialLife& credential : health.credentials) {
    const bool ends_early = credential.ends < health.credentials_needed_until;
    if (!credential.valid)
      wrong["lapsed " + credential.name] =
          "the credential " + credential.name + " is not valid any more, says its platform";
    else if (credential.ends <= health.now)
      wrong["lapsed " + credential.name] =
          "the credential " + credential.name + " ended at " + print_rfc3339(credential.ends);
    else if (ends_early || credential.ends - health.now <= credential_ends_soon)
      wrong["lapses " + credential.name] = "the credential " + credential.name + " ends at " +
                                           print_rfc3339(credential.ends) + ": renew it";
  }
}

// Everything that is wrong now, by key; gaps are told in another way.
std::map<std::string, std::string> wrong_now(const DaemonHealth& health) {
  std::map<std::string, std::string> wrong;
  for (const ConnectorHealth& c : health.connectors) {
    if (!blind(c)) continue;
    wrong["blind " + c.platform] = c.platform + " is blind: " + std::to_string(c.blind) + " of " +
                                   std::to_string(c.accounts) +
                                   " accounts could not be seen at the last look";
  }
  if (health.lateness > loop_late_max)
    wrong["late"] = "looks are " + print_duration(health.lateness) + " behind their turn";
  add_sinks(health, wrong);
  add_credentials(health, wrong);
  if (!health.push_fault.empty()) wrong["push x"] = health.push_fault;
  if (!health.stamp_fault.empty())
    wrong["stamp"] = "the time stamp authority gives no stamps: " + health.stamp_fault +
                     "; the log goes on without, and it is asked again";
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
  note_gaps(health, events);
  // Not states but moments.
  if (health.stood_still > stood_still_max)
    events.push_back({"still", "the daemon stood still for " + print_duration(health.stood_still) +
                                   ": nothing was looked at and nothing sent meanwhile"});
  if (std::abs(health.clock_step.count()) > clock_step_max.count())
    events.push_back(
        {"clock", "the clock was set by " + std::to_string(health.clock_step.count() / 1000) +
                      " s; looks are spaced by another clock, times of posts are not"});
  if (health.deliveries_dead > dead_)
    events.push_back({"dead", std::to_string(health.deliveries_dead) +
                                  " deliveries were given up: pledgewatch outbox list --dead"});
  dead_ = health.deliveries_dead;
  return events;
}

// A blind connector says it for all its accounts: no gap of theirs is told beside it.
void OperatorWatch::note_gaps(const DaemonHealth& health, std::vector<OperatorEvent>& events) {
  for (const ConnectorHealth& c : health.connectors) {
    GapWatch::Said said =
        gaps_[c.platform].note(c.platform, c.open, c.closed, blind(c), name_, health.now);
    if (!said.title.empty())
      events.push_back({"gap " + c.platform, std::move(said.title), said.over});
  }
}

}  // namespace pw
