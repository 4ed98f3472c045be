#include "daemon/app/board.h"

#include <algorithm>

namespace pw {
namespace {

constexpr std::size_t board_latest_max = 6;

}  // namespace

void Board::watch(const Account& account) {
  const auto it = std::find_if(platforms_.begin(), platforms_.end(), [&](const PlatformCount& row) {
    return row.platform == account.platform;
  });
  const auto index = static_cast<std::uint32_t>(it - platforms_.begin());
  if (it == platforms_.end()) platforms_.push_back({account.platform});
  ++platforms_[index].accounts;
  if (account.number >= seen_.size()) seen_.resize(account.number + 1);
  seen_[account.number] = Seen{.platform = index, .watched = true};
}

void Board::heard(const Look& look) {
  ++looks_;
  ++by_outcome_[static_cast<std::size_t>(look.outcome)];
  if (look.account >= seen_.size()) return;
  Seen& seen = seen_[look.account];
  seen.blind = !observes(look.outcome);
  if (seen.blind) return;
  if (seen.observed != Instant{})
    seen.gap_max = std::max(seen.gap_max, look.effective - seen.observed);
  seen.observed = look.effective;
}

void Board::found(const Finding& finding, Instant at) {
  ++findings_;
  if (finding.account < seen_.size()) {
    Seen& seen = seen_[finding.account];
    ++platforms_[seen.platform].findings;
    const Millis took = finding.found_at - finding.appeared.start;
    if (!finding.needs_review) seen.slowest = std::max(seen.slowest.value_or(took), took);
  }
  latest_.push_front({at, finding.summary});
  if (latest_.size() > board_latest_max) latest_.pop_back();
}

std::optional<Millis> Board::slowest(AccountNumber account) const {
  return account < seen_.size() ? seen_[account].slowest : std::nullopt;
}

std::vector<PlatformCount> Board::platforms(Instant now) const {
  std::vector<PlatformCount> rows = platforms_;
  for (const Seen& seen : seen_) {
    if (!seen.watched) continue;
    PlatformCount& row = rows[seen.platform];
    const bool observed = seen.observed != Instant{};
    row.seen += observed ? 1 : 0;
    row.blind += seen.blind ? 1 : 0;
    row.gap_max = std::max(row.gap_max, seen.gap_max);
    if (observed) row.gap_max = std::max(row.gap_max, now - seen.observed);
  }
  return rows;
}

}  // namespace pw
