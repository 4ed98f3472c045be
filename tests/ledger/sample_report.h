// A small campaign with one pledge for every verdict, and hostile texts in it.
#pragma once

#include "daemon/ledger/report.h"

namespace pw {

ReportInput sample_report();

}  // namespace pw
