// One attempt to read one account. The set of outcomes is closed, because a
// verdict may claim no more than its looks support (design, section 3).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/account.h"
#include "daemon/core/hash.h"
#include "daemon/core/time.h"

namespace pw {

enum class Outcome : std::uint8_t {
  fresh,          // the list was read and something in it was new or changed
  unchanged,      // the list was read and is as it was
  truncated,      // newer posts than were read, or a sweep shallower than the baseline
  rate_limited,   // the platform asked us to wait
  unreachable,    // no answer, or a server's own failure
  refused,        // our credential or address is not welcome; a login wall
  not_visible,    // the platform will not show this account to this connector
  protected_,     // the account shows its posts to followers only
  suspended,      // the platform took the account down
  renamed,        // the pinned id answers to another handle now
  gone,           // confirmed, never from one 404
  other_account,  // the answer's id is not the pinned one; its posts are dropped
  malformed,      // the answer breaks the platform's own contract
  stale,          // older than the last answer
  suspect,        // known posts vanished together, or an empty list after a full one
};

inline constexpr std::array<std::string_view, 15> outcome_names = {
    "fresh",   "unchanged",     "truncated", "rate_limited", "unreachable",
    "refused", "not_visible",   "protected", "suspended",    "renamed",
    "gone",    "other_account", "malformed", "stale",        "suspect"};

constexpr std::string_view name_of(Outcome outcome) {
  return outcome_names[static_cast<std::size_t>(outcome)];
}
std::optional<Outcome> parse_outcome(std::string_view name);

// Only these two prove what was public at the look's effective time.
constexpr bool observes(Outcome outcome) {
  return outcome == Outcome::fresh || outcome == Outcome::unchanged;
}

// Why the account was looked at.
enum class Purpose : std::uint8_t {
  routine,
  baseline,     // the first list ever read; its posts are known, not new
  sweep,        // after the window: reads back to the baseline
  sweep_again,  // the second sweep, for posts that surface late
};

inline constexpr std::array<std::string_view, 4> purpose_names = {"routine", "baseline", "sweep",
                                                                  "sweep_again"};
constexpr std::string_view name_of(Purpose purpose) {
  return purpose_names[static_cast<std::size_t>(purpose)];
}
std::optional<Purpose> parse_purpose(std::string_view name);

struct Look {
  AccountNumber account = 0;
  Outcome outcome = Outcome::unreachable;
  Purpose purpose = Purpose::routine;
  // Receipt less the answer's age: what the answer shows was public then.
  Instant effective{};
  Instant received{};
  int http_status = 0;  // 0: no answer
  // The answer's digest, where it differs from the account's last one.
  std::optional<Digest> digest{};
  int posts_new = 0;
  int posts_skipped = 0;  // items present but unreadable; never rounded to none
  // Items read, newest first, over all pages of this look.
  int depth = 0;
  // Our clock less the answer's Date, where it had one.
  std::optional<Millis> clock_offset{};
  std::string detail{};  // for people; empty on a quiet look
};

}  // namespace pw
