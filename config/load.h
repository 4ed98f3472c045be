// From a campaign file to a Config: whole, or not at all.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/config.h"
#include "daemon/core/issue.h"
#include "daemon/core/result.h"

namespace pw {

inline constexpr std::size_t config_bytes_max = 4'194'304;
inline constexpr std::size_t secret_bytes_min = 8;
inline constexpr std::size_t secret_bytes_max = 4'096;

// Where a secret lies.
struct SecretName {
  enum class Kind { credential, file };
  Kind kind = Kind::file;
  std::string name;  // the credential's name, or the file's path
};

// The secret's bytes as they lie there; an error's detail is for people.
using SecretReader = std::function<Result<std::string>(const SecretName&)>;

// Pure: `text` is the content of the file that the operator named `file`, and
// secrets come from `read_secret`. All mistakes are added to `issues`, in the
// file's order; nothing is returned when one of them is an error. Relative paths
// start at the folder of `file`.
std::optional<Config> load_config(std::string_view file, std::string_view text,
                                  const SecretReader& read_secret,
                                  std::span<const std::string_view> known_connectors,
                                  Issues& issues);

// The same from disk; without a `read_secret` with the secrets of this machine.
std::optional<Config> load_config_file(const std::string& file,
                                       std::span<const std::string_view> known_connectors,
                                       Issues& issues, const SecretReader& read_secret = {});

}  // namespace pw
