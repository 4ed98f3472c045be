// One accepted connection, whatever it is made of: TCP, a unix socket, TLS.
#pragma once

#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>

namespace pw {

using WireSocket = boost::asio::generic::stream_protocol::socket;

// Errors end the connection, so they are not told apart. Cancellation throws.
class Wire {
 public:
  virtual ~Wire() = default;
  virtual boost::asio::awaitable<bool> shake_hands() = 0;
  // How many bytes came; 0: the other side has ended, or an error.
  virtual boost::asio::awaitable<std::size_t> read_some(boost::asio::mutable_buffer into) = 0;
  // All of it; false on an error.
  virtual boost::asio::awaitable<bool> write(boost::asio::const_buffer bytes) = 0;
  // At once; what is under way fails.
  virtual void close() = 0;
  // Says goodbye where the protocol has one.
  virtual boost::asio::awaitable<void> finish() = 0;
};

std::unique_ptr<Wire> make_wire(WireSocket socket);
// `context` outlives it.
std::unique_ptr<Wire> make_tls_wire(WireSocket socket, boost::asio::ssl::context& context);

// Throws operation_aborted when this coroutine was asked to end: a leaf that takes
// errors as values must not take that one.
boost::asio::awaitable<void> heed_cancellation();

}  // namespace pw
