// Opening a file with SQLite: the one place that names its flags.
#pragma once

#include <memory>
#include <string>

#include "daemon/core/result.h"
#include "daemon/store/database.h"

namespace pw {

enum class Access {
  read_write,
  read_only,
  immutable,  // read-only, and nobody else can write: no locks, no log, no index
};

Result<std::unique_ptr<Database>> connect(const std::string& path, Access access);

// Sets what the contract rests on and reads it back.
Result<Done> configure(Database& database);

}  // namespace pw
