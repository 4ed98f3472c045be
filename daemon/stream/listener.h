// Listens to Jetstream for all Bluesky accounts at once, and passes on what
// concerns them. It never stands in for a look: what it hears makes the poller
// look at once, and what has gone by then is kept as heard.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "daemon/runtime/clock.h"
#include "daemon/runtime/log.h"
#include "daemon/runtime/message_socket.h"
#include "daemon/stream/progress.h"

namespace pw {

struct ListenerParts {
  Clock& clock;
  SocketOpener& sockets;
  Log& log;
  std::string base{};      // "wss://host"
  Allowance allowance{};   // outlives nothing: copied
  std::uint64_t seed = 0;  // jitter
  // Where reading resumes after a restart; both may block for a disk write.
  std::function<std::optional<JetstreamCursor>()> load_cursor{};
  std::function<void(JetstreamCursor)> save_cursor{};
  std::function<void(AccountNumber, const JetstreamEvent&)> heard{};
};

class Listener {
 public:
  explicit Listener(ListenerParts parts);

  // By stable id. At most jetstream_accounts_max; beyond that false, and the
  // account is polled alone.
  bool add(AccountNumber account, const std::string& did);
  void remove(const std::string& did);

  // Until cancelled: connects, listens, and connects again. With nobody to listen
  // for it stays silent, since an empty filter means everyone.
  boost::asio::awaitable<void> run();
  // Until cancelled, beside run(): tells the server of accounts that came or went.
  boost::asio::awaitable<void> refresh();

  // What the account's own server says of it; see StreamProgress::compare.
  bool compare(AccountNumber account, std::string_view rev, Instant at);
  const StreamProgress& progress() const { return progress_; }

  bool is_connected() const { return connected_; }
  std::uint64_t heard() const { return heard_; }
  std::uint64_t unreadable() const { return unreadable_; }

 private:
  boost::asio::awaitable<Result<Done>> listen();
  boost::asio::awaitable<Result<Done>> send_filter(MessageSocket& socket);
  void take(std::string_view message);
  void keep_cursor();
  void say_end(const Error& why, Millis pause);

  ListenerParts parts_;
  StreamProgress progress_;
  std::unordered_map<std::string, AccountNumber> accounts_;
  std::shared_ptr<MessageSocket> socket_;  // null while there is none
  Instant cursor_kept_{};
  bool filter_is_old_ = false;
  bool connected_ = false;
  int failures_ = 0;
  std::uint64_t heard_ = 0;
  std::uint64_t unreadable_ = 0;
};

// How long to wait before the next connection after `failures` in a row: a second,
// doubling to a minute, less up to a quarter of it by `seed`, so that not every
// listener comes back at once.
Millis reconnect_after(int failures, std::uint64_t seed);

}  // namespace pw
