// One account over one window while the log is read: its meter, the gaps beyond
// the promise, and in the end its verdict.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/ledger/coverage.h"
#include "daemon/ledger/judgement.h"
#include "daemon/ledger/post_book.h"
#include "daemon/ledger/terms.h"

namespace pw {

class AccountCase {
 public:
  // `terms` are those in force when the window opened, or when the account
  // joined; `account` and `window` are places in them.
  AccountCase(std::shared_ptr<const Terms> terms, std::uint32_t account, std::uint32_t window,
              std::optional<Instant> joined_at);

  void add(const Look& look);

  // What the rest of the log says, where it concerns this case.
  struct Circumstances {
    Instant now{};
    bool log_not_understood = false;
    bool promise_late = false;
    bool pinned = false;  // before the window opened
    Millis clock_doubt{0};
    std::optional<Instant> withdrawn_at{};
    FindingTally findings{};
    const PostBook* posts = nullptr;
    std::optional<Habit> habit{};
    std::vector<Interval> unseen{};  // by the connector's canaries
  };
  AccountVerdict judge(const Circumstances& circumstances) const;

  const AccountTerms& account() const { return terms_->accounts[account_]; }
  const Pledge& pledge() const { return terms_->pledges[account().account.pledge]; }
  const Window& window() const { return pledge().windows[window_]; }
  const Terms& terms() const { return *terms_; }
  // Of an assumed zone the day on all of earth; of one that joined late, what was
  // left when it was first seen.
  Interval judged() const;
  Instant opens() const { return window().possible.start; }
  bool is_late() const { return joined_at_.has_value(); }

 private:
  std::vector<Missing> missing(const AccountVerdict& v, const Circumstances& c) const;
  Verdict verdict(const AccountVerdict& v, const Circumstances& c) const;
  bool is_exempt(AccountVerdict& v) const;
  void start_late(Instant first);

  std::shared_ptr<const Terms> terms_;
  std::uint32_t account_;
  std::uint32_t window_;
  std::optional<Instant> joined_at_;
  bool waits_for_first_ = false;  // joined late and not seen yet
  CoverageMeter meter_;
  std::vector<Interval> gaps_;
  std::uint32_t gaps_more_ = 0;
};

}  // namespace pw
