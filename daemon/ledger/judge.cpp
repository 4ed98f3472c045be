#include "daemon/ledger/judge.h"

#include <algorithm>

namespace pw {
namespace {

bool is_watched(const Pledge& pledge) {
  return pledge.status == PledgeStatus::confirmed || pledge.status == PledgeStatus::declared;
}

// The organisers' own, which are watched, not judged, and in no count.
std::vector<bool> canary_pledges(const Terms& terms) {
  std::vector<bool> has(terms.pledges.size(), false);
  for (const AccountTerms& account : terms.accounts) {
    if (account.canary > Millis{0}) has[account.account.pledge] = true;
  }
  for (const AccountTerms& account : terms.accounts) {
    if (account.canary <= Millis{0}) has[account.account.pledge] = false;
  }
  return has;
}

// What a later window must know of an observing look before it.
Look seed_of(const Look& look) {
  Look seed;
  seed.outcome = look.outcome;
  seed.effective = look.effective;
  seed.received = look.received;
  seed.posts_skipped = look.posts_skipped;
  return seed;
}

}  // namespace

void Judge::add(std::uint64_t leaf, const Entry& entry) {
  std::visit([&](const auto& e) { take(leaf, e); }, entry);
}

void Judge::add_unknown(std::uint64_t leaf, const std::string& why) {
  if (not_understood_.size() < remarks_max) not_understood_.push_back({leaf, why});
}

void Judge::remark(std::uint64_t leaf, std::string text) {
  if (remarks_.size() < remarks_max) remarks_.push_back({leaf, std::move(text)});
}

void Judge::take(std::uint64_t leaf, const CampaignEntry& entry) {
  note_time(entry.at);
  const bool amendment = campaign_.has_value();
  if (amendment) {
    amendments_.push_back({entry.at, leaf, entry.who, entry.why, entry.terms != campaign_->terms,
                           entry.rules != campaign_->rules,
                           entry.connectors != campaign_->connectors});
    if (!entry.amendment) remark(leaf, "the campaign is declared a second time, by nobody");
  }
  const bool changed = !amendment || entry.terms != campaign_->terms;
  campaign_ = entry;
  if (!first_terms_at_) first_terms_at_ = entry.at;
  if (!changed) return;
  auto terms = terms_of_(entry.terms);
  if (!terms) {
    add_unknown(leaf, "the terms " + print_hex(entry.terms) + ": " + terms.error().detail);
    return;
  }
  enforce(std::make_shared<const Terms>(*std::move(terms)), entry.at, amendment);
}

// What was in force when a window opened judges it: later terms change windows
// that open later, and add whom they add from then on.
void Judge::enforce(const std::shared_ptr<const Terms>& terms, Instant at, bool amendment) {
  note_actors(*terms, at);
  std::set<AccountNumber> listed;
  for (std::uint32_t place = 0; place < terms->accounts.size(); ++place) {
    const AccountTerms& account = terms->accounts[place];
    if (!is_watched(terms->pledges[account.account.pledge])) continue;
    if (listed.insert(account.account.number).second) enrol(terms, place, at, amendment);
  }
  for (auto& [number, record] : accounts_) {
    if (!listed.contains(number) && !record.withdrawn_at) record.withdrawn_at = at;
  }
}

bool Judge::keeps_window(const AccountRecord& record, const Window& window, Instant at) const {
  return std::any_of(record.cases.begin(), record.cases.end(), [&](const AccountCase& c) {
    return c.opens() <= at && !intersect(c.window().possible, window.possible).empty();
  });
}

void Judge::enrol(const std::shared_ptr<const Terms>& terms, std::uint32_t place, Instant at,
                  bool amendment) {
  const AccountTerms& account = terms->accounts[place];
  AccountRecord& record = accounts_[account.account.number];
  by_number_[account.account.number] = &record;
  record.withdrawn_at.reset();
  record.host = clocks_.number_of(account.account.platform + ' ' + account.account.host);
  record.connector = outages_.place_of(account.account.platform);
  if (account.canary > Millis{0}) {
    canaries_.enrol(account.account.number, account.account.platform, account.canary,
                    account.gap_max + account.lag);
    return;
  }
  std::erase_if(record.cases, [&](const AccountCase& c) { return amendment && c.opens() > at; });
  const auto& windows = terms->pledges[account.account.pledge].windows;
  for (std::uint32_t i = 0; i < windows.size(); ++i) {
    const bool open = windows[i].possible.start <= at;
    if (amendment && open &&
        (windows[i].possible.end <= at || keeps_window(record, windows[i], at)))
      continue;
    const auto joined_at = amendment && open ? std::optional(at) : std::nullopt;
    record.cases.emplace_back(terms, place, i, joined_at);
    for (const Look& seed : record.seeds) record.cases.back().add(seed);
  }
}

void Judge::note_actors(const Terms& terms, Instant at) {
  std::set<std::string> listed;
  const std::vector<bool> canaries = canary_pledges(terms);
  for (const Pledge& pledge : terms.pledges) {
    if (canaries[static_cast<std::size_t>(&pledge - terms.pledges.data())]) continue;
    listed.insert(pledge.actor);
    const auto [it, is_new] = actor_places_.try_emplace(pledge.actor, actors_.size());
    if (is_new) actors_.push_back({pledge.actor, pledge.status});
    ActorRecord& actor = actors_[it->second];
    const bool leaves = pledge.status == PledgeStatus::withdrawn && actor.status != pledge.status;
    actor.withdrawn_at = leaves ? std::optional(at) : std::nullopt;
    actor.status = pledge.status;
  }
  for (ActorRecord& actor : actors_) {
    if (!listed.contains(actor.actor) && !actor.withdrawn_at) actor.withdrawn_at = at;
  }
}

void Judge::take(std::uint64_t, const RunEntry& entry) {
  note_time(entry.at);
  if (note_run(run_, entry)) runs_.push_back(run_);
}

void Judge::take(std::uint64_t leaf, const PinEntry& entry) {
  note_time(entry.at);
  const auto it = by_number_.find(entry.account);
  if (it == by_number_.end()) {
    remark(leaf, "an id is pinned for account " + std::to_string(entry.account) +
                     ", which is in no terms");
    return;
  }
  if (!it->second->pinned_at) it->second->pinned_at = entry.at;
}

void Judge::take(std::uint64_t leaf, const LooksEntry& entry) {
  for (const Look& look : entry.looks) {
    note_time(look.received);
    const auto it = by_number_.find(look.account);
    if (it == by_number_.end()) {
      if (strangers_.size() < remarks_max && strangers_.insert(look.account).second) {
        remark(leaf, "looks at account " + std::to_string(look.account) + ", which is in no terms");
      }
      continue;
    }
    AccountRecord& record = *it->second;
    if (look.clock_offset) clocks_.add(record.host, look.received, *look.clock_offset);
    outages_.add(record.connector, look.received, look.outcome);
    for (AccountCase& c : record.cases) c.add(look);
    if (!observes(look.outcome)) continue;
    if (record.seeds.size() < 2)
      record.seeds.push_back(seed_of(look));
    else
      record.seeds.back() = seed_of(look);
  }
}

void Judge::take(std::uint64_t, const PostEntry& entry) {
  posts_.note(entry);
  if (entry.event == PostEvent::appeared) canaries_.note_post(entry.account, entry.appeared.end);
}

// The first one stands: only it was made before anybody could know what for.
void Judge::take(std::uint64_t, const HabitEntry& entry) {
  note_time(entry.at);
  const auto it = by_number_.find(entry.account);
  if (it == by_number_.end() || it->second->habit) return;
  it->second->habit = Habit{entry.span, entry.spans, entry.silent};
}

void Judge::take(std::uint64_t leaf, const FindingEntry& entry) {
  note_time(entry.at);
  findings_.note_finding(entry);
  if (!by_number_.contains(entry.finding.account)) {
    remark(leaf, "finding " + entry.finding.id + " is of an account that is in no terms");
  }
}

void Judge::take(std::uint64_t leaf, const ReviewEntry& entry) {
  note_time(entry.at);
  if (!findings_.note_review(entry)) {
    remark(leaf, "a review of finding " + entry.finding + ", which was not logged before");
  }
}

void Judge::take(std::uint64_t, const DeliveryEntry& entry) { note_time(entry.at); }

// Neither what evidence lies beside the log nor what was erased from there changes
// a verdict: the log's own words stand.
void Judge::take(std::uint64_t, const EvidenceEntry& entry) { note_time(entry.at); }

void Judge::take(std::uint64_t, const ErasureEntry& entry) { note_time(entry.at); }

AccountCase::Circumstances Judge::circumstances(const AccountRecord& record, const AccountCase& c,
                                                Instant now, Millis clock_doubt) const {
  const Instant opens = c.judged().start;
  const bool pinned_in_log = record.pinned_at && *record.pinned_at <= opens;
  AccountCase::Circumstances all;
  all.now = now;
  all.log_not_understood = !not_understood_.empty();
  all.promise_late = !c.is_late() && first_terms_at_ && *first_terms_at_ > opens;
  all.pinned = !c.account().account.id.empty() || pinned_in_log;
  all.clock_doubt = clock_doubt;
  const auto actor = actor_places_.find(c.pledge().actor);
  std::optional<Instant> left = record.withdrawn_at;
  if (!left && actor != actor_places_.end()) left = actors_[actor->second].withdrawn_at;
  if (left && *left < c.judged().end) all.withdrawn_at = left;
  all.findings = findings_.tally(c.account().account.number, c.window(), opens, c.pledge(),
                                 c.terms().publish_needs, clock_doubt, posts_);
  all.posts = &posts_;
  all.habit = record.habit;
  all.unseen = canaries_.unseen(c.account().account.platform, c.judged(), now);
  return all;
}

Judgement Judge::judge(Instant now) const {
  Judgement judgement;
  judgement.campaign = campaign_ ? campaign_->campaign : "";
  judgement.software = campaign_ ? campaign_->software : "";
  judgement.as_of = now;
  judgement.amendments = amendments_;
  judgement.runs = runs_;
  judgement.not_understood = not_understood_;
  judgement.remarks = remarks_;
  judgement.clock_doubt = clocks_.doubt();
  judgement.outages = outages_.outages();
  // Windows are few, accounts many.
  std::map<std::pair<Instant, Instant>, Millis> doubts;
  for (const auto& [number, record] : accounts_) {
    for (const AccountCase& c : record.cases) {
      const Interval span = c.judged();
      const auto [doubt, is_new] = doubts.try_emplace({span.start, span.end});
      if (is_new) doubt->second = clocks_.doubt(span);
      judgement.accounts.push_back(c.judge(circumstances(record, c, now, doubt->second)));
    }
  }
  judge_actors(judgement);
  return judgement;
}

// For an actor the first verdict, in their order, that any of its accounts has;
// one without accounts was never watched, which proves nothing.
void Judge::judge_actors(Judgement& judgement) const {
  for (const ActorRecord& actor : actors_) {
    ActorVerdict v{actor.actor, actor.status};
    if (actor.status == PledgeStatus::rumoured) v.standing = Standing::rumoured;
    if (actor.withdrawn_at || actor.status == PledgeStatus::withdrawn) {
      v.standing = Standing::withdrawn;
    }
    judgement.actors.push_back(std::move(v));
  }
  std::vector<std::optional<Verdict>> first(actors_.size());
  for (std::uint32_t i = 0; i < judgement.accounts.size(); ++i) {
    const AccountVerdict& account = judgement.accounts[i];
    const std::size_t place = actor_places_.at(account.actor);
    ActorVerdict& actor = judgement.actors[place];
    if (account.standing == Standing::judged) {
      actor.final = (!first[place] || actor.final) && account.final;
      first[place] = std::min(first[place].value_or(account.verdict), account.verdict);
    }
    actor.accounts.push_back(i);
  }
  for (std::size_t i = 0; i < actors_.size(); ++i) {
    ActorVerdict& actor = judgement.actors[i];
    // Removed after its windows had ended: they are judged all the same.
    if (first[i] && actor.standing == Standing::withdrawn) actor.standing = Standing::judged;
    actor.verdict = first[i].value_or(Verdict::unproven);
    if (actor.standing == Standing::rumoured) ++judgement.actors_rumoured;
    if (actor.standing == Standing::withdrawn) ++judgement.actors_withdrawn;
    if (actor.standing != Standing::judged) continue;
    ++judgement.actors_judged;
    ++judgement.actors_by_verdict[static_cast<std::size_t>(actor.verdict)];
  }
}

}  // namespace pw
