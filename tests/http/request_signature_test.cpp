// Signed requests, checked by OpenSSL's other half.
#include "daemon/http/request_signature.h"

#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <catch2/catch.hpp>

#include "daemon/core/hash.h"

using namespace pw;

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string pem_of(EVP_PKEY* key) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

bool verifies(EVP_PKEY* key, const std::string& text, const std::string& signature) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key);
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

constexpr std::string_view date = "Wed, 16 Sep 2026 14:03:27 GMT";

}  // namespace

TEST_CASE("what is signed is the request's target, host and date") {
  CHECK(signature_base("GET", "/users/a/outbox?page=true", "m.example", date) ==
        "(request-target): get /users/a/outbox?page=true\nhost: m.example\n"
        "date: Wed, 16 Sep 2026 14:03:27 GMT");
}

TEST_CASE("a signature verifies under the key's public half, and says which key") {
  const Key key(EVP_RSA_gen(2048), EVP_PKEY_free);
  const RequestKey ours{"https://pw.example/actor#main-key", pem_of(key.get())};
  const auto field = sign_request(ours, "GET", "/outbox", "m.example", date);
  REQUIRE(field);
  const std::string front =
      "keyId=\"https://pw.example/actor#main-key\",algorithm=\"rsa-sha256\","
      "headers=\"(request-target) host date\",signature=\"";
  REQUIRE(field->starts_with(front));
  const std::string text = field->substr(front.size(), field->size() - front.size() - 1);
  const auto signature = parse_base64(text);
  REQUIRE(signature);
  CHECK(verifies(key.get(), signature_base("GET", "/outbox", "m.example", date), *signature));
  CHECK_FALSE(verifies(key.get(), signature_base("GET", "/inbox", "m.example", date), *signature));
}

TEST_CASE("what is no RSA key signs nothing, and its text is not repeated") {
  const Key curve(EVP_EC_gen("P-256"), EVP_PKEY_free);
  for (const std::string& pem :
       {std::string("canary-SECRET"), std::string(), pem_of(curve.get())}) {
    const auto field = sign_request({"https://pw.example/k", pem}, "GET", "/", "m.example", date);
    REQUIRE_FALSE(field);
    CHECK(field.error().code == Errc::refused);
    CHECK(field.error().detail.find("canary") == std::string::npos);
  }
  const Key key(EVP_RSA_gen(2048), EVP_PKEY_free);
  CHECK_FALSE(sign_request({"a\",x=\"b", pem_of(key.get())}, "GET", "/", "m.example", date));
}
