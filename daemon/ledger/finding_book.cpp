#include "daemon/ledger/finding_book.h"

#include <algorithm>
#include <cstring>

namespace pw {
namespace {

// More reviewers of one finding than any campaign has: a hostile log must not
// take memory for each.
constexpr std::size_t reviewers_max = 1000;

Ternary covered_by(const Exemption& exemption, Interval appeared) {
  if (appeared.start >= exemption.span.start && appeared.end < exemption.span.end) {
    return Ternary::yes;
  }
  const bool apart = appeared.end < exemption.span.start || appeared.start >= exemption.span.end;
  return apart ? Ternary::no : Ternary::unknown;
}

}  // namespace

std::size_t FindingBook::Hash::operator()(const Digest& id) const {
  std::size_t first = 0;
  std::memcpy(&first, id.data(), sizeof first);
  return first;
}

void FindingBook::note_finding(const FindingEntry& entry) {
  const Finding& finding = entry.finding;
  const Digest id = sha256(finding.id);
  if (by_id_.contains(id)) return;
  const auto place = static_cast<Place>(cases_.size());
  Case& c = cases_.emplace_back();
  c.id = id;
  c.post = post_name(finding.post_id);
  c.appeared = finding.appeared;
  c.account = finding.account;
  c.counts = finding.severity == Severity::breach && finding.mode == Mode::alert;
  // Open until people have spoken, whatever the entry says of itself.
  c.state = FindingState::open;
  by_id_.insert(place);
  Place& latest = latest_[finding.account];
  c.earlier = latest;
  latest = place + 1;
}

bool FindingBook::note_review(const ReviewEntry& entry) {
  const auto it = by_id_.find(sha256(entry.finding));
  if (it == by_id_.end()) return false;
  if (!entry.act.empty()) return true;
  Case& c = cases_[*it];
  c.state = entry.state;
  if (!c.words) c.words = std::make_unique<Words>();
  if (c.words->size() < reviewers_max || c.words->contains(entry.reviewer)) {
    (*c.words)[entry.reviewer] = entry.decision;
  }
  return true;
}

FindingTally FindingBook::tally(AccountNumber account, const Window& window, Instant from,
                                const Pledge& pledge, int publish_needs, Millis clock_doubt,
                                const PostBook& posts) const {
  FindingTally tally;
  const auto latest = latest_.find(account);
  if (latest == latest_.end()) return tally;
  for (Place place = latest->second; place != 0; place = cases_[place - 1].earlier) {
    const Case& c = cases_[place - 1];
    const Interval appeared{c.appeared.start - clock_doubt, c.appeared.end + clock_doubt};
    const Ternary inside = covers(window, appeared);
    if (inside == Ternary::no || appeared.end < from) continue;
    if (!c.counts) {
      ++tally.quieter;
    } else {
      const bool is_doubted = clock_doubt > Millis{0} && inside == Ternary::unknown;
      const Ternary exempt = exempted(c, pledge, posts);
      count(tally, c, exempt == Ternary::no && is_doubted ? Ternary::unknown : exempt,
            publish_needs);
    }
  }
  return tally;
}

void FindingBook::count(FindingTally& tally, const Case& c, Ternary exempt, int publish_needs) {
  if (exempt == Ternary::yes) {
    ++tally.exempted;
    return;
  }
  const auto confirms = [](const auto& word) { return word.second == FindingState::confirmed; };
  const auto confirmers = c.words ? std::count_if(c.words->begin(), c.words->end(), confirms) : 0;
  FindingState state = c.state;
  // The log's word alone does not confirm: the people are counted again.
  if (state == FindingState::confirmed && confirmers < std::max(1, publish_needs)) {
    state = FindingState::open;
  }
  ++tally.breaches[static_cast<std::size_t>(state)];
  if (state == FindingState::open) ++tally.awaiting;
  if (state != FindingState::confirmed) return;
  ++(exempt == Ternary::unknown ? tally.unclear : tally.standing);
}

Ternary FindingBook::exempted(const Case& c, const Pledge& pledge, const PostBook& posts) {
  Ternary answer = Ternary::no;
  for (const Exemption& exemption : pledge.exemptions) {
    Ternary covered = covered_by(exemption, c.appeared);
    if (covered == Ternary::no) continue;
    if (!exemption.surfaces.empty()) {
      const std::optional<Surface> surface = posts.surface(c.account, c.post);
      if (!surface)
        covered = Ternary::unknown;
      else if (!exemption.surfaces.has(*surface))
        continue;
    }
    if (covered == Ternary::yes) return Ternary::yes;
    answer = Ternary::unknown;
  }
  return answer;
}

}  // namespace pw
