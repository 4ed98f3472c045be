#include "daemon/http/request_signature.h"

#include <memory>
#include <vector>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "daemon/core/hash.h"

namespace pw {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using PrivateKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

// Never asks at a terminal.
int no_password(char*, int, int, void*) { return 0; }

PrivateKey read_key(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  return PrivateKey(
      bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr) : nullptr,
      EVP_PKEY_free);
}

}  // namespace

std::string signature_base(std::string_view method, std::string_view path, std::string_view host,
                           std::string_view date) {
  std::string lower;
  for (const char c : method) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  std::string base = "(request-target): " + lower + ' ';
  base.append(path).append("\nhost: ").append(host).append("\ndate: ").append(date);
  return base;
}

Result<std::string> sign_request(const RequestKey& key, std::string_view method,
                                 std::string_view path, std::string_view host,
                                 std::string_view date) {
  const PrivateKey pkey = read_key(key.pem);
  if (!pkey || EVP_PKEY_get_base_id(pkey.get()) != EVP_PKEY_RSA)
    return Error{Errc::refused, "the credential is no RSA private key in PEM"};
  if (key.id.find_first_of("\"\\\r\n") != std::string::npos)
    return Error{Errc::refused, "the key's address cannot be sent"};
  const std::string base = signature_base(method, path, host, date);
  const DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::size_t size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(base.data());
  const bool began =
      context &&
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, pkey.get()) == 1 &&
      EVP_DigestSign(context.get(), nullptr, &size, bytes, base.size()) == 1;
  std::vector<unsigned char> signature(size);
  if (!began || EVP_DigestSign(context.get(), signature.data(), &size, bytes, base.size()) != 1) {
    return Error{Errc::refused, "the credential's key does not sign"};
  }
  const std::string_view raw(reinterpret_cast<const char*>(signature.data()), size);
  return "keyId=\"" + key.id +
         "\",algorithm=\"rsa-sha256\",headers=\"(request-target) host date\",signature=\"" +
         print_base64(raw) + '"';
}

}  // namespace pw
