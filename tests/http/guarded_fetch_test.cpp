// What the guard, redirects and proxies do to real connections.
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include "tests/http/support/fetching.h"
#include "tests/http/support/script_server.h"

namespace pw {
namespace {

Step redirect(const std::string& location) {
  return say("HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("loopback is refused unless the request's allowance names it") {
  Fetching fetching;
  ScriptServer server(fetching.io(), {{hear(), answer("x")}});
  const Allowance local = allow(server);
  const Allowance port_only{.hosts = {}, .ports = {server.port()}};
  const Allowance host_only{.hosts = {"127.0.0.1"}, .ports = {}};
  const Allowance other_host{.hosts = {"127.0.0.2"}, .ports = {server.port()}};
  CHECK(fetching.get(url_of(server), nullptr) == "refused");
  CHECK(fetching.get(url_of(server), &port_only) == "refused");
  CHECK(fetching.get(url_of(server), &host_only) == "refused");
  CHECK(fetching.get(url_of(server), &other_host) == "refused");
  CHECK(server.connections() == 0);
  CHECK(fetching.get(url_of(server), &local) == "200 x");
}

TEST_CASE("a kept connection that needed an allowance serves nobody without one") {
  Fetching fetching;
  ScriptServer server(fetching.io(), {{hear(), answer("x"), hear(), answer("y")}});
  const Allowance local = allow(server);
  const Allowance port_only{.hosts = {}, .ports = {server.port()}};
  CHECK(fetching.get(url_of(server, "/", "http://a.test"), &local) == "200 x");
  CHECK(fetching.get(url_of(server, "/", "http://a.test"), &port_only) == "refused");
  CHECK(server.heard().size() == 1);
}

struct Row {
  std::vector<std::string> addresses;
  std::string_view is;
};

TEST_CASE("a name is refused when one of its addresses is, in whatever place") {
  // Nothing listens on the public ones here; they are only never "refused".
  const Row rows[] = {
      {{"127.0.0.1"}, "refused"},
      {{"93.184.216.34", "127.0.0.1"}, "refused"},
      {{"127.0.0.1", "93.184.216.34"}, "refused"},
      {{"2606:4700::1111", "::1"}, "refused"},
      {{"::ffff:10.0.0.1"}, "refused"},
      {{"fe80::1%lo"}, "refused"},
      {{"169.254.169.254"}, "refused"},
      {{"not an address"}, "refused"},
      {{}, "transient"},
  };
  for (const Row& row : rows) {
    Fetching fetching;
    fetching.names()["rebound.test"] = row.addresses;
    CHECK(fetching.get("http://rebound.test/", nullptr) == row.is);
  }
}

TEST_CASE("a name is resolved for each new connection and pinned to it") {
  Fetching fetching;
  ScriptServer server(fetching.io(), {{hear(), answer("x"), hear(), answer("y")}});
  const Allowance local = allow(server);
  CHECK(fetching.get(url_of(server, "/", "http://a.test"), &local) == "200 x");
  fetching.names().clear();
  CHECK(fetching.get(url_of(server, "/", "http://A.TEST."), &local) == "200 y");
  CHECK(fetching.get(url_of(server, "/", "http://b.test"), &local) == "transient");
}

TEST_CASE("a name that does not resolve in time is transient") {
  HttpOptions options;
  options.lookup_max = Millis(50);
  options.user_agent = "x";
  boost::asio::io_context io{1};
  // The lookup's thread may outlive the test: it owns what it waits for.
  const auto never = std::make_shared<std::promise<void>>();
  options.lookup = [waits = never->get_future().share()](const std::string&) {
    waits.wait();
    return Result<std::vector<std::string>>(Error{Errc::transient, "too late"});
  };
  const SystemClock clock;
  auto client = HttpClient::make(io, clock, std::move(options));
  HttpResponse response;
  const HttpRequest request = get_request("http://slow.test/", nullptr);
  std::string detail;
  boost::asio::co_spawn(
      io,
      [&]() -> boost::asio::awaitable<void> {
        const auto done = co_await (*client)->fetch(request, response);
        if (!done && done.error().code == Errc::transient) detail = done.error().detail;
      },
      [](std::exception_ptr) {});
  io.run();
  CHECK(detail == "cannot resolve slow.test: no answer in time");
  never->set_value();
}

TEST_CASE("a redirect from an allowed host reaches no other port of it") {
  Fetching fetching;
  ScriptServer secret(fetching.io(), {{hear(), answer("secret")}});
  ScriptServer server(fetching.io(), {{hear(), redirect(url_of(secret))},
                                      {hear(), redirect("http://127.0.0.1/")},
                                      {hear(), redirect(url_of(secret, "/", "http://a.test"))}});
  Allowance local = allow(server);
  local.ports.push_back(secret.port());
  CHECK(fetching.get(url_of(server), &local) == "refused");
  CHECK(fetching.get(url_of(server), &local) == "refused");
  CHECK(fetching.get(url_of(server), &local) == "refused");
  CHECK(secret.connections() == 0);
}

TEST_CASE("a redirect inside an allowed origin is followed with everything") {
  Fetching fetching;
  ScriptServer server(fetching.io(), {{hear(), redirect("/2"), hear(), answer("x")}});
  const Allowance local = allow(server);
  HttpRequest request = get_request(url_of(server, "/1"), &local);
  request.headers = {{"Authorization", "Bearer t"}};
  CHECK(fetching.fetch(request) == "200 x");
  CHECK(fetching.response.final_url == url_of(server, "/2"));
  CHECK(server.heard()[1].starts_with("GET /2 "));
  CHECK(server.heard()[1].find("Authorization: Bearer t\r\n") != std::string::npos);
}

TEST_CASE("six redirects and a loop end as malformed; refusing them returns the first") {
  Fetching fetching;
  Conversation chain;
  for (int i = 1; i <= 6; ++i) {
    chain.push_back(hear());
    chain.push_back(redirect("/" + std::to_string(i)));
  }
  ScriptServer server(fetching.io(),
                      {chain, {hear(), redirect("/b"), hear(), redirect("/a"), hear(), hang()}});
  const Allowance local = allow(server);
  CHECK(fetching.get(url_of(server), &local) == "malformed");
  CHECK(server.heard().size() == 6);
  ScriptServer loop(fetching.io(),
                    {{hear(), redirect("/b"), hear(), redirect("/a"), hear(), redirect("/b")}});
  const Allowance loop_local = allow(loop);
  CHECK(fetching.get(url_of(loop, "/a"), &loop_local) == "malformed");
  CHECK(loop.heard().size() == 2);
  HttpRequest request = get_request(url_of(loop, "/a"), &loop_local);
  request.redirects = Redirects::refuse;
  CHECK(fetching.fetch(request) == "302 ");
  CHECK(fetching.response.headers.find("location") == "/b");
}

// A proxy on loopback plays every host; their names resolve to public addresses.
struct BehindProxy {
  explicit BehindProxy(std::vector<Conversation> script, std::string ca_file = {})
      : io(std::make_shared<boost::asio::io_context>(1)),
        proxy(*io, std::move(script)),
        fetching(options(std::move(ca_file)), io) {
    fetching.names() = {{"a.test", {"93.184.216.34"}},
                        {"b.test", {"2606:4700::1111", "93.184.216.35"}},
                        {"inside.test", {"10.0.0.1"}}};
  }

  HttpOptions options(std::string ca_file) const {
    HttpOptions options;
    options.proxies.http = "http://user:pw@127.0.0.1:" + std::to_string(proxy.port());
    options.proxies.https = options.proxies.http;
    options.proxies.no_proxy = "direct.test";
    options.extra_ca_file = std::move(ca_file);
    return options;
  }

  std::shared_ptr<boost::asio::io_context> io;
  ScriptServer proxy;
  Fetching fetching;
};

TEST_CASE("plain http goes through the proxy by its whole URL, over a kept connection") {
  BehindProxy world({{hear(), answer("x"), hear(), answer("y")}});
  CHECK(world.fetching.get("http://a.test/1?q", nullptr) == "200 x");
  CHECK(world.fetching.get("http://a.test/2", nullptr) == "200 y");
  CHECK(world.proxy.connections() == 1);
  CHECK(
      world.proxy.heard()[0].starts_with("GET http://a.test/1?q HTTP/1.1\r\nHost: "
                                         "a.test\r\nProxy-Authorization: Basic dXNlcjpwdw==\r\n"));
}

TEST_CASE("a redirect to another origin loses the credentials, also on the way back") {
  BehindProxy world({{hear(), redirect("http://b.test/2"), hear(), answer("back")},
                     {hear(), redirect("http://a.test/3")}});
  HttpRequest request = get_request("http://a.test/1", nullptr);
  request.headers = {{"Authorization", "Bearer t"}, {"Cookie", "c"}, {"Accept", "text/plain"}};
  CHECK(world.fetching.fetch(request) == "200 back");
  REQUIRE(world.proxy.heard().size() == 3);
  const std::string authorization = "\r\nAuthorization: ";
  CHECK(world.proxy.heard()[0].find(authorization) != std::string::npos);
  for (const int i : {1, 2}) {
    const std::string& heard = world.proxy.heard()[static_cast<std::size_t>(i)];
    CHECK(heard.find(authorization) == std::string::npos);
    CHECK(heard.find("Cookie") == std::string::npos);
    CHECK(heard.find("Accept: text/plain\r\n") != std::string::npos);
  }
}

TEST_CASE("behind a proxy every address is checked all the same") {
  BehindProxy world({{hear(), answer("x")}});
  CHECK(world.fetching.get("http://inside.test/", nullptr) == "refused");
  CHECK(world.fetching.get("https://inside.test/", nullptr) == "refused");
  CHECK(world.fetching.get("http://127.0.0.1/", nullptr) == "refused");
  CHECK(world.fetching.get("http://[::ffff:7f00:1]/", nullptr) == "refused");
  CHECK(world.proxy.connections() == 0);
}

TEST_CASE("https is tunnelled to the checked address and secured for the name") {
  const Authority authority;
  const Identity identity = authority.issue({.names = {"DNS:b.test"}});
  BehindProxy world({{hear(), say("HTTP/1.1 200 Connection established\r\n\r\n"), secure(identity),
                      hear(), answer("x"), hear(), answer("y")}},
                    authority.file());
  CHECK(world.fetching.get("https://b.test/1", nullptr) == "200 x");
  CHECK(world.fetching.response.peer == "2606:4700::1111");
  CHECK(world.fetching.get("https://b.test/2", nullptr) == "200 y");
  CHECK(world.proxy.heard()[0] ==
        "CONNECT [2606:4700::1111]:443 HTTP/1.1\r\nHost: [2606:4700::1111]:443\r\n"
        "Proxy-Authorization: Basic dXNlcjpwdw==\r\n\r\n");
  CHECK(world.proxy.heard()[1].starts_with("GET /1 HTTP/1.1\r\nHost: b.test\r\n"));
  CHECK(world.proxy.heard()[1].find("Proxy-Authorization") == std::string::npos);
}

struct Tunnel {
  Step answer;
  std::string_view is;
};

TEST_CASE("a tunnel that does not open is told by who is to blame") {
  const Tunnel rows[] = {
      {say("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"), "refused"},
      {say("HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno!"), "refused"},
      {say("HTTP/1.1 502 Bad Gateway\r\n\r\n"), "transient"},
      {say("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"), "malformed"},
      {say("SSH-2.0-x\r\n"), "malformed"},
      {close(), "transient"},
  };
  for (const Tunnel& row : rows) {
    BehindProxy world({{hear(), row.answer, close()}});
    INFO(row.answer.text);
    CHECK(world.fetching.get("https://a.test/", nullptr) == row.is);
  }
}

}  // namespace
}  // namespace pw
