// Erasing what is personal of one account: its posts, and what was written of them, in
// the store and in files beside it. The log keeps its digests and says who asked, when
// and why. Used by the daemon, and by the command line while none runs. What a receiver,
// the journal or a backup holds is beyond it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "daemon/ledger/folder.h"
#include "daemon/screen/screener.h"

namespace pw {

struct EraseRequest {
  AccountNumber account = 0;
  std::string who;  // who asks for it, as the log will say
  std::string why;  // the log has its digest only
};

struct Erased {
  std::size_t posts = 0;              // erased now; those of an earlier time not counted
  std::size_t files = 0;              // of evidence and observations
  std::vector<std::string> retold{};  // deliveries that tell again of others alone
};

class EraseDesk {
 public:
  // All of it outlives the desk; `state` is the state's folder, not the log's.
  EraseDesk(Store& store, Folder& state, const Grounds& grounds)
      : store_(store), state_(state), grounds_(grounds) {}

  // `malformed`: no name, no reason; `gone`: nothing is known of the account;
  // `rate_limited`: done but for files that somebody keeps from being cleaned, ask again.
  // Asking again is harmless and ends what a crash left undone.
  Result<Erased> erase(const EraseRequest& request, Instant now);

 private:
  Result<std::vector<OutboxRow>> tell_others_alone(AccountNumber account, Instant now);
  std::optional<OutboxRow> alone(const Delivery& shared, const Finding& finding, Instant now);
  Result<std::size_t> remove_files(AccountNumber account);

  Store& store_;
  Folder& state_;
  const Grounds& grounds_;
};

}  // namespace pw
