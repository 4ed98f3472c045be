#include "daemon/http/connection.h"

#include <sys/socket.h>

#include <optional>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "daemon/http/tls.h"

namespace pw {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
// The concrete executor: the type-erased one costs about a tenth of the requests
// a second of a whole exchange (design, decision 5).
using Socket = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;

namespace {

// `deferred` spares the coroutine frame that use_awaitable makes per operation.
constexpr auto as_values = asio::as_tuple(asio::deferred);

Error broken(std::string_view doing, const error_code& error) {
  return {Errc::transient, std::string(doing) + ": " + error.message()};
}

}  // namespace

struct Connection::Streams {
  explicit Streams(asio::io_context& io) : socket(io.get_executor()) {}

  Socket socket;
  std::optional<asio::ssl::stream<Socket&>> tls;
};

Connection::Connection(asio::io_context& io) : streams_(std::make_unique<Streams>(io)) {}
Connection::~Connection() {
  // OpenSSL gives up the session of a connection that is freed without a
  // shutdown. We just leave: answers say themselves where they end.
  if (!streams_->tls) return;
  SSL_set_shutdown(streams_->tls->native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

asio::awaitable<Result<Done>> Connection::open(std::string address, std::uint16_t port) {
  error_code error;
  const tcp::endpoint endpoint(asio::ip::make_address(address, error), port);
  if (error) co_return broken("connect to " + address, error);
  Socket& socket = streams_->socket;
  socket.open(endpoint.protocol(), error);
  if (!error) socket.set_option(tcp::no_delay(true), error);
  if (!error) socket.non_blocking(true, error);
  if (!error) std::tie(error) = co_await socket.async_connect(endpoint, as_values);
  if (error == asio::error::operation_aborted) co_await throw_if_cancelled();
  if (error) co_return broken("connect to " + address, error);
  peer_ = std::move(address);
  co_return Done{};
}

asio::awaitable<Result<Done>> Connection::start_tls(Tls& tls, std::string host, bool is_ip_literal,
                                                    std::string session_key) {
  session_key_ = std::move(session_key);
  auto& stream = streams_->tls.emplace(streams_->socket, tls.context());
  auto prepared = tls.prepare(stream.native_handle(), host, is_ip_literal, session_key_);
  if (!prepared) co_return prepared.error();
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, as_values);
  if (error == asio::error::operation_aborted) co_await throw_if_cancelled();
  if (error) co_return tls_error(stream.native_handle(), error);
  co_return Done{};
}

asio::awaitable<Result<Done>> Connection::write(std::string_view bytes) {
  error_code error;
  if (streams_->tls) {
    std::tie(error, std::ignore) = co_await asio::async_write(
        *streams_->tls, asio::buffer(bytes.data(), bytes.size()), as_values);
  } else {
    // A request nearly always fits into the socket's buffer at once.
    const auto sent = streams_->socket.write_some(asio::buffer(bytes.data(), bytes.size()), error);
    bytes.remove_prefix(sent);
    if (error == asio::error::would_block) error = {};
    if (!error && !bytes.empty()) {
      std::tie(error, std::ignore) = co_await asio::async_write(
          streams_->socket, asio::buffer(bytes.data(), bytes.size()), as_values);
    }
  }
  if (error == asio::error::operation_aborted) co_await throw_if_cancelled();
  if (error) co_return broken("send", error);
  co_return Done{};
}

asio::awaitable<Result<std::size_t>> Connection::read(std::span<char> into) {
  error_code error;
  std::size_t count = 0;
  const auto buffer = asio::buffer(into.data(), into.size());
  if (streams_->tls) {
    std::tie(error, count) = co_await streams_->tls->async_read_some(buffer, as_values);
  } else {
    std::tie(error, count) = co_await streams_->socket.async_read_some(buffer, as_values);
  }
  if (!error) co_return count;
  if (error == asio::error::eof) co_return std::size_t{0};
  if (error == asio::error::operation_aborted) co_await throw_if_cancelled();
  co_return broken("receive", error);
}

void Connection::stop() {
  is_reusable = false;
  error_code ignored;
  streams_->socket.close(ignored);
}

bool Connection::is_quiet() {
  if (!streams_->socket.is_open()) return false;
  char byte = 0;
  const auto got = ::recv(streams_->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool Connection::is_resumed() const {
  return streams_->tls && SSL_session_reused(streams_->tls->native_handle()) == 1;
}

}  // namespace pw
