#include "daemon/ledger/account_case.h"

#include <algorithm>

#include "daemon/ledger/canary.h"

namespace pw {
namespace {

Interval span_of(const Window& window, std::optional<Instant> joined_at) {
  Interval span = window.possible;
  if (joined_at) span.start = std::max(span.start, *joined_at);
  return span;
}

}  // namespace

AccountCase::AccountCase(std::shared_ptr<const Terms> terms, std::uint32_t account,
                         std::uint32_t window, std::optional<Instant> joined_at)
    : terms_(std::move(terms)),
      account_(account),
      window_(window),
      joined_at_(joined_at),
      waits_for_first_(joined_at.has_value()),
      meter_(span_of(this->window(), joined_at), this->account().lag, terms_->sweep) {}

Interval AccountCase::judged() const { return meter_.window(); }

// Who joins while the window runs is judged from the first look on: the posts on
// that first list are known, not new. If it took longer than the promise allows
// to look at all, the window stays as it was, without a baseline.
void AccountCase::start_late(Instant first) {
  waits_for_first_ = false;
  const Interval span = meter_.window();
  const Millis after = first - span.start;
  if (after < Millis{0} || after + account().lag > account().gap_max || first >= span.end) return;
  // The meter's margin makes a look at the very edge neither before nor after it.
  const Millis margin = meter_.margin();
  meter_ = CoverageMeter({first + margin, span.end}, account().lag, terms_->sweep);
}

void AccountCase::add(const Look& look) {
  if (waits_for_first_ && observes(look.outcome) && look.posts_skipped == 0) {
    start_late(look.received);
  }
  const auto gap = meter_.add(look);
  if (!gap || gap->length() + account().lag <= account().gap_max) return;
  if (gaps_.size() < gaps_kept_max)
    gaps_.push_back(*gap);
  else
    ++gaps_more_;
}

AccountVerdict AccountCase::judge(const Circumstances& c) const {
  AccountVerdict v;
  v.account = account().account;
  v.actor = pledge().actor;
  v.window = window();
  v.judged = judged();
  v.running = c.now < v.judged.end;
  v.coverage = meter_.coverage(c.now);
  v.unseen = c.unseen;
  v.habit = c.habit;
  blind_out(v.coverage, v.unseen, account().lag);
  v.gap_max = account().gap_max;
  v.gaps = gaps_;
  v.gaps_more = gaps_more_;
  const auto& open = v.coverage.open;
  if (open && open->length() + account().lag > v.gap_max) v.gaps.push_back(*open);
  v.gaps.insert(v.gaps.end(), v.unseen.begin(), v.unseen.end());
  v.findings = c.findings;
  v.joined_at = joined_at_;
  v.withdrawn_at = c.withdrawn_at;
  v.blind_spots = account().blind_spots;
  v.surfaces = pledge().surfaces & account().sees;
  v.never_visible = pledge().surfaces - account().sees;
  v.hides_backdated = account().hides_backdated;
  if (pledge().status == PledgeStatus::rumoured) v.standing = Standing::rumoured;
  if (pledge().status == PledgeStatus::withdrawn || c.withdrawn_at) {
    v.standing = Standing::withdrawn;
  }
  const bool exempt = is_exempt(v);
  if (c.posts) v.posts_seen = c.posts->seen(v.account.number, v.judged, v.surfaces);
  v.missing = missing(v, c);
  v.verdict =
      exempt && !c.log_not_understood && c.findings.standing == 0 ? Verdict::exempt : verdict(v, c);
  v.final =
      v.verdict == Verdict::kept ? v.coverage.swept_again : c.now >= v.judged.end + terms_->closes;
  return v;
}

// Takes exempt surfaces out of what is judged; true when nothing is left.
bool AccountCase::is_exempt(AccountVerdict& v) const {
  bool exempt = false;
  for (const Exemption& exemption : pledge().exemptions) {
    const bool whole = exemption.span.start <= v.judged.start && exemption.span.end >= v.judged.end;
    if (!whole) continue;
    const SurfaceSet before = v.surfaces;
    v.surfaces = exemption.surfaces.empty() ? SurfaceSet() : v.surfaces - exemption.surfaces;
    const bool all = exemption.surfaces.empty() ||
                     (pledge().surfaces - exemption.surfaces).empty() ||
                     (!before.empty() && v.surfaces.empty());
    if (!all) continue;
    exempt = true;
    v.exemption = exemption.reason;
  }
  return exempt;
}

std::vector<Missing> AccountCase::missing(const AccountVerdict& v, const Circumstances& c) const {
  const Coverage& seen = v.coverage;
  std::vector<Missing> all;
  const auto note = [&](bool is_missing, Missing what) {
    if (is_missing) all.push_back(what);
  };
  const bool infeasible = v.gap_max <= Millis{0} ||
                          (terms_->gap_ceiling > Millis{0} && v.gap_max > terms_->gap_ceiling);
  note(c.log_not_understood, Missing::log_not_understood);
  note(c.promise_late, Missing::promise_late);
  note(infeasible, Missing::promise_infeasible);
  note(!c.pinned, Missing::identity);
  note(v.surfaces.empty(), Missing::surfaces);
  note(!account().list_proves, Missing::list);
  note(!seen.baseline, Missing::baseline);
  note(c.clock_doubt > meter_.margin(), Missing::clock);
  note(seen.longest_gap > v.gap_max, Missing::gap);
  note(!seen.closed && !v.running, Missing::end);
  note(seen.unreadable > 0, Missing::unreadable);
  note(seen.went_away, Missing::went_away);
  note(!seen.swept && !v.running, Missing::sweep);
  note(c.findings.unclear > 0, Missing::exemption);
  note(!v.unseen.empty(), Missing::canary);
  return all;
}

// By evidence, the weakest last: what nothing else can be said of is unproven.
Verdict AccountCase::verdict(const AccountVerdict& v, const Circumstances& c) const {
  if (c.log_not_understood) return Verdict::unproven;
  if (c.findings.standing > 0) return Verdict::broken;
  if (v.running || c.findings.awaiting > 0) return Verdict::pending;
  const Coverage& seen = v.coverage;
  const Millis patience = std::max(v.gap_max, terms_->gap_ceiling);
  if (seen.unavailable && seen.unavailable_gap <= patience && c.findings.unclear == 0) {
    return Verdict::unavailable;
  }
  if (!seen.swept && c.now < v.judged.end + terms_->closes) return Verdict::pending;
  return v.missing.empty() ? Verdict::kept : Verdict::unproven;
}

}  // namespace pw
