// Files on this machine's disk: the only input of this folder that is not a
// parameter.
#pragma once

#include <cstddef>
#include <string>

#include "config/load.h"
#include "daemon/core/result.h"

namespace pw {

// The bytes of a regular file, refused beyond `bytes_max`.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);

// Credentials from $CREDENTIALS_DIRECTORY (systemd.exec(5), "CREDENTIALS"),
// files by their path.
Result<std::string> read_secret_here(const SecretName& secret);

}  // namespace pw
