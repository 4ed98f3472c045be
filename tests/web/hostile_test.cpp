// Every route of the site with whatever a stranger may put into its path, its query
// and its body: it is refused or answered, as JSON where the API answers, and nothing
// of it comes back as markup.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "daemon/runtime/random.h"
#include "daemon/web/site.h"
#include "tests/web/sample_backend.h"

using namespace pw;
using namespace pw::test;

namespace {

const std::string sample_id = "abcdefghijklmnopqrstuvwxyz";

std::vector<std::string> hostile_texts() {
  return {markup,
          turned,
          "..",
          "../../etc/passwd",
          "%2e%2e%2f",
          std::string("nul\0nul", 7),
          "\xff\xfe\xc0\x80",
          "' OR 1=1 --",
          "=cmd|'/c calc'!A1",
          "-1",
          "99999999999999999999999999",
          "1e9",
          "\r\nSet-Cookie: a=b",
          std::string(1'000'000, 'x'),
          std::string(300'000, '\xe2')};
}

std::vector<std::string> hostile_bodies() {
  std::vector<std::string> bodies = {"",
                                     "null",
                                     "[]",
                                     "{",
                                     "\"text\"",
                                     "{\"reason\":\"\xff\"}",
                                     R"({"decision":"confirmed","reason":{"a":1}})",
                                     R"({"decision":["confirmed"]})",
                                     R"({"decision":"confirmed","decision":"dismissed","x":1})",
                                     R"({"act":"decide"})",
                                     R"({"act":"erase"})",
                                     R"({"sink":1,"id":{}})",
                                     R"({"when":"finding.","for":"-1h","reason":7})",
                                     std::string(100'000, '['),
                                     "{\"reason\":\"" + std::string(1'000'000, 'y') + "\"}"};
  return bodies;
}

// The row's path with `text` in the place of each parameter.
std::string filled(std::string_view path, const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (path[at] == '{') {
      out += text;
      at = path.find('}', at);
    } else if (path.substr(at) == "**") {
      return out + text;
    } else {
      out += path[at];
    }
  }
  return out;
}

struct Scene {
  SampleBackend backend;
  WebFigures figures;
  Site site{backend, {{"localhost"}, Role::everybody, seeded_random(1)}, figures};

  WebAnswer ask(const RouteRow& row, const std::string& target, const std::string& body) {
    WebRequest request = get(target, token_of("olga"));
    request.method = row.method;
    const bool page = target.starts_with("/api/") == false;
    if (row.method != "GET")
      request.headers.push_back(
          {"content-type", page ? "application/x-www-form-urlencoded" : "application/json"});
    request.body = body;
    return site.answer(request);
  }
};

void check(const RouteRow& row, const WebAnswer& answer) {
  INFO(row.method << ' ' << row.path << " -> " << answer.status);
  CHECK(answer.status >= 200);
  CHECK(answer.status < 500);
  CHECK(answer.body.size() < 200'000);
  for (const WebHeader& field : answer.headers)
    CHECK(field.value.find_first_of("\r\n") == std::string::npos);
  if (answer.type.ends_with("json")) {
    CHECK(nlohmann::json::accept(answer.body));
  } else if (answer.type.starts_with("text/html")) {
    CHECK(answer.body.find("<script>alert") == std::string::npos);
    CHECK(answer.body.find("<img src=x") == std::string::npos);
    CHECK(answer.body.find("\u202e") == std::string::npos);
  }
  if (row.path.starts_with("/api/")) CHECK(answer.type.ends_with("json"));
}

}  // namespace

TEST_CASE("every route bears hostile paths") {
  Scene scene;
  for (const RouteRow& row : route_rows()) {
    if (row.path.find_first_of("{*") == std::string_view::npos) continue;
    for (const std::string& text : hostile_texts()) {
      for (const std::string& written : {text, encode_query(text)})
        check(row, scene.ask(row, filled(row.path, written), "{}"));
    }
  }
}

TEST_CASE("every route bears hostile queries") {
  Scene scene;
  for (const RouteRow& row : route_rows()) {
    if (row.method != "GET" || row.page == WebPage::events) continue;
    for (const std::string& text : hostile_texts()) {
      const std::string value = encode_query(text.substr(0, 1200));
      for (const char* name : {"limit", "after", "state", "account", "q", "platform", "only",
                               "page", "sink", "mine"}) {
        const WebAnswer answer =
            scene.ask(row, filled(row.path, sample_id) + '?' + name + '=' + value, "");
        check(row, answer);
        if (answer.status == 200 || answer.type.ends_with("json")) continue;
        CHECK(answer.body.find(markup) == std::string::npos);
      }
    }
  }
}

TEST_CASE("every route that takes a body bears hostile ones, and nothing is done by them") {
  Scene scene;
  for (const RouteRow& row : route_rows()) {
    if (row.method == "GET") continue;
    for (const std::string& body : hostile_bodies()) {
      INFO(body.substr(0, 80));
      check(row, scene.ask(row, filled(row.path, sample_id), body));
    }
  }
  CHECK(scene.backend.asks.empty());  // not one of them was a decision
}
