// A platform that is a file: its example reads an answer, and every mistake in a
// definition is named at its place.
#include "connectors/custom.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "tests/connectors/captures.h"

namespace pw {
namespace {

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::unique_ptr<Connector> lemmy() {
  Issues issues;
  const std::string file = "connectors/custom/lemmy.yaml";
  const auto definition = load_custom("lemmy", file, file_text(file), issues);
  for (const Issue& issue : issues) FAIL(print_issue(issue));
  return std::make_unique<Custom>(definition, ConnectorSettings{});
}

Account brandco() {
  Account account;
  account.platform = "lemmy";
  account.handle = "brandco@lemmy.example";
  account.host = "lemmy.example";
  account.id = "4711";
  return account;
}

// The smallest definition; a test replaces one line of it.
constexpr std::string_view smallest =
    "source: a document, read 2026-11\n"
    "blind_spots: everything\n"
    "sees: [post]\n"
    "list: complete\n"
    "clock: site\n"
    "lag: 60s\n"
    "url: https://api.example/u/${account.name}\n"
    "items: answer.items\n"
    "post: { id: item.id }\n";

std::string with(std::string_view line, std::string_view instead) {
  std::string text(smallest);
  const std::size_t at = text.find(line);
  REQUIRE(at != std::string::npos);
  return text.replace(at, line.size(), instead);
}

std::string issues_of(const std::string& text) {
  Issues issues;
  const auto made = load_custom("x", "x.yaml", text, issues);
  std::string out;
  for (const Issue& issue : issues) out += print_issue(issue) + '\n';
  CHECK((made == nullptr) == has_errors(issues));
  return out;
}

Reading read_with(const std::string& text, std::string body, int status = 200) {
  Issues issues;
  const auto made = load_custom("x", "x.yaml", text, issues);
  REQUIRE(made);
  const Account account = brandco();
  return Custom(made, {}).decode({account}, answer(status, std::move(body)));
}

}  // namespace

TEST_CASE("the shipped example asks for and reads a Lemmy account") {
  const auto connector = lemmy();
  const Account account = brandco();
  CHECK(connector->resolve_request({account})->url ==
        "https://lemmy.example/api/v3/user?username=brandco&limit=1");
  CHECK(connector->request({account}).url ==
        "https://lemmy.example/api/v3/user?person_id=4711&sort=New&limit=20&page=1");
  CHECK(connector->request({account, nullptr, "2&x=1"}).url ==
        "https://lemmy.example/api/v3/user?person_id=4711&sort=New&limit=20&page=2%26x%3D1");
  const std::string body = file_text("tests/connectors/captures_custom/lemmy_user.json");
  CHECK(print_reading(connector->decode({account}, answer(200, body))) ==
        "page owner=4711 skipped=1\n"
        "post id=90210 server_at=2026-09-16T14:03:27.512Z claimed_at=2026-09-16T14:03:27.512Z "
        "edited_at=2026-09-16T14:09:01.000Z url=https://lemmy.example/post/90210 tags=sale "
        "links=https://brandco.example/drop "
        "text=New drop|Out **now** #sale https://brandco.example/drop\n"
        "post id=90100 server_at=2023-06-12T08:00:00.000Z claimed_at=2023-06-12T08:00:00.000Z "
        "url=https://lemmy.example/post/90100 text=Written by an older server\n");
  const auto identity = connector->decode_identity({account}, answer(200, body));
  CHECK(std::get<Identity>(identity).id == "4711");
  CHECK(std::get<Identity>(identity).handle == "brandco@lemmy.example");
}

TEST_CASE("the shipped example knows its platform's errors and handles") {
  const auto connector = lemmy();
  const Account account = brandco();
  const auto outcome = [&](int status, std::string body) {
    const Reading reading = connector->decode({account}, answer(status, std::move(body)));
    const auto* trouble = std::get_if<Trouble>(&reading);
    return trouble ? print_trouble(*trouble) : "page";
  };
  CHECK(outcome(404, R"({"error":"couldnt_find_person"})") == "not_visible account");
  CHECK(outcome(400, R"({"error":"rate_limit_error"})") == "rate_limited host");
  CHECK(outcome(200, R"({"person_view":{"person":{"banned":true}},"posts":[]})") ==
        "suspended account");
  CHECK(outcome(400, R"({"error":"something"})") == "refused account");
  CHECK(outcome(503, "<html></html>") == "unreachable host");
  CHECK(outcome(410, "") == "not_visible account");
  CHECK(outcome(200, R"({"posts":7})") == "malformed account");
  CHECK(outcome(200, "") == "malformed account");

  std::string why;
  Account written;
  written.handle = "@BrandCo@lemmy.example";
  CHECK(connector->normalise(written, why)->host == "lemmy.example");
  for (const char* wrong : {"brandco", "brandco@127.0.0.1", "bra/nd@lemmy.example", "", "@"}) {
    written.handle = wrong;
    CHECK_FALSE(connector->normalise(written, why));
    CHECK(why.starts_with("a Lemmy account is named with its server"));
  }
}

TEST_CASE("a mistake in a definition is named with its line and column") {
  CHECK(issues_of(std::string(smallest)).empty());
  CHECK(issues_of("") ==
        "x.yaml:1:1: error: a connector's definition is a map of keys and values\n");
  CHECK(issues_of("a: [").starts_with("x.yaml:1:"));
  CHECK(issues_of(with("list: complete\n", "")) == "x.yaml:1:1: error: key 'list' is missing\n");
  CHECK(issues_of(with("list: complete", "lst: complete")) ==
        "x.yaml:4:1: error: a connector's definition has no key 'lst'; did you mean 'list'?\n"
        "x.yaml:1:1: error: key 'list' is missing\n");
  CHECK(issues_of(with("complete", "complet")) ==
        "x.yaml:4:7: error: list is complete, ranked, capped, claimed_order or whole; did you mean "
        "'complete'?\n");
  CHECK(issues_of(with("[post]", "[post, reels]")) ==
        "x.yaml:3:14: error: a surface is post, reel, story, live, repost, reply, comment or ad; "
        "did you mean 'reel'?\n");
  CHECK(issues_of(with("[post]", "[]")) == "x.yaml:3:7: error: sees no surface at all\n");
  CHECK(issues_of(with("60s", "a minute")) == "x.yaml:6:6: error: lag is a duration such as 60s\n");
  CHECK(issues_of(with("answer.items", "answr.items")).starts_with("x.yaml:8:8: error: "));
  CHECK(issues_of(with("${account.name}", "${acount.name}")).starts_with("x.yaml:7:30: error: "));
  CHECK(issues_of(with("item.id", "item.id +")).starts_with("x.yaml:9:"));
  CHECK(issues_of(with("{ id: item.id }", "{ text: item.id }")) ==
        "x.yaml:9:7: error: post needs 'id:'\n");
  CHECK(issues_of(with("https://api", "ftp://api")) ==
        "x.yaml:7:6: error: an address starts with https://\n");
  CHECK(issues_of(std::string(smallest) + "auth: { header: \"X: y\" }\n") ==
        "x.yaml:10:17: error: auth.header is a header's name\n");
  CHECK(issues_of(std::string(smallest) + "troubles: [ { status: 404, outcome: fresh } ]\n") ==
        "x.yaml:10:37: error: a trouble observes nothing\n");
  CHECK(issues_of(std::string(smallest) + "troubles: [ { outcome: gone } ]\n") ==
        "x.yaml:10:13: error: a trouble needs status or when\n");
}

TEST_CASE("an item that a mapping cannot read is skipped, and hostile answers end") {
  const std::string text(smallest);
  CHECK(print_reading(read_with(text, R"({"items":[{"id":1},{"id":null},{"x":1},7]})")) ==
        "page skipped=3\npost id=1\n");
  CHECK(print_reading(read_with(text, R"({"items":[{"x":1}]})")) ==
        "malformed account: not one item was readable\n");
  CHECK(print_reading(read_with(text, R"({"items":{}})")).starts_with("malformed"));
  std::string deep = R"({"items":[{"id":"a","deep":)";
  for (int i = 0; i < 900; ++i) deep += '[';
  for (int i = 0; i < 900; ++i) deep += ']';
  CHECK(print_reading(read_with(text, deep + "}]}")) == "page skipped=0\npost id=a\n");
  std::string many = R"({"items":[{"id":0})";
  for (int i = 1; i < 2000; ++i) many += ",{\"id\":" + std::to_string(i) + '}';
  const Reading reading = read_with(text, many + "]}");
  CHECK(std::get<Page>(reading).posts.size() == 1000);
  CHECK(std::get<Page>(reading).skipped == 1000);
}

TEST_CASE("a custom connector's token travels in the header it names") {
  Issues issues;
  const auto made = load_custom(
      "x", "x.yaml", std::string(smallest) + "auth: { header: Authorization, prefix: 'Bearer ' }\n",
      issues);
  REQUIRE(made);
  const Custom connector(made, {});
  CHECK(connector.declaration().needs_credential);
  CHECK(connector.declaration().name == "x");
  CHECK_FALSE(connector.declaration().stable_id);
  const Account account = brandco();
  const HttpRequest request = connector.request({account, &test_credential});
  CHECK(request.url == "https://api.example/u/brandco%40lemmy.example");
  CHECK(request.headers.back().value == "Bearer canary-SECRET-0123456789");
}

}  // namespace pw
