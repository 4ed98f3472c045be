// WebSockets over the guarded connections: whom they reach, and what ends them.
#include <boost/asio/use_awaitable.hpp>

#include "tests/stream/support/listening.h"

using namespace pw;
namespace asio = boost::asio;

namespace {

struct Opened {
  std::unique_ptr<MessageSocket> socket;
  std::string failure;
};

std::string_view name_of(Errc code) {
  constexpr std::string_view names[] = {"transient", "rate_limited", "gone", "refused",
                                        "malformed"};
  return names[static_cast<std::size_t>(code)];
}

asio::awaitable<void> open_into(SocketOpener& opener, const HttpRequest& request, Opened& opened,
                                bool& done) {
  auto socket = co_await opener.open(request);
  if (socket)
    opened.socket = *std::move(socket);
  else
    opened.failure = name_of(socket.error().code);
  done = true;
}

Opened open(Listening& day, const std::string& url, const Allowance* allowance) {
  HttpRequest request;
  request.url = url;
  request.allowance = allowance;
  Opened opened;
  bool done = false;
  asio::co_spawn(day.io, open_into(*day.sockets, request, opened, done), [](std::exception_ptr) {});
  CHECK(day.until([&] { return done; }));
  return opened;
}

asio::awaitable<void> receive_into(MessageSocket& socket, std::string& text, std::string& failure,
                                   bool& done) {
  const Result<Done> received = co_await socket.receive(text);
  if (!received) failure = name_of(received.error().code);
  done = true;
}

}  // namespace

TEST_CASE("a socket is guarded like any other connection") {
  Listening day;
  const Allowance allowance = allow(day.server);
  const std::string hello = "/subscribe?requireHello=true";
  CHECK(open(day, day.server.address() + hello, &allowance).socket);
  CHECK(open(day, day.server.address() + hello, nullptr).failure == "refused");
  CHECK(open(day, "http://127.0.0.1:" + std::to_string(day.server.port()) + hello, &allowance)
            .failure != "");
  CHECK(open(day, day.server.address() + "/elsewhere", &allowance).failure == "refused");
  day.server.decline(429, 1);
  CHECK(open(day, day.server.address() + hello, &allowance).failure == "transient");
  day.server.decline(400, 1);
  CHECK(open(day, day.server.address() + hello, &allowance).failure == "refused");
}

TEST_CASE("a message comes whole, and the end of a connection is no message") {
  Listening day;
  const Allowance allowance = allow(day.server);
  const Opened opened =
      open(day, day.server.address() + "/subscribe?requireHello=true", &allowance);
  REQUIRE(opened.socket);
  std::string text;
  std::string failure;
  bool done = false;
  const std::string large(3'000'000, 'x');
  asio::co_spawn(day.io, receive_into(*opened.socket, text, failure, done),
                 [](std::exception_ptr) {});
  day.server.say(large);
  REQUIRE(day.until([&] { return done; }));
  CHECK(text == large);
  done = false;
  asio::co_spawn(day.io, receive_into(*opened.socket, text, failure, done),
                 [](std::exception_ptr) {});
  day.server.cut_all();
  REQUIRE(day.until([&] { return done; }));
  CHECK(failure == "transient");
}
