#include "daemon/http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <list>
#include <unordered_map>
#include <utility>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>

namespace pw {

namespace asio = boost::asio;
namespace ssl = asio::ssl;

namespace {

struct FreeSession {
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using Session = std::unique_ptr<SSL_SESSION, FreeSession>;

// The last session of each host, oldest forgotten first.
class Sessions {
 public:
  void store(const std::string& key, Session session) {
    erase(key);
    order_.push_back(key);
    by_key_[key] = {std::move(session), std::prev(order_.end())};
    if (by_key_.size() > tls_sessions_max) erase(std::string(order_.front()));
  }

  // A TLS 1.3 ticket is used once (RFC 8446 appendix C.4).
  Session take(const std::string& key) {
    const auto at = by_key_.find(key);
    if (at == by_key_.end()) return nullptr;
    SSL_SESSION* session = at->second.session.get();
    SSL_SESSION_up_ref(session);
    if (SSL_SESSION_get_protocol_version(session) >= TLS1_3_VERSION) erase(key);
    return Session(session);
  }

 private:
  struct Entry {
    Session session;
    std::list<std::string>::iterator place;
  };

  void erase(const std::string& key) {
    const auto at = by_key_.find(key);
    if (at == by_key_.end()) return;
    order_.erase(at->second.place);
    by_key_.erase(at);
  }

  std::list<std::string> order_;
  std::unordered_map<std::string, Entry> by_key_;
};

// Places for our pointers in an SSL and its context; Asio uses the first itself.
int key_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}
int sessions_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

// OpenSSL's callback: 1 means that we keep the session.
int keep_session(SSL* connection, SSL_SESSION* session) {
  auto* sessions =
      static_cast<Sessions*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), sessions_index()));
  const auto* key = static_cast<const std::string*>(SSL_get_ex_data(connection, key_index()));
  if (!sessions || !key || !SSL_SESSION_is_resumable(session)) return 0;
  sessions->store(*key, Session(session));
  return 1;
}

void set_rules(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // A connection that ends without close_notify was cut.
  SSL_CTX_clear_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
  static constexpr unsigned char http_11[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(context, http_11, sizeof http_11 - 1);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, keep_session);
}

bool is_version_fault(int reason) {
  return reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION ||
         reason == SSL_R_NO_PROTOCOLS_AVAILABLE || reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE ||
         reason == SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY;
}

}  // namespace

struct Tls::State {
  ssl::context context{ssl::context::tls_client};
  Sessions sessions;
};

Tls::Tls(std::unique_ptr<State> state) : state_(std::move(state)) {}
Tls::~Tls() = default;
ssl::context& Tls::context() { return state_->context; }

Result<std::unique_ptr<Tls>> Tls::make(const std::string& extra_ca_file) {
  auto state = std::make_unique<State>();
  set_rules(state->context.native_handle());
  SSL_CTX_set_ex_data(state->context.native_handle(), sessions_index(), &state->sessions);
  boost::system::error_code error;
  state->context.set_default_verify_paths(error);
  if (error) return Error{Errc::refused, "the system's CA certificates: " + error.message()};
  if (!extra_ca_file.empty()) state->context.load_verify_file(extra_ca_file, error);
  if (error) return Error{Errc::refused, "CA file " + extra_ca_file + ": " + error.message()};
  return std::unique_ptr<Tls>(new Tls(std::move(state)));
}

Result<Done> Tls::prepare(SSL* ssl, const std::string& host, bool is_ip_literal,
                          const std::string& session_key) {
  SSL_set_hostflags(ssl,
                    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  // RFC 6066 section 3: no server name for a literal address.
  const bool is_set = is_ip_literal
                          ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1
                          : SSL_set1_host(ssl, host.c_str()) == 1 &&
                                SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
  if (!is_set) return Error{Errc::refused, "TLS: no certificate can name " + host};
  SSL_set_ex_data(ssl, key_index(), const_cast<std::string*>(&session_key));
  if (const Session session = state_->sessions.take(session_key)) {
    SSL_set_session(ssl, session.get());
  }
  return Done{};
}

Error tls_error(SSL* ssl, const boost::system::error_code& error) {
  if (const long code = SSL_get_verify_result(ssl); code != X509_V_OK) {
    return {Errc::refused, std::string("TLS: ") + X509_verify_cert_error_string(code)};
  }
  const std::string detail = "TLS: " + error.message();
  if (error.category() != asio::error::get_ssl_category()) return {Errc::transient, detail};
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
  return {is_version_fault(reason) ? Errc::refused : Errc::malformed, detail};
}

}  // namespace pw
