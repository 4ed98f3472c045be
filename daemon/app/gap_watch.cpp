#include "daemon/app/gap_watch.h"

#include <algorithm>
#include <set>

namespace pw {
namespace {

constexpr std::size_t named_max = 10;

}  // namespace

std::optional<Interval> gap_in(const std::vector<Window>& windows, Instant observed, Instant now,
                               Instant joined) {
  for (const Window& window : windows) {
    const Interval& span = window.possible;
    const Instant from = observed == Instant{} ? std::max(span.start, joined) : observed;
    if (now > span.start && from < span.end && from < now) return Interval{from, now};
  }
  return std::nullopt;
}

void GapWatch::take(const std::vector<AccountGap>& open, const std::vector<AccountGap>& closed) {
  std::set<AccountNumber> current;
  for (const AccountGap& gap : closed) {
    longest_ = std::max(longest_, gap.length);
    if (told_.erase(gap.account) > 0) continue;
    waiting_.insert_or_assign(gap.account, Gap{gap, /*seen_again=*/true});
  }
  for (const AccountGap& gap : open) {
    current.insert(gap.account);
    longest_ = std::max(longest_, gap.length);
    if (const auto it = told_.find(gap.account); it != told_.end())
      it->second = gap;
    else
      waiting_.insert_or_assign(gap.account, Gap{gap});
  }
  // Of no window or no roster any more.
  std::erase_if(told_, [&](const auto& one) { return !current.contains(one.first); });
  std::erase_if(waiting_, [&](const auto& one) {
    return !one.second.seen_again && !current.contains(one.first);
  });
}

// The longest first.
std::string GapWatch::begun(const std::string& platform, const Name& name) const {
  std::vector<Gap> gaps;
  for (const auto& [account, gap] : waiting_) gaps.push_back(gap);
  std::stable_sort(gaps.begin(), gaps.end(),
                   [](const Gap& a, const Gap& b) { return a.gap.length > b.gap.length; });
  std::string text = platform + ": " + std::to_string(gaps.size()) +
                     (gaps.size() == 1 ? " account has" : " accounts have") +
                     " a gap longer than promised: ";
  for (std::size_t i = 0; i < std::min(gaps.size(), named_max); ++i) {
    const auto& [gap, seen_again] = gaps[i];
    text += (i == 0 ? "" : ", ") + name(gap.account) + " (" + print_duration(gap.length) +
            ", promised " + print_duration(gap.promised) + (seen_again ? ", seen again)" : ")");
  }
  if (gaps.size() > named_max)
    text += " and " + std::to_string(gaps.size() - named_max) + " more: pledgewatch status";
  if (!told_.empty()) text += "; " + std::to_string(told_.size()) + " more were told before";
  return text;
}

GapWatch::Said GapWatch::note(const std::string& platform, const std::vector<AccountGap>& open,
                              const std::vector<AccountGap>& closed, bool inhibited,
                              const Name& name, Instant now) {
  take(open, closed);
  if (inhibited) return {};
  if (!waiting_.empty() && (!last_ || now - *last_ >= gap_interval)) {
    Said said{begun(platform, name)};
    for (const auto& [account, gap] : waiting_) {
      if (!gap.seen_again) told_.emplace(account, gap.gap);
    }
    waiting_.clear();
    last_ = now;
    raised_ = true;
    return said;
  }
  if (!raised_ || !told_.empty() || !waiting_.empty()) return {};
  raised_ = false;
  Said said{"over: " + platform + ": every account is seen again; the longest gap was " +
                print_duration(longest_),
            /*over=*/true};
  longest_ = Millis{0};
  return said;
}

}  // namespace pw
