// Observations on their way into the store: by the command itself where no daemon
// runs, else through the inbox that the daemon reads.
#pragma once

#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "connectors/observer.h"
#include "daemon/core/pledge.h"
#include "daemon/ledger/folder.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/log.h"
#include "daemon/store/store.h"

namespace pw {

// Folders below the state folder.
inline constexpr std::string_view inbox_folder = "inbox";
inline constexpr std::string_view refused_folder = "inbox-refused";
inline constexpr std::string_view observations_folder = "observations";

inline constexpr std::size_t observation_salt_bytes = 16;

// The account that `name` ("instagram:riverbank.bakery", or the handle alone where
// no other has it) names; null when none does.
const Account* account_named(const std::vector<Account>& accounts, std::string_view name);

// Stores the observation with its entries of the log in one transaction: the post,
// not yet screened, and the digest of its picture.
Result<Done> record_observation(Store& store, AccountNumber account, const Observed& observed,
                                const std::string& salt, Instant now);

struct InboxParts {
  Folder& state;
  Store& store;
  Clock& clock;
  Log& log;
  const Roster& roster;
  std::function<std::string()> make_salt;
  std::function<void()> on_news;
};

// Stores one, as print_observed has it. `malformed`: no such record; `gone`: an account
// that is not on the roster. What the store refuses is thrown.
Result<Done> take_observation(InboxParts& parts, std::string_view record);

// Once a second until cancelled. What cannot be recorded is moved aside and said
// once; nothing in the inbox is lost.
boost::asio::awaitable<void> read_inbox(InboxParts parts);

}  // namespace pw
