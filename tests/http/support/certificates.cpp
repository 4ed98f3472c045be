#include "tests/http/support/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cassert>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include <boost/asio/ssl/context.hpp>

namespace pw {
namespace {

template <class T, void (*free_it)(T*)>
struct Free {
  void operator()(T* thing) const { free_it(thing); }
};
using Certificate = std::unique_ptr<X509, Free<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO, BIO_free_all>>;

std::string text_of(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  assert(extension);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

Certificate blank(const Wish& wish, EVP_PKEY* key) {
  static long serial = 1;
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()),
                  std::chrono::seconds(wish.starts).count());
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), std::chrono::seconds(wish.ends).count());
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1,
                             -1, 0);
  return certificate;
}

Identity printed(X509* certificate, EVP_PKEY* key) {
  const Bio certificate_text(BIO_new(BIO_s_mem()));
  const Bio key_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate_text.get(), certificate);
  PEM_write_bio_PrivateKey(key_text.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return {.certificate = text_of(certificate_text.get()), .key = text_of(key_text.get())};
}

// Signed by `issuer`, or by itself where there is none.
Identity sign(const Wish& wish, const Identity* issuer, bool is_authority) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = blank(wish, key.get());
  Key issuer_key;
  Certificate issuer_certificate;
  if (issuer) {
    const Bio key_text(BIO_new_mem_buf(issuer->key.data(), -1));
    const Bio certificate_text(BIO_new_mem_buf(issuer->certificate.data(), -1));
    issuer_key.reset(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
    issuer_certificate.reset(PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr));
  }
  X509* signer = issuer ? issuer_certificate.get() : certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
  add_extension(certificate.get(), signer, NID_basic_constraints,
                is_authority ? "critical,CA:TRUE" : "CA:FALSE");
  if (!wish.names.empty()) {
    add_extension(certificate.get(), signer, NID_subject_alt_name, joined(wish.names));
  }
  X509_sign(certificate.get(), issuer ? issuer_key.get() : key.get(), EVP_sha256());
  return printed(certificate.get(), key.get());
}

}  // namespace

std::shared_ptr<boost::asio::ssl::context> Identity::server_context() const {
  // One context per identity, since session tickets are sealed with its keys.
  static std::map<std::string, std::shared_ptr<boost::asio::ssl::context>> contexts;
  auto& context = contexts[certificate];
  if (context) return context;
  context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_security_level(native, 0);  // old versions sign with SHA-1
  SSL_CTX_set_min_proto_version(native, TLS1_VERSION);
  if (version_max != 0) SSL_CTX_set_max_proto_version(native, version_max);
  static constexpr unsigned char id[] = "test";
  SSL_CTX_set_session_id_context(native, id, sizeof id);
  context->use_certificate_chain(boost::asio::buffer(certificate));
  context->use_private_key(boost::asio::buffer(key), boost::asio::ssl::context::pem);
  return context;
}

Authority::Authority() {
  Wish wish;
  wish.common_name = "An authority of the tests";
  own_ = sign(wish, nullptr, /*is_authority=*/true);
  static int count = 0;
  file_ = (std::filesystem::temp_directory_path() /
           ("pledgewatch-ca-" + std::to_string(getpid()) + "-" + std::to_string(count++) + ".pem"))
              .string();
  std::ofstream(file_) << own_.certificate;
}

Authority::~Authority() { std::remove(file_.c_str()); }

Identity Authority::issue(const Wish& wish) const {
  return sign(wish, &own_, /*is_authority=*/false);
}

Identity Authority::self_signed(const Wish& wish) {
  return sign(wish, nullptr, /*is_authority=*/false);
}

}  // namespace pw
