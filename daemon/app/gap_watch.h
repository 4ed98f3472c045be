// Which accounts have a gap longer than promised, and when operators hear of it: each
// account once, those of a platform together, and the platform again only after a
// while. Pure: facts in, sentences out.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/account.h"
#include "daemon/core/pledge.h"
#include "daemon/core/time.h"

namespace pw {

// Longer than promised, and it touches one of the account's windows.
struct AccountGap {
  AccountNumber account = 0;
  Millis length{0};  // whole
  Millis promised{0};
};

// What has not been looked at successfully since `observed` (epoch: never) or was not
// until `now`, if any of it lies in a window; whole, as the judge counts gaps. Nothing was
// promised of an account before it `joined` a running campaign (epoch: it was there).
std::optional<Interval> gap_in(const std::vector<Window>& windows, Instant observed, Instant now,
                               Instant joined = {});

// From a platform's message about gaps to its next one.
inline constexpr Millis gap_interval = std::chrono::minutes(5);

// Of one platform.
class GapWatch {
 public:
  using Name = std::function<std::string(AccountNumber)>;

  struct Said {
    std::string title;  // empty: nothing is told
    bool over = false;  // all that were told of are seen again
  };

  // `open` are the gaps of now, `closed` those that a look has ended since the last
  // call. While `inhibited` nothing is told; what is still a gap afterwards, or became
  // one meanwhile, is told then.
  Said note(const std::string& platform, const std::vector<AccountGap>& open,
            const std::vector<AccountGap>& closed, bool inhibited, const Name& name, Instant now);

 private:
  struct Gap {
    AccountGap gap;
    bool seen_again = false;
  };

  void take(const std::vector<AccountGap>& open, const std::vector<AccountGap>& closed);
  std::string begun(const std::string& platform, const Name& name) const;

  std::map<AccountNumber, AccountGap> told_;  // and not seen since
  std::map<AccountNumber, Gap> waiting_;      // to be told
  std::optional<Instant> last_{};             // when something was told
  Millis longest_{0};                         // of those told since all was well
  bool raised_ = false;                       // told, and not said to be over
};

}  // namespace pw
