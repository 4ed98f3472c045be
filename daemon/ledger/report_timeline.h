// One account's window as a drawing: where it was watched, where it was not, and
// when what was found appeared. Shapes carry the meaning, colours only help.
// Internal to the ledger.
#pragma once

#include <span>
#include <string>

#include "daemon/ledger/report.h"

namespace pw {

// An inline SVG with a text for those who do not see it. `findings` may be of
// any account; those of this one in this window are drawn.
std::string print_timeline(const AccountVerdict& verdict, std::span<const FindingRow> findings);

// The pattern that gaps are filled with; once per page, before the first timeline.
std::string print_timeline_patterns();

}  // namespace pw
