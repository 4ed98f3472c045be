#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include "daemon/web/wire_asio.h"

namespace pw {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto as_wire_values = asio::as_tuple(asio::use_awaitable);

void close_socket(WireSocket& socket) {
  error_code ignored;
  socket.shutdown(asio::socket_base::shutdown_both, ignored);
  socket.close(ignored);
}

class PlainWire final : public Wire {
 public:
  explicit PlainWire(WireSocket socket) : socket_(std::move(socket)) {}

  asio::awaitable<bool> shake_hands() override { co_return true; }

  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) override {
    const auto [error, size] = co_await socket_.async_read_some(asio::buffer(into), as_wire_values);
    co_await heed_cancellation();
    co_return error ? 0 : size;
  }

  asio::awaitable<bool> write(asio::const_buffer bytes) override {
    const auto [error, size] =
        co_await asio::async_write(socket_, asio::buffer(bytes), as_wire_values);
    co_await heed_cancellation();
    co_return !error;
  }

  void close() override { close_socket(socket_); }

  asio::awaitable<void> finish() override {
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    co_return;
  }

 private:
  WireSocket socket_;
};

class TlsWire final : public Wire {
 public:
  TlsWire(WireSocket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}

  asio::awaitable<bool> shake_hands() override {
    const auto [error] =
        co_await stream_.async_handshake(asio::ssl::stream_base::server, as_wire_values);
    co_await heed_cancellation();
    co_return !error;
  }

  asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) override {
    const auto [error, size] = co_await stream_.async_read_some(asio::buffer(into), as_wire_values);
    co_await heed_cancellation();
    co_return error ? 0 : size;
  }

  asio::awaitable<bool> write(asio::const_buffer bytes) override {
    const auto [error, size] =
        co_await asio::async_write(stream_, asio::buffer(bytes), as_wire_values);
    co_await heed_cancellation();
    co_return !error;
  }

  void close() override { close_socket(stream_.next_layer()); }

  asio::awaitable<void> finish() override {
    co_await stream_.async_shutdown(as_wire_values);
    co_await heed_cancellation();
  }

 private:
  asio::ssl::stream<WireSocket> stream_;
};

}  // namespace

asio::awaitable<void> heed_cancellation() {
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
}

std::unique_ptr<Wire> make_wire(WireSocket socket) {
  return std::make_unique<PlainWire>(std::move(socket));
}

std::unique_ptr<Wire> make_tls_wire(WireSocket socket, asio::ssl::context& context) {
  return std::make_unique<TlsWire>(std::move(socket), context);
}

}  // namespace pw
