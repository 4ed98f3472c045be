// HMAC (RFC 2104) under the methods that web hooks name, for checking what a
// stranger signed with a secret we gave.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pw {

// The code in lower-case hexadecimal. `method` is "sha1", "sha256", "sha384" or
// "sha512"; nothing for any other.
std::optional<std::string> hmac_hex(std::string_view method, std::string_view key,
                                    std::string_view bytes);

// Compares in time that depends on the lengths alone.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace pw
