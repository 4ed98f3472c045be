#include "daemon/ledger/finding_book.h"

#include <algorithm>

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

void FindingBook::note_post(const PostEntry& entry) {
  if (entry.event != PostEvent::removed) surfaces_[entry.post] = entry.surface;
}

void FindingBook::note_finding(const FindingEntry& entry) {
  const auto [it, is_new] = by_id_.try_emplace(entry.finding.id, cases_.size());
  if (!is_new) return;
  by_account_[entry.finding.account].push_back(cases_.size());
  cases_.push_back({entry.finding});
  // Open until people have spoken, whatever the entry says of itself.
  cases_.back().finding.state = FindingState::open;
}

bool FindingBook::note_review(const ReviewEntry& entry) {
  const auto it = by_id_.find(entry.finding);
  if (it == by_id_.end()) return false;
  if (!entry.act.empty()) return true;
  Case& c = cases_[it->second];
  c.finding.state = entry.state;
  if (c.words.size() < reviewers_max || c.words.contains(entry.reviewer)) {
    c.words[entry.reviewer] = entry.decision;
  }
  return true;
}

FindingTally FindingBook::tally(AccountNumber account, const Window& window, Instant from,
                                const Pledge& pledge, int publish_needs, Millis clock_doubt) const {
  FindingTally tally;
  const auto places = by_account_.find(account);
  if (places == by_account_.end()) return tally;
  for (const std::size_t place : places->second) {
    const Case& c = cases_[place];
    const Interval appeared{c.finding.appeared.start - clock_doubt,
                            c.finding.appeared.end + clock_doubt};
    const Ternary inside = covers(window, appeared);
    if (inside == Ternary::no || appeared.end < from) continue;
    if (c.finding.severity != Severity::breach || c.finding.mode != Mode::alert) {
      ++tally.quieter;
    } else {
      const bool is_doubted = clock_doubt > Millis{0} && inside == Ternary::unknown;
      const Ternary exempt = exempted(c, pledge);
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
  const auto confirmers = std::count_if(c.words.begin(), c.words.end(), [](const auto& word) {
    return word.second == FindingState::confirmed;
  });
  FindingState state = c.finding.state;
  // The log's word alone does not confirm: the people are counted again.
  if (state == FindingState::confirmed && confirmers < std::max(1, publish_needs)) {
    state = FindingState::open;
  }
  ++tally.breaches[static_cast<std::size_t>(state)];
  if (state == FindingState::open) ++tally.awaiting;
  if (state != FindingState::confirmed) return;
  ++(exempt == Ternary::unknown ? tally.unclear : tally.standing);
}

Ternary FindingBook::exempted(const Case& c, const Pledge& pledge) const {
  Ternary answer = Ternary::no;
  for (const Exemption& exemption : pledge.exemptions) {
    Ternary covered = covered_by(exemption, c.finding.appeared);
    if (covered == Ternary::no) continue;
    const auto surface = surfaces_.find(c.finding.post_id);
    if (!exemption.surfaces.empty()) {
      if (surface == surfaces_.end())
        covered = Ternary::unknown;
      else if (!exemption.surfaces.has(surface->second))
        continue;
    }
    if (covered == Ternary::yes) return Ternary::yes;
    answer = Ternary::unknown;
  }
  return answer;
}

}  // namespace pw
