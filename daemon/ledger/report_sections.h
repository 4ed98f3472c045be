// Sections of the report's page. Internal to the ledger.
#pragma once

#include <span>
#include <string>

#include "daemon/ledger/report.h"

namespace pw {

// Those of the account in its window, with posts, reviews and their reasons.
std::string print_findings(const AccountVerdict& verdict, std::span<const FindingRow> findings);
// Spells in which connectors saw nothing: an outage is no silence.
std::string print_outages(const Judgement& judgement);
std::string print_deliveries(const ReportInput& input);
std::string print_connectors(const ReportInput& input);
std::string print_runs(const ReportInput& input);
std::string print_how_to_verify(const ReportInput& input);

}  // namespace pw
