// Targets, routes, validators, cookies, hosts: what a request says, and whether it
// is believed.
#include <catch2/catch.hpp>

#include "daemon/web/access.h"
#include "daemon/web/etag.h"
#include "daemon/web/request_parser.h"
#include "daemon/web/route.h"
#include "daemon/web/target.h"

using namespace pw;

namespace {

std::string shown(std::string_view text) {
  const auto target = parse_web_target(text);
  if (!target) return "refused";
  std::string out;
  for (const std::string& segment : target->segments) out += '[' + segment + ']';
  for (const auto& [name, value] : target->query) out += ' ' + name + '=' + value;
  return out;
}

struct Row {
  std::string_view given;
  std::string_view yields;
};

constexpr Row targets[] = {
    {"/", ""},
    {"/accounts/7", "[accounts][7]"},
    {"/a%20b?q=x+y&z=%C3%A9", "[a b] q=x y z=\u00e9"},
    {"/?a&b=", " a= b="},
    {"/a+b", "[a+b]"},
    // A way out, in every dress.
    {"/..", "refused"},
    {"/assets/../x", "refused"},
    {"/assets/%2e%2e/x", "refused"},
    {"/assets/%2E%2E", "refused"},
    {"/assets/..%2fx", "refused"},
    {"/assets/%5c..%5cx", "refused"},
    {"/assets/\\x", "refused"},
    {"/assets/%252e%252e", "[assets][%2e%2e]"},  // decoded once
    {"/a%00b", "refused"},
    {"/a%0d%0aSet-Cookie:x", "refused"},
    {"//host/x", "refused"},
    {"/a//b", "refused"},
    {"/a/", "refused"},
    {"/./a", "refused"},
    {"/%", "refused"},
    {"/%4", "refused"},
    {"/%zz", "refused"},
    {"/%ff", "refused"},
    {"/a#b", "refused"},
    {"http://elsewhere/x", "refused"},
    {"*", "refused"},
    {"", "refused"},
    {"/?q=%ff", "refused"},
};

std::string routed(std::string_view method, std::string_view path) {
  const auto target = parse_web_target(path);
  NoWebRoute none;
  const auto route = target ? route_of(method, *target, none) : std::nullopt;
  if (!route) return std::to_string(none.status) + (none.allow.empty() ? "" : " " + none.allow);
  return std::string(name_of(route->least)) + (route->rest.empty() ? "" : " " + route->rest);
}

struct RouteCase {
  std::string_view method;
  std::string_view path;
  std::string_view yields;
};

constexpr RouteCase routes[] = {
    {"GET", "/", "public"},
    {"HEAD", "/", "public"},
    {"POST", "/", "405 GET"},
    {"GET", "/accounts/7", "reader 7"},
    {"GET", "/accounts", "404"},
    {"GET", "/accounts/7/x", "404"},
    {"POST", "/review/abc", "reviewer abc"},
    {"GET", "/review/abc", "405 POST"},
    {"GET", "/api/v1/board", "public"},
    {"GET", "/api/v1/findings/x/reviews", "reader x"},
    {"POST", "/api/v1/findings/x/reviews", "reviewer x"},
    {"POST", "/api/v1/campaign/pause", "operator pause"},
    {"GET", "/api/v1/campaign", "reader"},
    {"GET", "/api/v1/campaign/pause", "operator campaign/pause"},
    {"POST", "/api/v1/silences/s1/end", "operator s1"},
    {"POST", "/api/v1/outbox/resend", "operator"},
    {"POST", "/api/v1/observations", "reviewer"},
    {"GET", "/api/v1/outbox", "reader"},
    {"GET", "/api/v2/board", "404"},
    {"GET", "/log/checkpoint", "public"},
    {"GET", "/log/tile/0/000", "public tile/0/000"},
    {"GET", "/log", "404"},
    {"BREW", "/healthz", "405 GET"},
};

WebRequest with(std::vector<WebHeader> headers, std::string method = "GET") {
  return {std::move(method), "/", std::move(headers)};
}

std::string heard(std::string_view bytes, std::size_t piece) {
  RequestParser parser({.header_bytes_max = 200, .body_bytes_max = 10});
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    parser.add(bytes.substr(at, piece));
    for (;;) {
      WebRequest request;
      const Heard result = parser.next(request);
      if (result == Heard::more) break;
      if (result == Heard::request) {
        out += request.method + ' ' + request.target + ' ' + request.body + ';';
        continue;
      }
      return out + (result == Heard::bad                ? "bad"
                    : result == Heard::header_too_large ? "431"
                                                        : "413");
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a target is one path of ours, or refused") {
  for (const Row& row : targets) {
    INFO(row.given);
    CHECK(shown(row.given) == row.yields);
  }
  CHECK(shown('/' + std::string(target_bytes_max, 'a')) == "refused");
  for (const std::string text : {"a b/c?d&e=\u00e9", "..", "100%"})
    CHECK(shown("/x?q=" + encode_query(text)) == "[x] q=" + text);
}

TEST_CASE("a route has a method, a path and a least role") {
  for (const RouteCase& row : routes) {
    INFO(row.method << ' ' << row.path);
    CHECK(routed(row.method, row.path) == row.yields);
  }
}

TEST_CASE("If-None-Match is a list, compared weakly") {
  CHECK(has_etag("\"a\"", "\"a\""));
  CHECK(has_etag("\"b\" , W/\"a\"", "\"a\""));
  CHECK(has_etag("*", "\"a\""));
  CHECK_FALSE(has_etag("\"ab\"", "\"a\""));
  CHECK_FALSE(has_etag("a", "\"a\""));
  CHECK_FALSE(has_etag("\"a", "\"a\""));
  CHECK_FALSE(has_etag("", "\"a\""));
  CHECK(etag_of("x") == etag_of("x"));
  CHECK(etag_of("x") != etag_of("y"));
}

TEST_CASE("only our own names and our own pages are answered") {
  const std::vector<std::string> hosts = {"localhost", "127.0.0.1", "[::1]", "freeze.example"};
  const auto fine = [&](const WebRequest& request) { return host_trouble(request, hosts).empty(); };
  CHECK(fine(with({{"host", "localhost:8420"}})));
  CHECK(fine(with({{"host", "[::1]:1"}})));
  CHECK(fine(with({{"host", "FREEZE.example"}})));
  CHECK_FALSE(fine(with({{"host", "evil.example"}})));  // DNS rebinding
  CHECK_FALSE(fine(with({{"host", "localhost.evil.example"}})));
  CHECK_FALSE(fine(with({})));
  CHECK_FALSE(fine(with({{"host", "localhost"}, {"host", "evil.example"}})));
  CHECK(fine(with({{"host", "localhost:1"}, {"origin", "http://localhost:1"}}, "POST")));
  CHECK_FALSE(fine(with({{"host", "localhost:1"}, {"origin", "http://localhost:2"}}, "POST")));
  CHECK_FALSE(fine(with({{"host", "localhost"}, {"origin", "null"}}, "POST")));
  CHECK_FALSE(fine(with({{"host", "localhost"}, {"origin", "http://evil.example"}})));
  CHECK_FALSE(fine(with({{"host", "localhost"}, {"sec-fetch-site", "cross-site"}}, "POST")));
  CHECK(fine(with({{"host", "localhost"}, {"sec-fetch-site", "cross-site"}})));  // a plain link
}

TEST_CASE("tokens are known by their digests, sessions end") {
  const std::vector<Reviewer> users = {{"ann", sha256("secret of ann")}, {"by socket", {}, 1000}};
  CHECK(find_by_token(users, "secret of ann") == &users[0]);
  CHECK(find_by_token(users, "secret of an") == nullptr);
  CHECK(find_by_token(users, "") == nullptr);
  WebSessions sessions;
  const Instant now{};
  const Digest ann = sha256("secret of ann");
  sessions.add("s1", ann, now);
  CHECK(sessions.find("s1", now) == ann);
  CHECK_FALSE(sessions.find("s1", now + session_length));
  CHECK_FALSE(sessions.find("s2", now));
  for (std::size_t i = 0; i < sessions_max; ++i) sessions.add(std::to_string(i), Digest{}, now);
  CHECK(sessions.size() == sessions_max);
  CHECK_FALSE(sessions.find("s1", now));
  sessions.remove("5");
  CHECK_FALSE(sessions.find("5", now));
  CHECK(is_form_token("s1", form_token("s1")));
  CHECK_FALSE(is_form_token("s2", form_token("s1")));
  CHECK_FALSE(is_form_token("", form_token("")));
}

TEST_CASE("a cookie is read among others and written so that no script sees it") {
  CHECK(cookie_in(with({{"cookie", "a=b; pledgewatch=xyz; c=d"}})) == "xyz");
  CHECK_FALSE(cookie_in(with({{"cookie", "xpledgewatch=xyz"}})));
  CHECK(print_cookie("s", true) ==
        "pledgewatch=s; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=64800");
  CHECK(bearer_in(with({{"authorization", "bearer x y"}})) == "x y");
  CHECK_FALSE(bearer_in(with({{"authorization", "Basic x"}})));
  CHECK_FALSE(bearer_in(with({{"authorization", "Bearer a"}, {"authorization", "Bearer b"}})));
}

TEST_CASE("requests come in any pieces and within limits") {
  const std::string two =
      "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: "
      "3\r\n\r\nxyz";
  for (const std::size_t piece : {1u, 2u, 7u, 1000u})
    CHECK(heard(two, piece) == "GET /a ;POST /b xyz;");
  const std::string chunked =
      "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n";
  for (const std::size_t piece : {1u, 1000u}) {
    CHECK(heard(chunked, piece) == "POST /c ab;");
    CHECK(heard("GET / HTTP/1.1\r\nX: " + std::string(300, 'a') + "\r\n\r\n", piece) == "431");
    CHECK(heard("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n", piece) == "413");
    CHECK(heard("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 tls hello\r\n\r\n", piece) == "bad");
    CHECK(heard("POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", piece) ==
          "bad");
    CHECK(heard("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: "
                "chunked\r\n\r\n0\r\n\r\n",
                piece) == "bad");
  }
}
