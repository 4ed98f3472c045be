// Ed25519 (RFC 8032) over raw keys; internal to the ledger.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/types.h>

#include "daemon/ledger/note.h"

namespace pw {

// A seed and what is derived from it, which costs as much as a signature: whoever
// signs again and again keeps it.
class Ed25519Key {
 public:
  explicit Ed25519Key(const KeyBytes& seed);

  KeyBytes public_key() const;
  std::string sign(std::string_view message) const;

 private:
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
};

KeyBytes ed25519_public(const KeyBytes& seed);
std::string ed25519_sign(const KeyBytes& seed, std::string_view message);
bool ed25519_verify(const KeyBytes& public_key, std::string_view message,
                    std::string_view signature);
// From the system's secure generator.
KeyBytes random_seed();

}  // namespace pw
