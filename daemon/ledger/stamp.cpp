#include "daemon/ledger/stamp.h"

#include <charconv>
#include <memory>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include "daemon/core/hash.h"

namespace pw {
namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* thing) const {
    release(thing);
  }
};
template <class T, auto release>
using Owned = std::unique_ptr<T, Release<release>>;

using Request = Owned<TS_REQ, TS_REQ_free>;
using Response = Owned<TS_RESP, TS_RESP_free>;
using Imprint = Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free>;
using Algorithm = Owned<X509_ALGOR, X509_ALGOR_free>;
using StampContext = Owned<TS_VERIFY_CTX, TS_VERIFY_CTX_free>;
using Bytes = Owned<BIO, BIO_free>;

// The queue of OpenSSL's thread is left empty.
std::string openssl_says() {
  std::string text;
  while (const unsigned long code = ERR_get_error()) {
    const char* reason = ERR_reason_error_string(code);
    if (reason != nullptr && text.find(reason) == text.npos)
      text += (text.empty() ? "" : ", ") + std::string(reason);
  }
  return text.empty() ? "no reason given" : text;
}

Response parse_response(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* end = at + der.size();
  Response response(d2i_TS_RESP(nullptr, &at, static_cast<long>(der.size())));
  if (at != end) response.reset();
  if (!response) ERR_clear_error();
  return response;
}

Request parse_request(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return Request(d2i_TS_REQ(nullptr, &at, static_cast<long>(der.size())));
}

bool is_imprint_of(TS_TST_INFO* info, std::string_view text) {
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(info);
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  const ASN1_OCTET_STRING* digest = TS_MSG_IMPRINT_get_msg(imprint);
  const std::string_view stamped(reinterpret_cast<const char*>(ASN1_STRING_get0_data(digest)),
                                 static_cast<std::size_t>(ASN1_STRING_length(digest)));
  return OBJ_obj2nid(algorithm) == NID_sha256 && stamped == bytes_of(sha256(text));
}

std::optional<Instant> time_of(const TS_TST_INFO* info) {
  std::tm parts{};
  const ASN1_GENERALIZEDTIME* time = TS_TST_INFO_get_time(info);
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return Instant{std::chrono::seconds(timegm(&parts))};
}

// "CN = …" as the answer has it.
std::string authority_of(TS_TST_INFO* info) {
  GENERAL_NAME* name = TS_TST_INFO_get_tsa(info);
  if (name == nullptr || name->type != GEN_DIRNAME) return "";
  const Bytes out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), name->d.directoryName, 0, XN_FLAG_ONELINE);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<std::size_t>(size)).substr(0, 200);
}

Owned<X509_STORE, X509_STORE_free> store_of(const std::string& pem, Instant as_of) {
  Owned<X509_STORE, X509_STORE_free> store(X509_STORE_new());
  const Bytes in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  int count = 0;
  while (const Owned<X509, X509_free> certificate{
      PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_cert(store.get(), certificate.get());
    ++count;
  }
  ERR_clear_error();
  if (count == 0) return nullptr;
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), ms_of(as_of) / 1000);
  return store;
}

}  // namespace

std::string stamp_path(std::uint64_t size) {
  return std::string(stamps_folder) + std::to_string(size) + ".tsr";
}

std::optional<std::uint64_t> stamped_size(std::string_view path) {
  if (!path.starts_with(stamps_folder)) return std::nullopt;
  std::uint64_t size = 0;
  const char* from = path.data() + stamps_folder.size();
  std::from_chars(from, path.data() + path.size(), size);
  return stamp_path(size) == path ? std::optional(size) : std::nullopt;
}

Result<std::string> stamp_query(std::string_view text, std::string_view nonce) {
  const std::string digest(bytes_of(sha256(text)));
  const Request request(TS_REQ_new());
  const Imprint imprint(TS_MSG_IMPRINT_new());
  const Algorithm algorithm(X509_ALGOR_new());
  const Owned<BIGNUM, BN_free> number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(nonce.data()),
                static_cast<int>(std::min<std::size_t>(nonce.size(), 16)), nullptr));
  const Owned<ASN1_INTEGER, ASN1_INTEGER_free> integer(BN_to_ASN1_INTEGER(number.get(), nullptr));
  X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr);
  std::string bytes = digest;
  const bool made =
      TS_REQ_set_version(request.get(), 1) == 1 &&
      TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
      TS_MSG_IMPRINT_set_msg(imprint.get(), reinterpret_cast<unsigned char*>(bytes.data()),
                             static_cast<int>(bytes.size())) == 1 &&
      TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1 &&
      TS_REQ_set_nonce(request.get(), integer.get()) == 1 &&
      TS_REQ_set_cert_req(request.get(), 1) == 1;
  unsigned char* der = nullptr;
  const int size = made ? i2d_TS_REQ(request.get(), &der) : -1;
  if (size < 0)
    return Error{Errc::transient, "no time stamp query could be made: " + openssl_says()};
  std::string query(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return query;
}

Result<Stamp> read_stamp(std::string_view reply, std::string_view text) {
  const Response response = parse_response(reply);
  if (!response) return Error{Errc::malformed, "no time stamp response (RFC 3161)"};
  const long status =
      ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response.get())));
  TS_TST_INFO* info = TS_RESP_get_tst_info(response.get());
  if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS)
    return Error{Errc::refused,
                 "the authority granted no stamp (status " + std::to_string(status) + ")"};
  if (info == nullptr) return Error{Errc::malformed, "a time stamp response without a stamp"};
  if (!is_imprint_of(info, text)) return Error{Errc::refused, "it stamps another text"};
  const auto at = time_of(info);
  if (!at) return Error{Errc::malformed, "a stamp without a time"};
  return Stamp{*at, authority_of(info)};
}

Result<Stamp> take_stamp(std::string_view reply, std::string_view query, std::string_view text) {
  Result<Stamp> stamp = read_stamp(reply, text);
  if (!stamp) return stamp;
  const Response response = parse_response(reply);
  const Request request = parse_request(query);
  const ASN1_INTEGER* asked = request ? TS_REQ_get_nonce(request.get()) : nullptr;
  const ASN1_INTEGER* answered = TS_TST_INFO_get_nonce(TS_RESP_get_tst_info(response.get()));
  if (asked == nullptr || answered == nullptr || ASN1_INTEGER_cmp(asked, answered) != 0)
    return Error{Errc::refused, "it answers another query"};
  return stamp;
}

Result<Done> verify_stamp(std::string_view reply, std::string_view text, const std::string& tsa) {
  const Result<Stamp> stamp = read_stamp(reply, text);
  if (!stamp) return stamp.error();
  auto store = store_of(tsa, stamp->at);
  if (!store) return Error{Errc::malformed, "no certificate of an authority is in the file given"};
  const Response response = parse_response(reply);
  const StampContext context(TS_VERIFY_CTX_new());
  TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_SIGNATURE | TS_VFY_DATA);
  // The context owns both from here on.
  TS_VERIFY_CTX_set_data(context.get(),
                         BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  TS_VERIFY_CTX_set_store(context.get(), store.release());
  if (TS_RESP_verify_response(context.get(), response.get()) == 1) return Done{};
  return Error{Errc::refused, "the authority's signature does not hold: " + openssl_says()};
}

}  // namespace pw
