#include "daemon/http/request_head.h"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

namespace pw {
namespace {

const Allowance port_8080{.hosts = {}, .ports = {8080}};

std::string written(const HttpRequest& request, RequestStyle style = {.user_agent = "us/1"}) {
  std::string out;
  write_request(request, *parse_target(request.url, &port_8080), style, out);
  return out;
}

HttpRequest get(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  return request;
}

TEST_CASE("a plain GET says who we are and what we decode") {
  CHECK(written(get("https://example.org/a?b")) ==
        "GET /a?b HTTP/1.1\r\nHost: example.org\r\nUser-Agent: us/1\r\nAccept: */*\r\n"
        "Accept-Encoding: gzip, br, zstd\r\n\r\n");
}

TEST_CASE("a request's own headers replace ours and keep their order") {
  HttpRequest request = get("http://[::1]:8080/");
  request.headers = {{"accept", "application/json"},
                     {"USER-AGENT", "other"},
                     {"X-A", "1"},
                     {"Accept-Encoding", "identity"}};
  CHECK(written(request) ==
        "GET / HTTP/1.1\r\nHost: [::1]:8080\r\naccept: application/json\r\nUSER-AGENT: other\r\n"
        "X-A: 1\r\nAccept-Encoding: identity\r\n\r\n");
}

TEST_CASE("a body comes with its length, and a POST without one says so") {
  HttpRequest request = get("https://example.org/");
  request.method = "POST";
  CHECK(written(request).ends_with("\r\nContent-Length: 0\r\n\r\n"));
  request.body = std::string("a\0b", 3);
  CHECK(written(request).ends_with("\r\nContent-Length: 3\r\n\r\n" + request.body));
}

TEST_CASE("through a proxy the whole URL and the hop's authorization are sent") {
  const std::string text =
      written(get("http://example.org:8080/a"),
              {.user_agent = "us/1", .is_absolute = true, .proxy_authorization = "Basic eA=="});
  CHECK(
      text.starts_with("GET http://example.org:8080/a HTTP/1.1\r\nHost: example.org:8080\r\n"
                       "Proxy-Authorization: Basic eA==\r\n"));
}

struct Row {
  std::string_view name;
  std::string_view value;
  bool is_fine;
};

constexpr std::string_view with_nul("a\0b", 3);
constexpr Row rows[] = {
    {"X-A", "b", true},
    {"X-A", "", true},
    {"X-A", "tab\tand \xff", true},
    {"X-A", "b\r\nX: y", false},
    {"X-A", "b\n", false},
    {"X-A", "b\r", false},
    {"X-A", with_nul, false},
    {"X-A", "\x7f", false},
    {"X-A\r\n", "b", false},
    {"X A", "b", false},
    {"X-A:", "b", false},
    {"", "b", false},
    {"X-\xc3\xa9", "b", false},
    {"Host", "evil.example", false},
    {"content-length", "5", false},
    {"Transfer-Encoding", "chunked", false},
    {"Connection", "close", false},
    {"Upgrade", "h2c", false},
    {"TE", "trailers", false},
    {"Expect", "100-continue", false},
    {"Proxy-Authorization", "Basic x", false},
};

TEST_CASE("a header is sent or refused, as its row says") {
  for (const Row& row : rows) {
    INFO(row.name << ": " << row.value);
    HttpRequest request = get("https://example.org/");
    request.headers = {{std::string(row.name), std::string(row.value)}};
    const auto checked = check_request(request);
    CHECK(static_cast<bool>(checked) == row.is_fine);
    if (!checked) CHECK(checked.error().code == Errc::refused);
  }
}

TEST_CASE("a method is a token and no tunnel") {
  HttpRequest request = get("https://example.org/");
  for (const char* method : {"GET", "POST", "PATCH", "PROPFIND"}) {
    request.method = method;
    CHECK(check_request(request));
  }
  for (const char* method : {"", "GET /evil HTTP/1.1\r\nX:", "G ET", "CONNECT", "GET\n"}) {
    request.method = method;
    INFO(method);
    CHECK_FALSE(check_request(request));
  }
}

TEST_CASE("a head beyond 64 KiB is not sent") {
  HttpRequest request = get("https://example.org/");
  request.headers = {{"X-A", std::string(request_head_bytes_max, 'x')}};
  CHECK_FALSE(check_request(request));
}

}  // namespace
}  // namespace pw
