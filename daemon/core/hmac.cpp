#include "daemon/core/hmac.h"

#include <array>
#include <cstdint>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "daemon/core/hash.h"

namespace pw {
namespace {

const EVP_MD* algorithm_named(std::string_view method) {
  if (method == "sha1") return EVP_sha1();
  if (method == "sha256") return EVP_sha256();
  if (method == "sha384") return EVP_sha384();
  if (method == "sha512") return EVP_sha512();
  return nullptr;
}

}  // namespace

std::optional<std::string> hmac_hex(std::string_view method, std::string_view key,
                                    std::string_view bytes) {
  const EVP_MD* algorithm = algorithm_named(method);
  if (algorithm == nullptr) return std::nullopt;
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> code{};
  unsigned int size = code.size();
  HMAC(algorithm, key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), code.data(), &size);
  return print_hex({code.data(), size});
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace pw
