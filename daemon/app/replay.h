// What the log says of the days before this start: where every account's looking
// stood. Read once when the daemon opens.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "daemon/core/hash.h"
#include "daemon/core/pledge.h"
#include "daemon/ledger/campaign_run.h"
#include "daemon/poll/agenda.h"
#include "daemon/poll/observe.h"
#include "daemon/store/store.h"

namespace pw {

struct AccountStanding {
  Memory memory;
  Agenda agenda;
  std::uint32_t turns = 0;
  bool pinned = false;
};

struct Replay {
  std::vector<AccountStanding> accounts;  // by account number
  std::optional<Digest> terms;            // in force: of the last campaign entry
  std::optional<Digest> rules;
  std::uint64_t starts = 0;  // how often the daemon has started
  CampaignRun run;
  std::set<AccountNumber> erased;  // whose content was erased
};

struct ReplayWindows {
  std::function<const std::vector<Window>&(AccountNumber)> of;
  SweepDelays sweeps;
};

// Every entry in order; `heard` is told of each look. An entry that cannot be
// read is an error: this log was not written by this program.
Result<Replay> replay_log(Store& store, const ReplayWindows& windows,
                          const std::function<void(const Look&)>& heard);

}  // namespace pw
