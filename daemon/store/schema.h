// The tables, as numbered steps. A released step is never changed; what changes
// is a further step at the end of the list in schema.cpp.
#pragma once

#include "daemon/core/result.h"
#include "daemon/store/database.h"

namespace pw {

// The number of the newest step this program knows; in the file: user_version.
int schema_version();

// Refuses a file that is not a store of ours (application_id), and a schema newer
// than this program's. An older one is fine here. An empty file is version 0.
Result<int> identify(Database& database);

// Runs the steps that are missing up to number `to`, each in its own transaction: a
// crash between two of them is continued by the next start. A smaller `to` makes the
// tables of an older program.
Result<Done> migrate(Database& database, int to = schema_version());

}  // namespace pw
