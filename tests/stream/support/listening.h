// A listener, its socket and the server it listens to, on one io_context and in
// real time: a network is tested by one.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "daemon/http/web_socket.h"
#include "daemon/runtime/system_clock.h"
#include "daemon/runtime/task_group.h"
#include "daemon/stream/listener.h"
#include "tests/stream/support/socket_server.h"

namespace pw {

inline const std::string brandco = "did:plc:k3zq7yexampleacct2pledg3";
inline const std::string bakery = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";

inline HttpOptions socket_options(Millis silence_max = HttpOptions{}.silence_max) {
  HttpOptions options;
  options.silence_max = silence_max;
  options.user_agent = "pledgewatch-test/0 (+mailto:test@example.org)";
  options.deadline = std::chrono::seconds(5);
  return options;
}

inline Allowance allow(const SocketServer& server) {
  return {.hosts = {"127.0.0.1"}, .ports = {server.port()}};
}

inline std::string post_event(const std::string& did, std::int64_t at, const std::string& rev,
                              const std::string& key, const std::string& operation = "create") {
  std::string commit = R"("rev":")" + rev + R"(","operation":")" + operation +
                       R"(","collection":"app.bsky.feed.post","rkey":")" + key + "\"";
  if (operation != "delete") commit += R"(,"record":{"text":")" + key + R"("},"cid":"bafy")";
  return R"({"did":")" + did + R"(","time_us":)" + std::to_string(at) +
         R"(,"kind":"commit","commit":{)" + commit + "}}";
}

class Listening {
 public:
  explicit Listening(std::optional<JetstreamCursor> kept = std::nullopt,
                     Millis silence_max = HttpOptions{}.silence_max)
      : sockets(*WebSocketOpener::make(io, socket_options(silence_max))),
        log([this](LogLevel, const std::string& line) { journal.push_back(line); }) {
    kept_cursor = kept;
  }

  Listener& start() {
    ListenerParts parts{.clock = clock, .sockets = *sockets, .log = log};
    parts.base = server.address();
    parts.allowance = allow(server);
    parts.load_cursor = [this] { return kept_cursor; };
    parts.save_cursor = [this](JetstreamCursor cursor) { kept_cursor = cursor; };
    parts.heard = [this](AccountNumber account, const JetstreamEvent& event) {
      heard.push_back(std::to_string(account) + ' ' +
                      event.post_id.substr(event.post_id.rfind('/') + 1));
    };
    listener = std::make_unique<Listener>(std::move(parts));
    listener->add(1, brandco);
    group.spawn("stream", listener->run());
    group.spawn("filter", listener->refresh());
    return *listener;
  }

  // False when it does not come about within ten seconds.
  bool until(const std::function<bool()>& is_time) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!is_time() && std::chrono::steady_clock::now() < end) {
      io.restart();
      io.run_one_for(std::chrono::milliseconds(20));
    }
    return is_time();
  }

  // True when everything ends soon after it was asked to.
  bool stop() {
    bool joined = false;
    boost::asio::co_spawn(io, group.join(), [&](std::exception_ptr) { joined = true; });
    group.stop();
    return until([&] { return joined; });
  }

  boost::asio::io_context io{1};
  SystemClock clock;
  SocketServer server{io};
  std::unique_ptr<WebSocketOpener> sockets;
  Log log;
  std::vector<std::string> journal;
  std::vector<std::string> heard;
  std::optional<JetstreamCursor> kept_cursor;
  std::unique_ptr<Listener> listener;
  TaskGroup group{io.get_executor()};
};

}  // namespace pw
