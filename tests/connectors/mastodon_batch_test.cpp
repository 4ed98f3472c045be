// One request that tells of forty accounts of a server which of them changed, and
// never that one of them did not.
#include <catch2/catch.hpp>

#include "tests/connectors/captures.h"

namespace pw {
namespace {

Account numbered(std::string id, std::string host = "m.example") {
  Account account = account_on("mastodon");
  account.id = std::move(id);
  account.host = std::move(host);
  return account;
}

std::string print(const std::vector<ProbeReading>& readings) {
  std::string out;
  for (const ProbeReading& reading : readings) {
    const auto* trouble = std::get_if<Trouble>(&reading);
    out += '[' +
           (trouble ? std::string(name_of(trouble->outcome)) : std::get<std::string>(reading)) +
           ']';
  }
  return out;
}

struct Row {
  int status;
  std::string_view body;
  std::string_view yields;
};

constexpr Row rows[] = {
    {200,
     R"([{"id":"2","statuses_count":9,"last_status_at":"2026-09-16"},)"
     R"({"id":"1","statuses_count":"812","last_status_at":null}])",
     "[812 ][9 2026-09-16]"},
    // Who is not there is left out in silence; that is no sign of silence.
    {200, R"([{"id":"2","statuses_count":9}])", "[not_visible][9 ]"},
    {200, "[]", "[not_visible][not_visible]"},
    {200, R"([{"id":"1","statuses_count":0,"suspended":true},{"id":"2"}])",
     "[0  suspended][malformed]"},
    {200, R"([{"id":"1","statuses_count":5,"moved":{"id":"9"}},7])", "[5  moved][not_visible]"},
    // Servers without this call, or that keep it for those who log in.
    {404, R"({"error":"Record not found"})", "[not_visible][not_visible]"},
    {422, R"({"error":"too many"})", "[refused][refused]"},
    {401, R"({"error":"This method requires an authenticated user"})", "[refused][refused]"},
    {429, R"({"error":"Too many requests"})", "[rate_limited][rate_limited]"},
    {200, "<html>", "[malformed][malformed]"},
};

}  // namespace

TEST_CASE("an answer for many accounts is told apart by id") {
  const auto connector = make_connector("mastodon", {});
  CHECK(connector->declaration().probe == ProbeProves::change);
  CHECK(connector->declaration().batch_size == 40);
  const Account a = numbered("1");
  const Account b = numbered("2");
  const std::vector<Query> queries = {{a}, {b}};
  for (const Row& row : rows) {
    INFO(row.body);
    CHECK(print(connector->decode_probe(queries, answer(row.status, std::string(row.body)))) ==
          row.yields);
  }
}

TEST_CASE("only accounts of one server are asked for together") {
  const auto connector = make_connector("mastodon", {});
  const Account a = numbered("1");
  const Account b = numbered("a b");
  const Account c = numbered("3", "n.example");
  const std::vector<Query> same = {{a}, {b}};
  CHECK(connector->probe_request(same)->url ==
        "https://m.example/api/v1/accounts?id%5B%5D=1&id%5B%5D=a%20b");
  const std::vector<Query> mixed = {{a}, {c}};
  CHECK_FALSE(connector->probe_request(mixed));
  CHECK_FALSE(connector->probe_request({}));
}

}  // namespace pw
