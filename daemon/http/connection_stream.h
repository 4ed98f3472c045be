// A Connection as the stream that Beast's WebSocket wants under it. Included by
// web_socket.cpp only: it shows Asio.
#pragma once

#include <memory>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/system_error.hpp>

#include "daemon/http/connection.h"

namespace pw {

class ConnectionStream {
 public:
  using executor_type = boost::asio::io_context::executor_type;

  ConnectionStream(boost::asio::io_context& io, std::unique_ptr<Connection> connection)
      : executor_(io.get_executor()), connection_(std::move(connection)) {}

  executor_type get_executor() const { return executor_; }
  Connection& connection() { return *connection_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    const auto into = boost::asio::mutable_buffer(*boost::asio::buffer_sequence_begin(buffers));
    return start(read(into), std::forward<Token>(token));
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    boost::asio::const_buffer from;
    for (auto it = boost::asio::buffer_sequence_begin(buffers);
         it != boost::asio::buffer_sequence_end(buffers) && from.size() == 0; ++it) {
      from = *it;
    }
    return start(write(from), std::forward<Token>(token));
  }

 private:
  using Moved = std::pair<boost::system::error_code, std::size_t>;

  boost::asio::awaitable<Moved> read(boost::asio::mutable_buffer into) {
    const std::span<char> bytes(static_cast<char*>(into.data()), into.size());
    const Result<std::size_t> count = co_await connection_->read(bytes);
    if (!count) co_return failed(boost::asio::error::connection_reset);
    if (*count == 0 && into.size() > 0) co_return failed(boost::asio::error::eof);
    co_return std::pair(boost::system::error_code(), *count);
  }

  boost::asio::awaitable<Moved> write(boost::asio::const_buffer from) {
    const std::string_view bytes(static_cast<const char*>(from.data()), from.size());
    const Result<Done> written = co_await connection_->write(bytes);
    if (!written) co_return failed(boost::asio::error::connection_reset);
    co_return std::pair(boost::system::error_code(), from.size());
  }

  static Moved failed(boost::system::error_code error) { return {error, 0}; }

  // What cancels the handler cancels the connection's own step, which then
  // throws operation_aborted.
  template <class Token>
  auto start(boost::asio::awaitable<Moved> step, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [executor = executor_](auto handler, boost::asio::awaitable<Moved> body) {
          const auto slot = boost::asio::get_associated_cancellation_slot(handler);
          auto end = [handler = std::move(handler)](std::exception_ptr thrown,
                                                    Moved moved) mutable {
            if (thrown) moved = failed(boost::asio::error::operation_aborted);
            std::move(handler)(moved.first, moved.second);
          };
          boost::asio::co_spawn(executor, std::move(body),
                                boost::asio::bind_cancellation_slot(slot, std::move(end)));
        },
        token, std::move(step));
  }

  executor_type executor_;
  std::unique_ptr<Connection> connection_;
};

inline void beast_close_socket(ConnectionStream& stream) { stream.connection().stop(); }

inline void teardown(boost::beast::role_type, ConnectionStream& stream,
                     boost::system::error_code& error) {
  stream.connection().stop();
  error = {};
}

template <class Handler>
void async_teardown(boost::beast::role_type, ConnectionStream& stream, Handler&& handler) {
  stream.connection().stop();
  boost::asio::post(stream.get_executor(), [handler = std::forward<Handler>(handler)]() mutable {
    std::move(handler)(boost::system::error_code());
  });
}

}  // namespace pw
