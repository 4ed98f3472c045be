#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/field_expansion.h"
#include "tests/rehearsal/support/sample_population.h"

using namespace pw;
using nlohmann::json;

namespace {

constexpr const char* user = "https://graph.facebook.com/v25.0/17841400000000001";

std::string encoded(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) || c == '.' || c == '_' || c == '-';
    if (plain) {
      out += c;
    } else {
      ((out += '%') += digits[byte >> 4]) += digits[byte & 15];
    }
  }
  return out;
}

HttpRequest discovery(std::string_view fields, std::string token = "some token") {
  return get(std::string(user) + "?fields=" + encoded(fields),
             {{"Authorization", "Bearer " + token}});
}

const Instant evening = at("2026-09-16T15:00:00Z");

json body_of(const HttpResponse& response) { return json::parse(response.body); }

}  // namespace

TEST_CASE("Business Discovery answers with the fields that were asked for, as documented") {
  const HttpResponse response =
      ask(sample_population(),
          discovery("business_discovery.username(riverbank.bakery){id,username,media_count,"
                    "media.limit(10){id,caption,media_type,media_product_type,permalink,timestamp,"
                    "username,like_count,is_shared_to_feed,children{id,media_type,timestamp}}}"),
          evening);
  CHECK(response.status == 200);
  CHECK(header_of(response, "content-type") == "application/json; charset=UTF-8");
  CHECK(header_of(response, "facebook-api-version") == "v25.0");
  CHECK(header_of(response, "date") == "Wed, 16 Sep 2026 15:00:00 GMT");
  const json body = body_of(response);
  CHECK(body["id"] == "17841400000000001");
  const json& account = body["business_discovery"];
  CHECK(account["id"] == "17841409876543210");
  CHECK(account["username"] == "riverbank.bakery");
  CHECK(account["media_count"] == 3);
  const json& data = account["media"]["data"];
  REQUIRE(data.size() == 3);
  CHECK(data[0]["id"] == "17901000000000101");
  CHECK(data[0]["caption"] == "Open late tonight with friends from harbour_roasters #rye");
  CHECK(data[0]["media_type"] == "VIDEO");
  CHECK(data[0]["media_product_type"] == "REELS");
  CHECK(data[0]["timestamp"] == "2026-09-16T14:02:39+0000");
  CHECK(data[0]["permalink"].get<std::string>().starts_with("https://www.instagram.com/reel/DdWd"));
  CHECK(data[0]["is_shared_to_feed"] == true);
  CHECK_FALSE(data[1].contains("like_count"));  // hidden: absent, neither 0 nor null
  CHECK_FALSE(data[1].contains("children"));
  CHECK_FALSE(data[2].contains("caption"));  // none: absent
  CHECK(data[2]["media_type"] == "CAROUSEL_ALBUM");
  CHECK(data[2]["children"]["data"].size() == 2);
  CHECK_FALSE(account["media"].contains("paging"));
}

TEST_CASE("cursors: the first page has after, a middle one both, the last only before") {
  const Population population = sample_population();
  std::string after;
  std::vector<std::string> ids, shapes;
  for (int page = 0; page < 3; ++page) {
    const std::string media = "media.limit(1)" + (after.empty() ? "" : ".after(" + after + ")");
    const json body = body_of(ask(
        population, discovery("business_discovery.username(riverbank.bakery){" + media + "{id}}"),
        evening));
    const json& edge = body["business_discovery"]["media"];
    REQUIRE(edge["data"].size() == 1);
    ids.push_back(edge["data"][0]["id"]);
    const json& cursors = edge["paging"]["cursors"];
    shapes.push_back(std::string(cursors.contains("before") ? "before " : "") +
                     (cursors.contains("after") ? "after" : ""));
    after = cursors.value("after", "");
  }
  CHECK(ids ==
        std::vector<std::string>{"17901000000000101", "17901000000000102", "17901000000000103"});
  CHECK(shapes == std::vector<std::string>{"after", "before after", "before "});
}

TEST_CASE("a cursor dies with the post it points to") {
  Population population = sample_population();
  const HttpRequest first =
      discovery("business_discovery.username(riverbank.bakery){media.limit(1){id}}");
  const json body = body_of(ask(population, first, evening));
  const std::string after = body["business_discovery"]["media"]["paging"]["cursors"]["after"];
  population.accounts[0].posts.back().deleted = evening;
  const HttpResponse response =
      ask(population,
          discovery("business_discovery.username(riverbank.bakery){media.limit(1).after(" + after +
                    "){id}}"),
          evening);
  CHECK(response.status == 400);
  CHECK(body_of(response)["error"]["code"] == 100);
}

TEST_CASE("an account without media, or none since then, has either empty shape") {
  Population population = sample_population();
  population.accounts[0].posts.clear();
  const auto media_of = [&](const char* media) {
    return body_of(ask(population,
                       discovery("business_discovery.username(riverbank.bakery){id," +
                                 std::string(media) + "{id}}"),
                       evening))["business_discovery"];
  };
  CHECK_FALSE(media_of("media").contains("media"));
  CHECK(media_of("media.since(1789430400)")["media"]["data"].empty());
}

TEST_CASE("Graph errors carry the codes that the documents give") {
  struct Row {
    const char* fields;
    const char* token;
    int status, code, subcode;
  };
  const Row rows[] = {
      {"business_discovery.username(riverbank.bakary){id}", "some token", 400, 110, 2207013},
      {"business_discovery.username(riverbank.bakery){stories}", "some token", 400, 10, 0},
      {"business_discovery.username(riverbank.bakery){media{insights}}", "some token", 400, 100, 0},
      {"business_discovery.username(riverbank.bakery){media.limit(500){id}}", "some token", 500, 1,
       0},
      {"business_discovery.username(riverbank.bakery){id", "some token", 400, 2500, 0},
      {"x){id}", "some token", 400, 2500, 0},
      {"business_discovery{id}", "some token", 400, 100, 0},
      {"business_discovery.username(riverbank.bakery){id}", "", 400, 104, 0},
  };
  for (const Row& row : rows) {
    INFO(row.fields);
    const HttpResponse response =
        ask(sample_population(), discovery(row.fields, row.token), evening);
    CHECK(response.status == row.status);
    const json error = body_of(response)["error"];
    CHECK(error["code"] == row.code);
    CHECK(error.value("error_subcode", 0) == row.subcode);
    CHECK(error.contains("fbtrace_id"));
  }
}

TEST_CASE("a token works for its own user alone") {
  Population population = sample_population();
  population.credentials = {{"a", "app", "17841400000000001", "right"},
                            {"b", "app", "17841400000000002", "other"}};
  const char* fields = "business_discovery.username(riverbank.bakery){id}";
  CHECK(ask(population, discovery(fields, "right"), evening).status == 200);
  const HttpResponse wrong = ask(population, discovery(fields, "wrong"), evening);
  CHECK(body_of(wrong)["error"]["code"] == 190);
  CHECK(header_of(wrong, "www-authenticate").starts_with("OAuth \"Facebook Platform\""));
  const HttpResponse other = ask(population, discovery(fields, "other"), evening);
  CHECK(body_of(other)["error"]["error_subcode"] == 33);
}

TEST_CASE("usage rises with the calls, then code 17 stops the token alone") {
  Population population = sample_population();
  population.limits.instagram = 20;
  const SimWorld world(population);
  RequestCounts counts;
  const char* fields = "business_discovery.username(riverbank.bakery){id}";
  for (int i = 1; i <= 25; ++i) {
    const SimAnswer answer = world.answer(discovery(fields), evening, counts);
    INFO(i);
    CHECK(answer.response.status == (i > 20 ? 400 : 200));
    const json usage = json::parse(header_of(answer.response, "x-app-usage"));
    CHECK(usage["call_count"] == i * 5);
    if (i > 20) CHECK(body_of(answer.response)["error"]["code"] == 17);
  }
  CHECK(world.answer(discovery(fields, "second"), evening, counts).response.status == 200);
  // Any hour, not the clock's.
  const Instant later = evening + std::chrono::minutes(59);
  CHECK(world.answer(discovery(fields), later, counts).response.status == 400);
  const Instant enough = evening + std::chrono::minutes(60);
  CHECK(world.answer(discovery(fields), enough, counts).response.status == 200);
}

TEST_CASE("the field expansion's grammar") {
  struct Row {
    const char* text;
    bool good;
  };
  const Row rows[] = {
      {"id", true},
      {"id,name", true},
      {"a.b(c){d}", true},
      {"a{d}.b(c)", true},
      {"a.limit(1).after(x=){b,c{d{e}}}", true},
      {"a.b()", true},
      {"", false},
      {",", false},
      {"a,", false},
      {"a{", false},
      {"a{}", false},
      {"a}b", false},
      {"a.b", false},
      {"a.b(c", false},
      {"a{b}{c}", false},
      {"a{b{c{d{e}}}}", false},  // five levels
      {"a b", false},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(parse_field_expansion(row.text).has_value() == row.good);
  }
  const std::string many(1000, ',');
  CHECK_FALSE(parse_field_expansion(many));
}
