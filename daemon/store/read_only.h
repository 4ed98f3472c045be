// Reading a store beside the daemon that writes it, or after a crash, without
// changing a byte of the database.
#pragma once

#include <memory>
#include <string>

#include "daemon/core/result.h"
#include "daemon/store/database.h"

namespace pw {

// The connection holds one snapshot from its opening to its end, so that
// everything that is read belongs together. Reading needs an index of the
// write-ahead log; where the folder does not let us make one, and no daemon has
// one, we read the file as it is or, when a crash left a log beside it, a
// private copy of both.
Result<std::unique_ptr<Database>> open_read_only(const std::string& path);

}  // namespace pw
