// Over real sockets on loopback, with the machine's clock: answers arrive when
// they are written, so nothing here waits for a time to pass.
#include <optional>

#include <zlib.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <catch2/catch.hpp>

#include "daemon/rehearsal/answer_bytes.h"
#include "daemon/rehearsal/server.h"
#include "daemon/runtime/system_clock.h"
#include "tests/rehearsal/support/sample_population.h"

using namespace pw;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

// Time stands still, so that an answer can be foretold; sleeping takes no time.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(Instant now) : now_(now) {}
  Instant now() const override { return now_; }
  Millis steady() const override { return Millis{0}; }
  asio::awaitable<void> sleep_until(Instant) override { co_return; }

 private:
  Instant now_;
};

const Instant evening = at("2026-09-16T15:00:00Z");

struct Exchange {
  std::string bytes;  // sent
  std::vector<http::response<http::string_body>> answers{};
  boost::system::error_code error{};  // what ended the reading
};

asio::awaitable<void> converse(std::uint16_t port, std::size_t expected, Exchange& exchange) {
  tcp::socket socket(co_await asio::this_coro::executor);
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
  const auto [refused] = co_await socket.async_connect(endpoint, as_values);
  exchange.error = refused;
  if (refused) co_return;
  co_await asio::async_write(socket, asio::buffer(exchange.bytes), as_values);
  boost::beast::flat_buffer buffer;
  while (exchange.answers.size() < expected) {
    http::response<http::string_body> answer;
    const auto [error, size] = co_await http::async_read(socket, buffer, answer, as_values);
    exchange.error = error;
    if (error) co_return;
    exchange.answers.push_back(std::move(answer));
  }
}

// Serves `population` for one conversation, then ends and must end cleanly.
Exchange talk(const Population& population, std::string bytes, std::size_t expected,
              std::uint16_t* served_at = nullptr) {
  asio::io_context io;
  FixedClock clock(evening);
  Result<std::unique_ptr<SimServer>> server = SimServer::listen(io.get_executor(), clock, 0);
  REQUIRE(server);
  const SimWorld world(population);
  Receiver receiver({}, {}, [](const std::string&) {});
  (*server)->serve(world, receiver);
  if (served_at) *served_at = (*server)->port();
  Exchange exchange{std::move(bytes)};
  TaskGroup group(io.get_executor());
  group.spawn("server", (*server)->run());
  group.spawn("client", converse((*server)->port(), expected, exchange));
  bool joined = false;
  asio::co_spawn(io, group.join(), [&](std::exception_ptr error) {
    joined = true;
    CHECK_FALSE(error);
  });
  io.run();
  CHECK(joined);
  return exchange;
}

std::string request(const std::string& target, const std::string& more = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + more + "\r\n";
}

const std::string statuses = "/mastodon/m.example/api/v1/accounts/109500000000000001/statuses";
const std::string profile =
    "/bluesky/xrpc/app.bsky.actor.getProfile?actor=did:plc:k3zq7yexampleacct2pledg3";

std::string unzip(const std::string& packed) {
  std::string out(1 << 20, '\0');
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

}  // namespace

TEST_CASE("sockets carry the same bytes as the function") {
  const Population population = sample_population();
  for (const std::string& target : {statuses, profile, std::string("/feed/nobody"),
                                    std::string("/login"), std::string("/elsewhere")}) {
    std::uint16_t port = 0;
    const Exchange exchange = talk(population, request(target), 1, &port);
    INFO(target);
    REQUIRE(exchange.answers.size() == 1);
    const HttpResponse expected =
        ask(population, get("http://127.0.0.1:" + std::to_string(port) + target), evening);
    CHECK(exchange.answers[0].result_int() == static_cast<unsigned>(expected.status));
    CHECK(exchange.answers[0].body() == expected.body);
    for (std::size_t i = 0; i < expected.headers.size(); ++i) {
      const std::string name(expected.headers.name(i));
      CHECK(std::string(exchange.answers[0][name]) == expected.headers.find(name));
    }
  }
}

TEST_CASE("one connection carries many exchanges, also pipelined ones") {
  std::string bytes;
  for (int i = 0; i < 5; ++i) bytes += request(profile);
  bytes += request(profile, "Connection: close\r\n");
  const Exchange exchange = talk(sample_population(), bytes, 6);
  REQUIRE(exchange.answers.size() == 6);
  CHECK(exchange.answers[0].keep_alive());
  CHECK_FALSE(exchange.answers[5].keep_alive());
}

TEST_CASE("gzip for those who ask for it, and the same text in it") {
  const Population population = sample_population();
  const Exchange plain = talk(population, request(statuses), 1);
  const Exchange packed = talk(population, request(statuses, "Accept-Encoding: gzip\r\n"), 1);
  REQUIRE(packed.answers.size() == 1);
  CHECK(packed.answers[0]["content-encoding"] == "gzip");
  CHECK(packed.answers[0].body().size() < plain.answers[0].body().size());
  const auto account = [](const std::string& body) { return body.substr(body.find("uri") + 3); };
  CHECK(account(unzip(packed.answers[0].body())).size() == account(plain.answers[0].body()).size());
}

TEST_CASE("304 has no body, and the connection goes on") {
  const Exchange first = talk(sample_population(), request(profile) + request(statuses), 2);
  REQUIRE(first.answers.size() == 2);
  const std::string tag(first.answers[1]["etag"]);
  const Exchange second =
      talk(sample_population(),
           request(statuses, "If-None-Match: " + tag + "\r\n") + request(profile), 2);
  REQUIRE(second.answers.size() == 2);
  CHECK(second.answers[0].result_int() == 304);
  CHECK(second.answers[0].body().empty());
  CHECK(second.answers[1].result_int() == 200);
}

TEST_CASE("faults of the wire: dropped, cut, no gzip, slow") {
  const auto with = [](FaultKind kind) {
    Population population = sample_population();
    population.faults = {{kind, population.window}};
    return talk(population, request(statuses), 1);
  };
  CHECK(with(FaultKind::reset).answers.empty());
  CHECK(with(FaultKind::reset).error);
  CHECK(with(FaultKind::cut).error == http::error::partial_message);
  const Exchange garbled = with(FaultKind::garbled);
  REQUIRE(garbled.answers.size() == 1);
  CHECK(garbled.answers[0]["content-encoding"] == "gzip");
  CHECK(garbled.answers[0].body().starts_with("[{"));
  const Exchange bomb = with(FaultKind::bomb);
  REQUIRE(bomb.answers.size() == 1);
  CHECK(bomb.answers[0]["content-encoding"] == "gzip");
  CHECK(bomb.answers[0].body().size() < 100'000);
  const Exchange slow = with(FaultKind::slow);
  REQUIRE(slow.answers.size() == 1);
  CHECK(slow.answers[0].body().starts_with("[{"));
}

TEST_CASE("what is no HTTP, or too much of it, ends the connection and nothing else") {
  const std::string rows[] = {"\r\n\r\n\r\n",
                              "GET\r\n\r\n",
                              std::string(100, '\0'),
                              "POST /hook/x HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
                              request("/x", "A: " + std::string(100'000, 'a') + "\r\n"),
                              "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"};
  for (const std::string& bytes : rows) {
    const Exchange exchange = talk(sample_population(), bytes, 1);
    CHECK(exchange.answers.empty());
    CHECK(exchange.error);
  }
}

TEST_CASE("a port that is taken is an error") {
  asio::io_context io;
  FixedClock clock(evening);
  const auto first = SimServer::listen(io.get_executor(), clock, 0);
  REQUIRE(first);
  const auto second = SimServer::listen(io.get_executor(), clock, (*first)->port());
  REQUIRE_FALSE(second);
  CHECK((second.error().code == Errc::transient));
}

TEST_CASE("gzip of nothing and of much is what gzip makes of it") {
  for (const std::string& text : {std::string(), std::string("a"), std::string(900'000, 'x')}) {
    CHECK(unzip(gzip(text)) == text);
  }
}
