// TLS as servers with good and bad certificates see and feel it.
#include <openssl/ssl.h>

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/http/support/certificates.h"
#include "tests/http/support/fetching.h"
#include "tests/http/support/script_server.h"

namespace pw {
namespace {

const Authority& authority() {
  static const Authority one;
  return one;
}

HttpOptions trusting() {
  HttpOptions options;
  options.extra_ca_file = authority().file();
  return options;
}

Identity good() { return authority().issue({.names = {"DNS:a.test", "IP:127.0.0.1"}}); }

struct Row {
  std::string_view what;
  Identity identity;
  std::string front;
  std::string_view is;
};

Identity of_version(int version_max) {
  Identity identity = good();
  identity.version_max = version_max;
  return identity;
}

std::vector<Row> rows() {
  const std::string name = "https://a.test";
  const std::string literal = "https://127.0.0.1";
  const auto named = [](std::string alternative) {
    return authority().issue({.names = {std::move(alternative)}});
  };
  return {
      {"a good name", good(), name, "200 x"},
      {"a good address", good(), literal, "200 x"},
      {"a trailing dot", good(), name + ".", "200 x"},
      {"a wildcard of one label", named("DNS:*.test"), name, "refused"},
      {"another name", named("DNS:b.test"), name, "refused"},
      {"a name for an address", named("DNS:127.0.0.1"), literal, "refused"},
      {"another address", named("IP:127.0.0.2"), literal, "refused"},
      {"an address for a name", named("IP:127.0.0.1"), name, "refused"},
      {"a partial wildcard", named("DNS:a*.test"), name, "refused"},
      {"a common name alone", authority().issue({.common_name = "a.test"}), name, "refused"},
      {"expired", authority().issue({.names = {"DNS:a.test"}, .ends = std::chrono::hours(-1)}),
       name, "refused"},
      {"not yet valid",
       authority().issue({.names = {"DNS:a.test"}, .starts = std::chrono::hours(1)}), name,
       "refused"},
      {"self-signed", Authority::self_signed({.names = {"DNS:a.test"}}), name, "refused"},
      {"of an unknown authority", Authority().issue({.names = {"DNS:a.test"}}), name, "refused"},
      {"TLS 1.3", of_version(TLS1_3_VERSION), name, "200 x"},
      {"TLS 1.2", of_version(TLS1_2_VERSION), name, "200 x"},
      {"TLS 1.1", of_version(TLS1_1_VERSION), name, "refused"},
      {"TLS 1.0", of_version(TLS1_VERSION), name, "refused"},
  };
}

TEST_CASE("a server is trusted or refused, as its row says") {
  for (const Row& row : rows()) {
    Fetching fetching(trusting());
    ScriptServer server(fetching.io(), {{secure(row.identity), hear(), answer("x")}});
    const Allowance local = allow(server);
    INFO(row.what);
    CHECK(fetching.get(url_of(server, "/", row.front), &local) == row.is);
    CHECK(server.heard().size() == (row.is == "refused" ? 0 : 1));
  }
}

TEST_CASE("a server that speaks no TLS is malformed, one that leaves is transient") {
  const std::string plain = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
  for (const auto& [step, is] :
       {std::pair(say(plain), "malformed"), std::pair(close(), "transient"),
        std::pair(reset(), "transient")}) {
    Fetching fetching(trusting());
    ScriptServer server(fetching.io(), {{step, hang()}});
    const Allowance local = allow(server);
    CHECK(fetching.get(url_of(server, "/", "https://a.test"), &local) == is);
  }
}

TEST_CASE("a handshake that stalls ends at the deadline") {
  HttpOptions options = trusting();
  options.deadline = Millis(150);
  Fetching fetching(std::move(options));
  ScriptServer server(fetching.io(), {{hang()}});
  const Allowance local = allow(server);
  CHECK(fetching.get(url_of(server, "/", "https://a.test"), &local) == "transient");
}

TEST_CASE("a TLS connection is kept, and a new one takes up the session") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    Fetching fetching(trusting());
    const Identity identity = of_version(version);
    ScriptServer server(fetching.io(),
                        {{secure(identity), hear(), answer("1"), hear(), answer("2"), close()},
                         {secure(identity), hear(), answer("3")}});
    const Allowance local = allow(server);
    const std::string url = url_of(server, "/", "https://a.test");
    CHECK(fetching.get(url, &local) == "200 1");
    CHECK(fetching.get(url, &local) == "200 2");
    CHECK(fetching.counters().tls_resumed == 0);
    fetching.settle();
    CHECK(fetching.get(url, &local) == "200 3");
    CHECK(fetching.counters().connections == 2);
    CHECK(fetching.counters().tls_resumed == 1);
  }
}

TEST_CASE("a session of one host is never offered to another") {
  Fetching fetching(trusting());
  const Identity identity = good();
  ScriptServer server(fetching.io(), {{secure(identity), hear(), answer("1"), close()},
                                      {secure(identity), hear(), answer("2")}});
  const Allowance local = allow(server);
  CHECK(fetching.get(url_of(server, "/", "https://a.test"), &local) == "200 1");
  CHECK(fetching.get(url_of(server, "/", "https://127.0.0.1"), &local) == "200 2");
  CHECK(fetching.counters().tls_resumed == 0);
}

TEST_CASE("without close_notify the end is a cut, with it the end of the answer") {
  const std::string open_ended = "HTTP/1.1 200 OK\r\n\r\nhalf of it";
  for (const auto& [end, is] : {std::pair(cut(), "transient"), std::pair(reset(), "transient"),
                                std::pair(close(), "200 half of it")}) {
    Fetching fetching(trusting());
    ScriptServer server(fetching.io(), {{secure(good()), hear(), say(open_ended), end}});
    const Allowance local = allow(server);
    CHECK(fetching.get(url_of(server, "/", "https://a.test"), &local) == is);
  }
}

TEST_CASE("https never leads to http") {
  Fetching fetching(trusting());
  ScriptServer server(
      fetching.io(),
      {{secure(good()), hear(),
        say("HTTP/1.1 301 x\r\nLocation: http://a.test/\r\nContent-Length: 0\r\n\r\n")}});
  const Allowance local = allow(server);
  CHECK(fetching.get(url_of(server, "/", "https://a.test"), &local) == "refused");
  CHECK(fetching.detail == "redirect from https to http");
}

TEST_CASE("a long body and a long request pass through TLS whole") {
  Fetching fetching(trusting());
  const std::string body(300'000, 'x');
  ScriptServer server(fetching.io(), {{secure(good()), hear(), answer(body)}});
  const Allowance local = allow(server);
  HttpRequest request = get_request(url_of(server, "/", "https://a.test"), &local);
  request.method = "POST";
  request.body = std::string(300'000, 'y');
  CHECK(fetching.fetch(request) == "200 " + body);
  CHECK(server.heard()[0].ends_with(request.body));
}

TEST_CASE("a CA file that cannot be read is told at the start") {
  boost::asio::io_context io;
  const SystemClock clock;
  HttpOptions options;
  options.user_agent = "x";
  options.extra_ca_file = "/nonexistent.pem";
  const auto client = HttpClient::make(io, clock, std::move(options));
  REQUIRE_FALSE(client);
  CHECK(client.error().detail.starts_with("CA file /nonexistent.pem: "));
}

}  // namespace
}  // namespace pw
