// Handles of servers that speak ActivityPub: a name and the host it belongs to.
#pragma once

#include <string>
#include <string_view>

#include "connectors/connector.h"

namespace pw {

struct FediverseName {
  std::string user;
  std::string host;
};

// "@name@host", "name@host", "acct:name@host", "https://host/@name",
// "https://host/users/name"; `host` where the text names none. In lower case, and
// not checked.
FediverseName split_fediverse_handle(std::string_view text, std::string_view host);

// The account with handle "name@host" and that host; nothing, and `why`, when it
// cannot be one. `example` names the platform in the sentence: "a Mastodon".
std::optional<Account> normalise_fediverse(Account account, std::string_view example,
                                           std::string& why);

}  // namespace pw
