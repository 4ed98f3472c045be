// What people do: decide on findings, silence, send again, pause.
#include "daemon/app/daemon_parts.h"

namespace pw {

const std::vector<Reviewer>& Daemon::reviewers() const { return parts_->config.reviewers; }

Result<ReviewOutcome> Daemon::review(const ReviewRequest& request) {
  Parts& p = *parts_;
  Result<ReviewOutcome> outcome = p.desk->take(request, p.world.clock.now());
  if (outcome && outcome->changed) p.reviewed(*outcome, request.reviewer);
  return outcome;
}

// After the step is on disk.
void Daemon::Parts::reviewed(const ReviewOutcome& outcome, const std::string& by) {
  publish_bell.ring();
  world.log.write(LogLevel::info, "review", outcome.finding.summary,
                  {{"finding", outcome.finding.id},
                   {"by", by},
                   {"state", std::string(name_of(outcome.finding.state))},
                   {"contradicted", outcome.standing.contradicted ? "yes" : "no"}});
  for (const auto& sink : sinks) sink->notify();
}

// Excuses what can only have stood for less than the amnesty. A word of a person's
// is never gone over.
void Daemon::Parts::grant_amnesty() {
  const Result<std::vector<Finding>> findings = store->findings_removed_within(*config.amnesty);
  if (!findings) throw StoreFailure(findings.error().detail);
  for (const Finding& finding : *findings) {
    const Result<FindingView> view = desk->finding(finding.id);
    if (!view) throw StoreFailure(view.error().detail);
    if (!view->standing.words.empty()) continue;
    const Result<ReviewOutcome> outcome = desk->excuse_by_rule(
        finding.id, "removed within " + print_duration(*config.amnesty), world.clock.now());
    if (outcome && outcome->changed) reviewed(*outcome, std::string(amnesty_rule));
    if (!outcome && outcome.error().code != Errc::transient)
      throw StoreFailure(outcome.error().detail);
  }
}

Instant Daemon::now() const { return parts_->world.clock.now(); }
Result<std::vector<FindingView>> Daemon::findings(const FindingsAsk& ask) {
  return parts_->desk->findings(ask);
}
Result<FindingView> Daemon::finding(const std::string& id) { return parts_->desk->finding(id); }
Result<std::vector<Delivery>> Daemon::deliveries(const DeliveriesAsk& ask) {
  return parts_->store->deliveries(ask);
}
Result<std::vector<AttemptRecord>> Daemon::attempts_of(const Delivery& delivery) {
  return parts_->store->attempts_of(delivery.row.sink, delivery.row.id);
}

Result<Done> Daemon::resend(const std::string& sink, const std::string& id,
                            const std::string& who) {
  Parts& p = *parts_;
  const Instant now = p.world.clock.now();
  const std::string leaf = encode(RunEntry{now, "resend", sink + ' ' + id + " by " + who});
  const Result<bool> found = p.store->resend(sink, id, now, {&leaf, 1});
  if (!found) return found.error();
  if (!*found) return Error{Errc::gone, "no dead delivery " + id + " of sink " + sink};
  for (const auto& dispatcher : p.sinks) dispatcher->notify();
  return Done{};
}

Result<std::vector<Silence>> Daemon::silences() { return parts_->silence_desk->list(); }

Result<Silence> Daemon::add_silence(const SilenceRequest& request) {
  Parts& p = *parts_;
  Result<Silence> added = p.silence_desk->add(request, p.world.clock.now());
  if (added)
    p.world.log.write(
        LogLevel::warning, "silence", request.reason,
        {{"id", added->id}, {"by", request.author}, {"until", print_rfc3339(added->span.end)}});
  return added;
}

Result<Silence> Daemon::end_silence(const std::string& id, const std::string& who) {
  return parts_->silence_desk->end(id, who, parts_->world.clock.now());
}

Result<Done> Daemon::command_campaign(const std::string& event, const std::string& who,
                                      const std::string& why) {
  Parts& p = *parts_;
  const Result<RunEntry> entry = run_command(p.run, event, who, why, p.world.clock.now());
  if (!entry) return entry.error();
  const std::string leaf = encode(*entry);
  if (const auto stored = p.store->commit_leaves({&leaf, 1}); !stored) return stored;
  note_run(p.run, *entry);
  p.publish_bell.ring();
  p.world.log.write(LogLevel::warning, "campaign", entry->detail,
                    {{"state", std::string(name_of(p.run.state))}});
  return Done{};
}

Result<Erased> Daemon::erase(const EraseRequest& request) {
  Parts& p = *parts_;
  p.recorder->flush();  // the log's order is that of what happened
  const Result<Erased> erased = p.erase_desk->erase(request, p.world.clock.now());
  if (!erased && erased.error().code != Errc::rate_limited) return erased;
  p.replay.erased.insert(request.account);
  p.evidence->forget(request.account);
  p.publish_bell.ring();
  for (const auto& sink : p.sinks) sink->notify();
  p.world.log.write(LogLevel::warning, "erased", "an account's content was erased",
                    {{"account", std::to_string(request.account)}, {"by", request.who}});
  return erased;
}

Result<CampaignRun> Daemon::campaign_run() { return parts_->run; }

// Why no alert is sent; empty when they are.
std::string Daemon::Parts::paused() const {
  return run.state == RunState::running ? std::string()
                                        : "the campaign is " + std::string(name_of(run.state));
}

// Why a finding's alert is kept back; empty when it is sent.
std::string Daemon::Parts::silenced(const Subject& subject, const Labels& labels,
                                    Instant now) const {
  const Silence* silence = silence_desk->covering(subject, labels, now);
  return silence == nullptr ? std::string() : "silenced by " + silence->id;
}

// As it is stored. One whose account left the roster is what no silence names.
std::string Daemon::Parts::silenced(const std::string& id, Instant now) {
  if (!silence_desk->any(now)) return {};
  const Result<FindingView> view = desk->finding(id);
  if (!view) throw StoreFailure(view.error().detail);
  if (view->actor.empty()) return {};
  const Pledge& pledge = grounds.roster.pledges[view->account.pledge];
  return silenced({view->finding, view->post, view->account, pledge},
                  labels_of(grounds, view->finding.rule), now);
}

}  // namespace pw
