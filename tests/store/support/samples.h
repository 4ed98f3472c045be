// Values that lose something in any store that is careless with them.
#pragma once

#include <string>
#include <vector>

#include "daemon/store/store.h"

namespace pw {

Instant at_second(std::int64_t seconds);
std::vector<Account> sample_accounts(int count);
// Every field set, texts with NUL, invalid UTF-8 and four-byte characters.
StoredPost sample_post(AccountNumber account, const std::string& id);
Finding sample_finding(AccountNumber account, const std::string& post_id);
OutboxRow sample_row(const std::string& sink, const std::string& id, Instant not_before);
LookCommit sample_look(AccountNumber account, std::vector<StoredPost> posts);

// Everything that is stored of it, in a form that tests can compare.
std::string print_stored(const StoredPost& post);
std::string print_finding(const Finding& finding);
std::string print_state(const AccountState& state);

}  // namespace pw
