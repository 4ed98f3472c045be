#include "daemon/http/redirect.h"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace pw {
namespace {

const Allowance local{.hosts = {"127.0.0.1"}, .ports = {8080, 8081}};

HttpRequest asked(std::string_view method, std::string_view url) {
  HttpRequest request;
  request.method = method;
  request.url = url;
  request.allowance = &local;
  request.headers = {{"Authorization", "Bearer x"},
                     {"Cookie", "a=b"},
                     {"X-Api-Key", "k"},
                     {"Accept", "text/plain"},
                     {"If-None-Match", "\"e\""}};
  if (method == "POST") {
    request.body = "body";
    request.headers.push_back({"Content-Type", "text/plain"});
  }
  return request;
}

// "GET http://... (allowed) [Authorization Cookie ...]", "the answer", or why not.
std::string next(const HttpRequest& request, int status, std::string_view location,
                 std::vector<std::string> visited = {}) {
  HttpResponse response;
  response.status = status;
  if (!location.empty()) response.headers.add("LOCATION", location);
  visited.push_back(request.url);
  const auto target = parse_target(request.url, request.allowance);
  const auto step = redirected(request, *target, response, visited);
  if (!step) return step.error().code == Errc::refused ? "refused" : "malformed";
  if (!*step) return "the answer";
  std::string line = (*step)->method + " " + (*step)->url;
  if ((*step)->allowance) line += " allowed";
  for (const HttpHeader& header : (*step)->headers) line += " " + header.name;
  if (!(*step)->body.empty()) line += " +body";
  return line;
}

struct Row {
  int status;
  std::string_view method;
  std::string_view location;
  std::string_view is;
};

constexpr std::string_view from = "https://a.example/x/y?z";
constexpr Row rows[] = {
    // What is no redirect is the answer.
    {200, "GET", "/b", "the answer"},
    {300, "GET", "/b", "the answer"},
    {304, "GET", "/b", "the answer"},
    {305, "GET", "/b", "the answer"},
    {306, "GET", "/b", "the answer"},
    {302, "GET", "", "the answer"},
    // The same origin keeps what it had.
    {301, "GET", "/b",
     "GET https://a.example/b allowed Authorization Cookie X-Api-Key Accept If-None-Match"},
    {302, "GET", "b",
     "GET https://a.example/x/b allowed Authorization Cookie X-Api-Key Accept If-None-Match"},
    {303, "HEAD", "/b",
     "HEAD https://a.example/b allowed Authorization Cookie X-Api-Key Accept If-None-Match"},
    {307, "GET", "https://A.example:443/b",
     "GET https://a.example/b allowed Authorization Cookie X-Api-Key Accept If-None-Match"},
    {308, "GET", "?q#f",
     "GET https://a.example/x/y?q allowed Authorization Cookie X-Api-Key Accept If-None-Match"},
    // Another origin gets no credentials, and no allowance.
    {301, "GET", "https://b.example/", "GET https://b.example/ Accept If-None-Match"},
    {302, "GET", "//b.example/", "GET https://b.example/ Accept If-None-Match"},
    {307, "GET", "https://a.example:80/", "GET https://a.example:80/ Accept If-None-Match"},
    {308, "GET", "https://sub.a.example/", "GET https://sub.a.example/ Accept If-None-Match"},
    {302, "GET", "https://a.example.evil.example/",
     "GET https://a.example.evil.example/ Accept If-None-Match"},
    {302, "GET", "https://a.example:8080/", "refused"},
    {302, "GET", "https://127.0.0.1:8081/", "refused"},
    // Methods and bodies.
    {301, "POST", "/b",
     "GET https://a.example/b allowed Authorization Cookie X-Api-Key Accept If-None-Match"},
    {302, "POST", "/b",
     "GET https://a.example/b allowed Authorization Cookie X-Api-Key Accept If-None-Match"},
    {303, "POST", "/b",
     "GET https://a.example/b allowed Authorization Cookie X-Api-Key Accept If-None-Match"},
    {307, "POST", "/b",
     "POST https://a.example/b allowed Authorization Cookie X-Api-Key Accept If-None-Match "
     "Content-Type +body"},
    {308, "POST", "/b",
     "POST https://a.example/b allowed Authorization Cookie X-Api-Key Accept If-None-Match "
     "Content-Type +body"},
    {303, "POST", "https://b.example/", "GET https://b.example/ Accept If-None-Match"},
    {307, "POST", "https://b.example/", "refused"},
    {301, "PUT", "/b",
     "PUT https://a.example/b allowed Authorization Cookie X-Api-Key Accept If-None-Match"},
    {303, "PUT", "/b",
     "GET https://a.example/b allowed Authorization Cookie X-Api-Key Accept If-None-Match"},
    // Where no redirect may lead.
    {302, "GET", "http://a.example/", "refused"},
    {302, "GET", "http://b.example/", "refused"},
    {302, "GET", "ftp://a.example/", "refused"},
    {302, "GET", "https://user@a.example/", "refused"},
    {302, "GET", "https://0x7f.1/", "refused"},
    {302, "GET", "https://a.example\\@b.example/", "refused"},
    {302, "GET", "mailto:someone", "malformed"},
    {302, "GET", "https:b", "malformed"},
    {302, "GET", "https://a.example/x/y?z", "malformed"},
    {302, "GET", "#", "malformed"},
};

TEST_CASE("an answer leads on as its row says") {
  for (const Row& row : rows) {
    INFO(row.status << " " << row.method << " " << row.location);
    CHECK(next(asked(row.method, from), row.status, row.location) == row.is);
  }
}

TEST_CASE("http may become https, as another origin") {
  CHECK(next(asked("GET", "http://a.example/"), 301, "https://a.example/") ==
        "GET https://a.example/ Accept If-None-Match");
}

TEST_CASE("an allowed port stays open to its own origin alone") {
  CHECK(next(asked("GET", "http://127.0.0.1:8080/a"), 302, "/b")
            .starts_with("GET http://127.0.0.1:8080/b allowed Authorization"));
  CHECK(next(asked("GET", "http://127.0.0.1:8080/a"), 302, "http://127.0.0.1:8081/") == "refused");
  CHECK(next(asked("GET", "http://127.0.0.1:8080/a"), 302, "http://127.0.0.1/") ==
        "GET http://127.0.0.1/ Accept If-None-Match");
}

TEST_CASE("a request that refuses redirects gets the redirect as its answer") {
  HttpRequest request = asked("POST", from);
  request.redirects = Redirects::refuse;
  CHECK(next(request, 302, "https://b.example/") == "the answer");
}

TEST_CASE("a loop and a sixth redirect end the chain") {
  const HttpRequest request = asked("GET", from);
  CHECK(next(request, 302, "/1", {"https://a.example/1"}) == "malformed");
  CHECK(next(request, 302, "/b", {"1", "2", "3", "4"}).starts_with("GET"));
  CHECK(next(request, 302, "/b", {"1", "2", "3", "4", "5"}) == "malformed");
}

}  // namespace
}  // namespace pw
