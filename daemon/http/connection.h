// One TCP or TLS connection. Not for two users at a time; every operation ends
// early, as a failure, once stop() was called, and throws when its coroutine is
// cancelled.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "daemon/http/deadline.h"
#include "daemon/runtime/fetcher.h"

namespace pw {

class Tls;

class Connection final : public Stoppable {
 public:
  explicit Connection(boost::asio::io_context& io);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `address` is numeric and was checked.
  boost::asio::awaitable<Result<Done>> open(std::string address, std::uint16_t port);
  boost::asio::awaitable<Result<Done>> start_tls(Tls& tls, std::string host, bool is_ip_literal,
                                                 std::string session_key);

  boost::asio::awaitable<Result<Done>> write(std::string_view bytes);
  // At least one byte, or zero when the peer closed in good order. TLS that ends
  // without close_notify is `transient`: the bytes so far may be a part.
  boost::asio::awaitable<Result<std::size_t>> read(std::span<char> into);

  void stop() override;

  // The peer has neither closed nor said anything unasked.
  bool is_quiet();

  bool is_resumed() const;  // TLS took up an earlier session
  const std::string& peer() const { return peer_; }
  // Behind a tunnel the peer is who answers at its far end.
  void set_peer(std::string address) { peer_ = std::move(address); }

  // Set by who used it last: one whole answer was read and another may follow.
  bool is_reusable = false;
  std::chrono::steady_clock::time_point idle_since{};

 private:
  struct Streams;
  std::unique_ptr<Streams> streams_;
  std::string peer_;
  std::string session_key_;
};

}  // namespace pw
