// What can go wrong between a platform and whoever asks it, as plain facts: from
// when to when, where, and for whom.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/time.h"

namespace pw {

enum class FaultKind {
  outage,           // 503 and a proxy's HTML page
  reset,            // the connection is dropped without an answer
  hang,             // nothing comes, for longer than anybody waits
  slow,             // a whole answer, seconds late
  cut,              // the connection is dropped in the middle of the body
  truncated,        // half a document, sent as if it were whole
  html,             // status 200 and somebody's HTML page
  garbled,          // declared as gzip, and is none
  login_redirect,   // 302 to a login page
  login_page,       // 200 and the login page itself
  rate_limited,     // 429 (Instagram: code 17), with the platform's own headers
  app_limited,      // Instagram: code 4, for the whole app
  token_expired,    // Instagram: code 190/463
  closed,           // Mastodon: 401, answers only those who log in
  stale,            // a cache answers with what was there when the fault began
  unmodified,       // a broken cache answers 304 to every conditional request
  missing,          // 404 and a page of HTML for what is there (YouTube's feeds do)
  blocked,          // 403 and a page of HTML, from something in front of the platform
  bare_limit,       // 429, and not a word on when to come back
  empty,            // 200 without a body
  restamped,        // the same list in other bytes, with other validators
  swelled,          // ten megabytes longer than it need be
  emptied,          // 200 and a list of nothing, whatever stands
  shuffled,         // the list in another order
  doubled,          // every item twice
  strange,          // members and kinds that no document names
  unreadable,       // a list of as many items, of which none can be read
  internal_error,   // 500 and a page of HTML
  bad_gateway,      // 502, likewise
  late_gateway,     // 504, likewise
  bomb,             // some kilobytes of gzip that decode to 64 megabytes
  mangled,          // the first item's texts have bytes that are no UTF-8
  wrong_charset,    // declared as ISO 8859-1, and is UTF-8
  clock_behind,     // Date is 90 seconds behind
  clock_ahead,      // Date is 90 seconds ahead
  cached,           // Age says that the answer is a quarter of an hour old
  looped,           // the next page is this page
  nextless,         // a full page that names no next one
  keyless,          // the list and its name are left out of the answer
  partial,          // an error about somebody else stands beside the list
  half_unreadable,  // one more item than there is, which cannot be read
  repeated,         // every further page begins with the last item of the first
  one_unreadable,   // the first item cannot be read
  circled,          // the page after the second is the first
  dated_limit,      // 429, and Retry-After names the moment
  trickle,          // a whole answer, byte by byte for ten minutes
  midnight_24,      // midnight is written as 24:00:00 of the day before
  leap_second,      // ... and as its leap second, 23:59:60
  post_names,       // X: its newer names of members, post for tweet
  unheard,          // the first item's kinds are of tomorrow's platform
};

inline constexpr std::array<std::string_view, 50> fault_names = {"outage",
                                                                 "reset",
                                                                 "hang",
                                                                 "slow",
                                                                 "cut",
                                                                 "truncated",
                                                                 "html",
                                                                 "garbled",
                                                                 "login_redirect",
                                                                 "login_page",
                                                                 "rate_limited",
                                                                 "app_limited",
                                                                 "token_expired",
                                                                 "closed",
                                                                 "stale",
                                                                 "unmodified",
                                                                 "missing",
                                                                 "blocked",
                                                                 "bare_limit",
                                                                 "empty",
                                                                 "restamped",
                                                                 "swelled",
                                                                 "emptied",
                                                                 "shuffled",
                                                                 "doubled",
                                                                 "strange",
                                                                 "unreadable",
                                                                 "internal_error",
                                                                 "bad_gateway",
                                                                 "late_gateway",
                                                                 "bomb",
                                                                 "mangled",
                                                                 "wrong_charset",
                                                                 "clock_behind",
                                                                 "clock_ahead",
                                                                 "cached",
                                                                 "looped",
                                                                 "nextless",
                                                                 "keyless",
                                                                 "partial",
                                                                 "half_unreadable",
                                                                 "repeated",
                                                                 "one_unreadable",
                                                                 "circled",
                                                                 "dated_limit",
                                                                 "trickle",
                                                                 "midnight_24",
                                                                 "leap_second",
                                                                 "post_names",
                                                                 "unheard"};
constexpr std::string_view name_of(FaultKind kind) {
  return fault_names[static_cast<std::size_t>(kind)];
}

// An empty field means: whichever.
struct Fault {
  FaultKind kind = FaultKind::outage;
  Interval span{};
  std::string platform{};
  std::string host{};     // Mastodon: the home server
  std::string handle{};   // one account only
  std::string user_id{};  // Instagram: one credential only
};

}  // namespace pw
