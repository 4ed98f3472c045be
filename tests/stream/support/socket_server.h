// A server on loopback that speaks Jetstream's wire as its documents and source
// say (version 1, `/subscribe`): hello, filter, replay from a cursor, closes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace pw {

class SocketServer {
 public:
  explicit SocketServer(boost::asio::io_context& io);
  ~SocketServer();

  std::uint16_t port() const;
  std::string address() const { return "ws://127.0.0.1:" + std::to_string(port()); }

  // Goes to whoever's filter has the account, now and in every later replay.
  void publish(const std::string& did, std::int64_t time_us, const std::string& message);
  // To everybody, and never again: what no document foresees.
  void say(const std::string& message);
  // With this close code, the connections there are.
  void close_all(std::uint16_t code, const std::string& reason);
  // Without a word, as a broken network does.
  void cut_all();
  // The next connections get this status in place of an upgrade.
  void decline(int status, int times);
  // Likewise, as bytes that are no text.
  void say_bytes(const std::string& bytes);
  // The connections there are read and answer nothing more, pings included: half open.
  void freeze();

  int connections() const;                        // upgraded so far
  int pings() const;                              // that came, of all connections
  const std::vector<std::string>& asked() const;  // targets, in order
  // Accounts of the newest filter.
  const std::vector<std::string>& filter() const;
  int filters() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace pw
