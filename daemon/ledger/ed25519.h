// Ed25519 (RFC 8032) over raw keys; internal to the ledger.
#pragma once

#include <string>
#include <string_view>

#include "daemon/ledger/note.h"

namespace pw {

KeyBytes ed25519_public(const KeyBytes& seed);
std::string ed25519_sign(const KeyBytes& seed, std::string_view message);
bool ed25519_verify(const KeyBytes& public_key, std::string_view message,
                    std::string_view signature);
// From the system's secure generator.
KeyBytes random_seed();

}  // namespace pw
