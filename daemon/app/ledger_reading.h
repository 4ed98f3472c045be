// The log of a campaign, read from its store and its folder: what the report and
// the comparison with a plan rest on. Works while the daemon runs.
#pragma once

#include <memory>
#include <vector>

#include "config/config.h"
#include "daemon/core/result.h"
#include "daemon/ledger/judgement.h"
#include "daemon/ledger/report.h"
#include "daemon/store/store.h"

namespace pw {

struct LedgerReading {
  std::unique_ptr<Store> store;  // read only
  Judgement judgement;           // as of the log's last entry, as `verify` has it
  std::vector<RunRow> runs;
  std::vector<ConnectorRow> connectors{};
  Checkpoint checkpoint{};
  std::string note{};
  std::string vkey{};
};

Result<LedgerReading> read_ledger(const Config& config);

// Everything the report shows beside the judgement.
Result<ReportInput> report_input(LedgerReading reading);

}  // namespace pw
