// Exchanges over real sockets: connections kept and lost, framing, deadlines.
#include "daemon/http/client.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/http/support/compressed.h"
#include "tests/http/support/fetching.h"
#include "tests/http/support/script_server.h"

namespace pw {
namespace {

HttpOptions hasty() {
  HttpOptions options;
  options.deadline = Millis(150);
  return options;
}

TEST_CASE("a second request uses the connection of the first") {
  Fetching fetching;
  ScriptServer server(fetching.io(), {{hear(), answer("one"), hear(), answer("two")}});
  const Allowance local = allow(server);
  CHECK(fetching.get(url_of(server, "/1"), &local) == "200 one");
  CHECK(fetching.get(url_of(server, "/2"), &local) == "200 two");
  CHECK(server.connections() == 1);
  CHECK(fetching.counters().connections == 1);
  CHECK(fetching.counters().reused == 1);
  CHECK(server.heard()[1].starts_with("GET /2 HTTP/1.1\r\nHost: 127.0.0.1:"));
  CHECK(server.heard()[0].find("User-Agent: pledgewatch/test (+https://example.org)\r\n") !=
        std::string::npos);
}

TEST_CASE("an answer tells who gave it, when, and for which URL") {
  Fetching fetching;
  ScriptServer server(fetching.io(), {{hear(), answer("x", "ETag: W/\"1\"\r\n")}});
  const Allowance local = allow(server);
  const SystemClock clock;
  const Instant before = clock.now();
  CHECK(fetching.get(url_of(server, "/a?b"), &local) == "200 x");
  CHECK(fetching.response.peer == "127.0.0.1");
  CHECK(fetching.response.final_url == url_of(server, "/a?b"));
  CHECK(fetching.response.received >= before);
  CHECK(fetching.response.received <= clock.now());
  CHECK(fetching.response.headers.find("etag") == "W/\"1\"");
}

TEST_CASE("a kept connection that was closed meanwhile costs a GET nothing") {
  Fetching fetching;
  ScriptServer server(fetching.io(),
                      {{hear(), answer("one"), hear(), close()}, {hear(), answer("two")}});
  const Allowance local = allow(server);
  CHECK(fetching.get(url_of(server), &local) == "200 one");
  CHECK(fetching.get(url_of(server), &local) == "200 two");
  CHECK(fetching.counters().retried == 1);
}

TEST_CASE("a kept connection that is reset costs a GET nothing, but only once") {
  Fetching fetching;
  ScriptServer server(fetching.io(), {{hear(), answer("one"), hear(), reset()}, {hear(), reset()}});
  const Allowance local = allow(server);
  CHECK(fetching.get(url_of(server), &local) == "200 one");
  CHECK(fetching.get(url_of(server), &local) == "transient");
  CHECK(server.connections() == 2);
}

TEST_CASE("a GET is not asked again once its answer had begun") {
  Fetching fetching;
  ScriptServer server(fetching.io(), {{hear(), answer("one"), hear(), say("HTTP/1.1 2"), close()},
                                      {hear(), answer("two")}});
  const Allowance local = allow(server);
  CHECK(fetching.get(url_of(server), &local) == "200 one");
  CHECK(fetching.get(url_of(server), &local) == "transient");
  CHECK(server.connections() == 1);
}

TEST_CASE("a POST is never sent twice") {
  Fetching fetching;
  ScriptServer server(fetching.io(),
                      {{hear(), answer("one"), hear(), close()}, {hear(), answer("two")}});
  const Allowance local = allow(server);
  HttpRequest post = get_request(url_of(server), &local);
  post.method = "POST";
  post.body = "alert";
  CHECK(fetching.fetch(post) == "200 one");
  CHECK(fetching.fetch(post) == "transient");
  CHECK(server.heard().size() == 2);
  CHECK(server.heard()[0].ends_with("Content-Length: 5\r\n\r\nalert"));
}

TEST_CASE("a POST looks whether the kept connection still stands") {
  Fetching fetching;
  ScriptServer server(fetching.io(), {{hear(), answer("one"), close()}, {hear(), answer("two")}});
  const Allowance local = allow(server);
  HttpRequest post = get_request(url_of(server), &local);
  post.method = "POST";
  CHECK(fetching.fetch(post) == "200 one");
  fetching.settle();
  CHECK(fetching.fetch(post) == "200 two");
  CHECK(fetching.counters().retried == 0);
}

TEST_CASE("a connection whose server said too much, or said close, is not kept") {
  for (const Step& first :
       {say("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nonemore"),
        say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\none"),
        say("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\none")}) {
    Fetching fetching;
    ScriptServer server(fetching.io(), {{hear(), first, hang()}, {hear(), answer("two")}});
    const Allowance local = allow(server);
    INFO(first.text);
    CHECK(fetching.get(url_of(server), &local) == "200 one");
    CHECK(fetching.get(url_of(server), &local) == "200 two");
    CHECK(server.connections() == 2);
  }
}

TEST_CASE("no more connections than allowed are open; the rest wait in order") {
  HttpOptions options;
  options.pool.per_place_max = 2;
  Fetching fetching(std::move(options));
  const Conversation three = {hear(), answer("x"), hear(), answer("x"), hear(), answer("x")};
  ScriptServer server(fetching.io(), {three, three, three});
  const Allowance local = allow(server);
  std::vector<HttpRequest> requests;
  for (int i = 0; i < 6; ++i) {
    requests.push_back(get_request(url_of(server, "/" + std::to_string(i)), &local));
  }
  CHECK(fetching.fetch_all(requests) == std::vector<std::string>(6, "200 x"));
  CHECK(server.connections() == 2);
  REQUIRE(server.heard().size() == 6);
  CHECK(server.heard()[4].starts_with("GET /4 "));
  CHECK(server.heard()[5].starts_with("GET /5 "));
}

TEST_CASE("those who wait get their turn when a connection fails, and time out too") {
  HttpOptions options = hasty();
  options.pool.per_place_max = 1;
  Fetching fetching(std::move(options));
  ScriptServer server(fetching.io(), {{hear(), reset()}, {hear(), answer("x"), hear(), hang()}});
  const Allowance local = allow(server);
  const std::vector<HttpRequest> requests(4, get_request(url_of(server), &local));
  const std::vector<std::string> lines = {"transient", "200 x", "transient", "transient"};
  CHECK(fetching.fetch_all(requests) == lines);
}

TEST_CASE("chunks, a close as the end, and interim answers are all one answer") {
  const Conversation conversations[] = {
      {hear(), say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nwh"),
       say("\r\n3\r\nole\r\n0\r\n\r\n")},
      {hear(), say("HTTP/1.1 200 OK\r\n\r\nwho"), say("le"), close()},
      {hear(), say("HTTP/1.1 100 Continue\r\n\r\n"),
       say("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 "),
       say("200 OK\r\nContent-Length: 5\r\n\r\nwhole")},
  };
  for (const Conversation& conversation : conversations) {
    Fetching fetching;
    ScriptServer server(fetching.io(), {conversation});
    const Allowance local = allow(server);
    CHECK(fetching.get(url_of(server), &local) == "200 whole");
  }
}

TEST_CASE("an answer cut short is never taken for whole") {
  const std::string heads[] = {
      "", "HTTP/1.1 200 OK\r\nConte", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhol",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n0\r\n"};
  for (const std::string& head : heads) {
    for (const Step& end : {close(), reset()}) {
      Fetching fetching;
      ScriptServer server(fetching.io(), {{hear(), say(head), end}});
      const Allowance local = allow(server);
      INFO(head);
      CHECK(fetching.get(url_of(server), &local) == "transient");
    }
  }
}

TEST_CASE("HEAD, 204 and 304 have no body, and their connection is kept") {
  Fetching fetching;
  ScriptServer server(fetching.io(), {{hear(), say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
                                       hear(), say("HTTP/1.1 204 No Content\r\n\r\n"), hear(),
                                       say("HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\n\r\n"),
                                       hear(), answer("x")}});
  const Allowance local = allow(server);
  HttpRequest head = get_request(url_of(server), &local);
  head.method = "HEAD";
  CHECK(fetching.fetch(head) == "200 ");
  CHECK(fetching.get(url_of(server), &local) == "204 ");
  CHECK(fetching.get(url_of(server), &local) == "304 ");
  CHECK(fetching.get(url_of(server), &local) == "200 x");
  CHECK(server.connections() == 1);
}

TEST_CASE("a whole answer later than the deadline is no answer, wherever the time went") {
  const Conversation slow_ones[] = {
      {hang()},
      {hear(), hang()},
      {hear(), say("HTTP/1.1 200 OK\r\nContent-Le"), hang()},
      {hear(), say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhol"), hang()},
      {hear(), say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n"), hang()},
  };
  for (const Conversation& slow : slow_ones) {
    Fetching fetching(hasty());
    ScriptServer server(fetching.io(), {slow});
    const Allowance local = allow(server);
    CHECK(fetching.get(url_of(server), &local) == "transient");
    CHECK(fetching.detail.starts_with("no whole answer within 150 ms"));
    fetching.settle();
    CHECK(server.peers_gone() == 1);
  }
}

TEST_CASE("the deadline is of the whole chain of redirects") {
  Fetching fetching(hasty());
  ScriptServer server(fetching.io(),
                      {{hear(), say("HTTP/1.1 302 x\r\nLocation: /2\r\nContent-Length: 0\r\n\r\n"),
                        hear(), hang()}});
  const Allowance local = allow(server);
  CHECK(fetching.get(url_of(server), &local) == "transient");
  CHECK(server.heard().size() == 2);
}

TEST_CASE("headers and bodies beyond the limits are malformed") {
  HttpOptions options;
  options.answer.decoded_bytes_max = 1000;
  options.answer.raw_bytes_max = 2000;
  const std::string endless(100'000, 'x');
  const Step answers[] = {
      say("HTTP/1.1 200 OK\r\nX: " + endless + "\r\n\r\n"),
      say("HTTP/1.1 200 OK\r\nContent-Length: 2001\r\n\r\n"),
      answer(std::string(1001, 'x')),
      say("HTTP/1.1 200 OK\r\n\r\n" + endless),
      say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + endless),
      answer(compressed("gzip", endless), "Content-Encoding: gzip\r\n"),
      answer(compressed("br", endless), "Content-Encoding: br\r\n"),
      answer(compressed("zstd", endless), "Content-Encoding: zstd\r\n"),
      answer("not gzip", "Content-Encoding: gzip\r\n"),
      answer(compressed("gzip", "x"), "Content-Encoding: gzip, gzip\r\n"),
  };
  for (const Step& step : answers) {
    Fetching fetching(options);
    ScriptServer server(fetching.io(), {{hear(), step, hang()}});
    const Allowance local = allow(server);
    INFO(step.text.substr(0, 100));
    CHECK(fetching.get(url_of(server), &local) == "malformed");
  }
}

TEST_CASE("compressed answers arrive as text, and the connection is kept") {
  Fetching fetching;
  Conversation conversation;
  for (const std::string coding : {"gzip", "deflate", "br", "zstd"}) {
    conversation.push_back(hear());
    conversation.push_back(
        answer(compressed(coding, "text"), "Content-Encoding: " + coding + "\r\n"));
  }
  ScriptServer server(fetching.io(), {conversation});
  const Allowance local = allow(server);
  for (int i = 0; i < 4; ++i) CHECK(fetching.get(url_of(server), &local) == "200 text");
  CHECK(server.connections() == 1);
}

TEST_CASE("what the wire may not carry is refused before anything is sent") {
  Fetching fetching;
  ScriptServer server(fetching.io(), {{hear(), answer("x")}});
  const Allowance local = allow(server);
  HttpRequest request = get_request(url_of(server), &local);
  request.headers = {{"X", "a\r\nEvil: b"}};
  CHECK(fetching.fetch(request) == "refused");
  request.headers.clear();
  request.url += "\r\nEvil: b";
  CHECK(fetching.fetch(request) == "refused");
  CHECK(server.connections() == 0);
  CHECK_FALSE(HttpClient::make(fetching.io(), SystemClock(), {.user_agent = "a\r\nb"}));
}

TEST_CASE("a cancelled fetch throws, and the next one finds the pool clean") {
  Fetching fetching;
  ScriptServer server(fetching.io(),
                      {{hear(), answer("one"), hear(), say("HTTP/1.1 200 OK\r\n"), hang()},
                       {hear(), answer("two"), hear(), answer("three")}});
  const Allowance local = allow(server);
  const HttpRequest request = get_request(url_of(server), &local);
  CHECK(fetching.fetch(request) == "200 one");
  CHECK(fetching.cancelled(request, [&] { return server.heard().size() == 2; }) == "cancelled");
  fetching.settle();
  CHECK(server.peers_gone() == 1);
  CHECK(fetching.fetch(request) == "200 two");
  CHECK(fetching.fetch(request) == "200 three");
  CHECK(server.connections() == 2);
}

TEST_CASE("a fetch can be cancelled after every step of its way, and leaves no trace") {
  for (int steps_max = 0; steps_max < 12; ++steps_max) {
    HttpOptions options;
    options.pool.per_place_max = 1;
    Fetching fetching(std::move(options));
    const Conversation two = {hear(), answer("x"), hear(), answer("x")};
    ScriptServer server(fetching.io(), {two, two});
    const Allowance local = allow(server);
    const HttpRequest request = get_request(url_of(server, "/", "http://a.test"), &local);
    int steps = 0;
    const std::string ended = fetching.cancelled(request, [&] { return steps++ == steps_max; });
    INFO(steps_max << " steps: " << ended);
    CHECK((ended == "cancelled" || ended == "200 x"));
    CHECK(fetching.fetch(request) == "200 x");
  }
}

TEST_CASE("a fetch that waits its turn can be cancelled; the turn goes to the next") {
  HttpOptions options = hasty();
  options.pool.per_place_max = 1;
  Fetching fetching(std::move(options));
  ScriptServer server(fetching.io(), {{hear(), hang()}, {hear(), answer("x")}});
  const Allowance local = allow(server);
  const HttpRequest request = get_request(url_of(server), &local);
  fetching.begin(request);
  CHECK(fetching.cancelled(request, [&] { return server.heard().size() == 1; }) == "cancelled");
  CHECK(server.connections() == 1);
  fetching.run_until([&] { return server.peers_gone() == 1; });
  CHECK(fetching.fetch(request) == "200 x");
}

TEST_CASE("nothing listens: transient, at once") {
  Fetching fetching;
  const Allowance local{.hosts = {"127.0.0.1"}, .ports = {1}};
  CHECK(fetching.get("http://127.0.0.1:1/", &local) == "transient");
}

TEST_CASE("io.run() ends when no fetch is under way, though connections are kept") {
  Fetching fetching;
  ScriptServer server(fetching.io(), {{hear(), answer("x")}});
  const Allowance local = allow(server);
  CHECK(fetching.get(url_of(server), &local) == "200 x");
  fetching.io().run();
  CHECK(fetching.io().stopped());
}

}  // namespace
}  // namespace pw
