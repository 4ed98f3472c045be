// What a running web server is made of. Private to server*.cpp.
#pragma once

#include <exception>
#include <list>
#include <optional>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/runtime/task_group.h"
#include "daemon/web/listener_asio.h"
#include "daemon/web/live.h"
#include "daemon/web/server.h"

namespace pw {

// One connection. Its deadline is on the monotonic clock; the sweep closes the
// wire of one that is late, and what it waits for fails.
struct WebConnection {
  std::unique_ptr<Wire> wire;
  Peer peer;
  Millis deadline{0};
  bool waits_for_request = true;
  boost::asio::cancellation_signal stop{};
};

// Counts a stream as long as it lives.
class StreamCount {
 public:
  explicit StreamCount(WebFigures& figures) : figures_(figures) { ++figures_.streams; }
  ~StreamCount() { --figures_.streams; }
  StreamCount(const StreamCount&) = delete;
  StreamCount& operator=(const StreamCount&) = delete;

 private:
  WebFigures& figures_;
};

struct WebServer::State {
  State(const boost::asio::any_io_executor& used, Clock& time, Backend& daemon, const Log& journal,
        WebServerOptions set);

  boost::asio::any_io_executor executor;
  Clock& clock;
  Backend& backend;
  const Log& log;
  WebServerOptions options;
  WebFigures figures;
  Site site;
  Live live;
  std::unique_ptr<boost::asio::ssl::context> tls;
  std::list<Listener> listeners;
  std::vector<std::string> addresses;
  std::list<WebConnection> connections;             // a list: handlers keep references into it
  std::list<boost::asio::steady_timer*> listening;  // streams that wait for an event
  boost::asio::steady_timer all_ended;
  std::exception_ptr bug;
  TaskGroup tasks;  // accept loops, the sweep, the ticker

  Result<Done> open_listeners();
  Result<Done> keep(Result<Listener> listener);

  void start(WireSocket socket, const Listener& listener);
  void note_end(std::exception_ptr error);
  bool make_room();

  boost::asio::awaitable<void> accept(Listener& listener);
  boost::asio::awaitable<void> sweep();
  boost::asio::awaitable<void> tick();

  boost::asio::awaitable<void> converse(WebConnection& connection);
  // False: the connection has ended, or is of no more use.
  boost::asio::awaitable<bool> hear(WebConnection& connection, RequestParser& parser,
                                    WebRequest& request);
  boost::asio::awaitable<bool> send(WebConnection& connection, std::string_view bytes);
  boost::asio::awaitable<void> stream(WebConnection& connection, Role role, EventPlace place);
  boost::asio::awaitable<void> wait_for_event();
  void allow(WebConnection& connection, Millis span) {
    connection.deadline = clock.steady() + span;
  }
  std::string head_of(const WebAnswer& answer, bool keep_alive, bool has_body) const;
  EventPlace place_of(const WebRequest& request) const;
};

}  // namespace pw
