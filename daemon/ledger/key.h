// The log's signing key: made once, kept in a file of its owner alone, known to
// everybody by its public half (`log.vkey`).
#pragma once

#include <string>
#include <string_view>

#include "daemon/core/result.h"
#include "daemon/ledger/note.h"

namespace pw {

// A new key from the system's generator. `name` should look like a URL without
// its scheme, "example.org/freeze-2026": it becomes every checkpoint's origin.
Result<SignerKey> make_key(std::string_view name);

// One line in the form of print_skey, mode 0600 (a systemd credential has 0400).
Result<SignerKey> read_key_file(const std::string& path);
// Refuses to replace a file: a lost key ends a log.
Result<Done> write_key_file(const std::string& path, const SignerKey& key);

}  // namespace pw
