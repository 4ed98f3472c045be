#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "daemon/web/listener_asio.h"

namespace pw {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

Error failure(const std::string& where, const error_code& error) {
  return Error{Errc::transient, "listen on " + where + ": " + error.message()};
}

std::optional<tcp::endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  std::uint16_t port = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  error_code error;
  const auto address = asio::ip::make_address(std::string(host), error);
  if (error || digits.empty() || fault != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  return tcp::endpoint(address, port);
}

std::string print_endpoint(const tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? '[' + host + ']' : host) + ':' +
         std::to_string(endpoint.port());
}

// The same open socket as an acceptor of whatever family.
template <class Acceptor>
Result<Listener> generic(const asio::any_io_executor& executor, Acceptor& acceptor,
                         std::string address) {
  error_code error;
  const auto protocol = acceptor.local_endpoint(error).protocol();
  if (error) return failure(address, error);
  Listener listener{WireAcceptor(executor), std::move(address)};
  const int fd = acceptor.release(error);
  if (error) return failure(listener.address, error);
  listener.acceptor.assign(asio::generic::stream_protocol(protocol), fd, error);
  if (error) return failure(listener.address, error);
  return listener;
}

bool somebody_answers(const asio::any_io_executor& executor, const std::string& path) {
  asio::local::stream_protocol::socket probe(executor);
  error_code error;
  probe.connect(asio::local::stream_protocol::endpoint(path), error);
  return !error;
}

}  // namespace

Result<Listener> listen_on(const asio::any_io_executor& executor, const std::string& address) {
  const auto endpoint = parse_endpoint(address);
  if (!endpoint)
    return Error{Errc::malformed, "listen on " + address + ": expected 127.0.0.1:8420"};
  tcp::acceptor acceptor(executor);
  error_code error;
  acceptor.open(endpoint->protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && endpoint->address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(*endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return failure(address, error);
  const std::string bound = print_endpoint(acceptor.local_endpoint());
  return generic(executor, acceptor, bound);
}

Result<Listener> listen_on_path(const asio::any_io_executor& executor, const std::string& path) {
  if (path.size() >= sizeof(sockaddr_un::sun_path))
    return Error{Errc::malformed, "listen on " + path + ": a socket's path has at most 107 bytes"};
  struct stat status {};
  if (lstat(path.c_str(), &status) == 0) {
    if (!S_ISSOCK(status.st_mode))
      return Error{Errc::refused, "listen on " + path + ": something else is there"};
    if (somebody_answers(executor, path))
      return Error{Errc::refused, "listen on " + path + ": another daemon listens there"};
    unlink(path.c_str());
  }
  asio::local::stream_protocol::acceptor acceptor(executor);
  error_code error;
  acceptor.open(asio::local::stream_protocol(), error);
  const mode_t before = umask(0177);
  if (!error) acceptor.bind(asio::local::stream_protocol::endpoint(path), error);
  umask(before);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return failure(path, error);
  Result<Listener> listener = generic(executor, acceptor, path);
  if (listener) {
    listener->local_socket = true;
    listener->unlink_path = path;
  }
  return listener;
}

Result<Listener> listen_on_fd(const asio::any_io_executor& executor, int fd) {
  const std::string name = "inherited socket " + std::to_string(fd);
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  int listening = 0;
  socklen_t listening_size = sizeof listening;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &listening_size) != 0 || listening == 0)
    return Error{Errc::malformed, name + " is no listening socket"};
  Listener listener{WireAcceptor(executor), name};
  error_code error;
  listener.acceptor.assign(asio::generic::stream_protocol(address.ss_family, 0), fd, error);
  if (error) return failure(name, error);
  listener.local_socket = address.ss_family == AF_UNIX;
  if (!listener.local_socket) {
    tcp::endpoint endpoint;
    std::copy_n(reinterpret_cast<const char*>(&address),
                std::min<std::size_t>(size, endpoint.capacity()),
                reinterpret_cast<char*>(endpoint.data()));
    listener.address = print_endpoint(endpoint);
  }
  return listener;
}

Result<std::unique_ptr<asio::ssl::context>> tls_context(const std::string& cert_file,
                                                        const std::string& key_file) {
  for (const std::string& file : {cert_file, key_file}) {
    if (access(file.c_str(), R_OK) != 0)
      return Error{Errc::malformed, "tls: " + file + ": " + std::strerror(errno)};
  }
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  error_code error;
  // Without one OpenSSL would ask on the terminal, and the daemon wait for ever.
  context->set_password_callback(
      [](std::size_t, asio::ssl::context::password_purpose) { return std::string(); }, error);
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                           asio::ssl::context::no_tlsv1_1,
                       error);
  if (!error) context->use_certificate_chain_file(cert_file, error);
  if (error) {
    return Error{Errc::malformed,
                 "tls: " + cert_file + " is no PEM certificate chain: " + error.message()};
  }
  // Checks too that the key is the certificate's.
  context->use_private_key_file(key_file, asio::ssl::context::pem, error);
  if (error &&
      ERR_GET_REASON(static_cast<unsigned long>(error.value())) == X509_R_KEY_VALUES_MISMATCH)
    return Error{Errc::malformed, "tls: " + key_file + " is not the key of " + cert_file};
  if (error) {
    return Error{
        Errc::malformed,
        "tls: " + key_file + " is no PEM private key without a password: " + error.message()};
  }
  if (SSL_CTX_check_private_key(context->native_handle()) != 1)
    return Error{Errc::malformed, "tls: " + key_file + " is not the key of " + cert_file};
  return context;
}

}  // namespace pw
