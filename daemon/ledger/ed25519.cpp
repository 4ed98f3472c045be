#include "daemon/ledger/ed25519.h"

#include <cassert>
#include <memory>

#include <openssl/evp.h>
#include <openssl/rand.h>

namespace pw {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

// None of the calls below can fail on 32 bytes but for want of memory, which
// stops the program like every other want of memory.
Ed25519Key::Ed25519Key(const KeyBytes& seed)
    : key_(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()),
           &EVP_PKEY_free) {}

KeyBytes Ed25519Key::public_key() const {
  KeyBytes bytes{};
  std::size_t size = bytes.size();
  [[maybe_unused]] const int done = EVP_PKEY_get_raw_public_key(key_.get(), bytes.data(), &size);
  assert(done == 1 && size == bytes.size());
  return bytes;
}

std::string Ed25519Key::sign(std::string_view message) const {
  const DigestContext context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::string signature(64, '\0');
  std::size_t size = signature.size();
  [[maybe_unused]] const bool done =
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     raw(message), message.size()) == 1;
  assert(done && size == signature.size());
  return signature;
}

KeyBytes ed25519_public(const KeyBytes& seed) { return Ed25519Key(seed).public_key(); }

std::string ed25519_sign(const KeyBytes& seed, std::string_view message) {
  return Ed25519Key(seed).sign(message);
}

bool ed25519_verify(const KeyBytes& public_key, std::string_view message,
                    std::string_view signature) {
  if (signature.size() != 64) return false;
  const Key key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, public_key.data(), public_key.size()),
      &EVP_PKEY_free);
  const DigestContext context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  return key && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(message),
                          message.size()) == 1;
}

KeyBytes random_seed() {
  KeyBytes seed{};
  [[maybe_unused]] const int done = RAND_bytes(seed.data(), static_cast<int>(seed.size()));
  assert(done == 1 && "the system has no randomness");
  return seed;
}

}  // namespace pw
