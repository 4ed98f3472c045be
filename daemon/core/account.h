// Who is watched: one public profile on one platform, and the person or
// organisation behind it that pledged.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pw {

// An account's number is given when the roster is first loaded, in roster
// order, and never reused; the log, the store and the report all name an
// account by it.
using AccountNumber = std::uint32_t;

struct Account {
  AccountNumber number = 0;
  std::uint32_t pledge = 0;  // index into Roster::pledges
  std::string platform;      // the connector's name: "instagram", "mastodon", ...
  std::string handle;        // as the roster wrote it, without a leading '@'
  std::string host;          // home server, where the platform has several; else empty
  std::string id;            // pinned stable id; empty until resolved
  std::string home{};        // the server that answers for it now, where that is found out
};

// "instagram:riverbank.bakery", for people and for matching roster lines.
inline std::string print_account(const Account& account) {
  return account.platform + ':' + account.handle;
}

// What a connector needs to ask in somebody's name. The token never reaches a log, an
// evidence file, or a URL but the one by which Meta is asked about the token itself.
struct Credential {
  std::string label;    // names it in logs: "instagram-a"
  std::string app;      // credentials of one app share its budget; label when unknown
  std::string user_id;  // Instagram: the operator's own ig user id
  std::string token;
  // Meta: the app's secret, where the app requires proofs; a secret like the token.
  std::string app_secret{};
  // Instagram: the handle whose owner gave this token of their own; it then reads
  // that account alone. Empty: the token is the operator's.
  std::string account{};
};

}  // namespace pw
