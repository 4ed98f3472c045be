// How the report looks. Internal to the ledger.
#pragma once

#include <string_view>

namespace pw {

// One style sheet: light and dark after the reader's own setting, black on white
// in print; nothing is said by colour alone.
extern const std::string_view report_style;

}  // namespace pw
