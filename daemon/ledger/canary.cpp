#include "daemon/ledger/canary.h"

#include <algorithm>

namespace pw {

std::vector<Interval> missed_posts(std::span<const Instant> shown, Interval window, Millis every,
                                   Millis late, Instant until) {
  std::vector<Interval> missed;
  const Instant end = std::min(window.end, until);
  Instant last = window.start - every;  // one was due by the window's start
  const auto note = [&](Instant next) {
    const Interval span = intersect({last, next}, {window.start, end});
    if (next - last > every + late && !span.empty()) missed.push_back(span);
  };
  for (const Instant at : shown) {
    if (at > last) note(at);
    last = std::max(last, at);
  }
  if (end > last) note(end);
  return missed;
}

void blind_out(Coverage& coverage, std::span<const Interval> unseen, Millis lag) {
  const Millis around = coverage.longest.length();
  for (const Interval& span : unseen) {
    const Interval gap{span.start - around, span.end + around};
    if (intersect(span, coverage.window).empty()) continue;
    if (gap.length() > coverage.longest.length()) coverage.longest = gap;
  }
  coverage.longest_gap = std::max(coverage.longest_gap, coverage.longest.length() + lag);
}

void CanaryBook::enrol(AccountNumber account, const std::string& connector, Millis every,
                       Millis late) {
  Canary& canary = canaries_[account];
  canary.connector = connector;
  canary.every = every;
  canary.late = late;
}

void CanaryBook::note_post(AccountNumber account, Instant shown) {
  const auto it = canaries_.find(account);
  if (it == canaries_.end()) return;
  auto& all = it->second.shown;
  all.insert(std::upper_bound(all.begin(), all.end(), shown), shown);
}

std::vector<Interval> CanaryBook::unseen(const std::string& connector, Interval window,
                                         Instant until) const {
  std::vector<Interval> all;
  for (const auto& [account, canary] : canaries_) {
    if (canary.connector != connector) continue;
    const auto missed = missed_posts(canary.shown, window, canary.every, canary.late, until);
    all.insert(all.end(), missed.begin(), missed.end());
  }
  std::sort(all.begin(), all.end(),
            [](const Interval& a, const Interval& b) { return a.start < b.start; });
  std::vector<Interval> merged;
  for (const Interval& span : all) {
    if (!merged.empty() && span.start <= merged.back().end)
      merged.back().end = std::max(merged.back().end, span.end);
    else
      merged.push_back(span);
  }
  return merged;
}

}  // namespace pw
