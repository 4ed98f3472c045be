#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/rehearsal/support/sample_population.h"

using namespace pw;
using nlohmann::json;

namespace {

constexpr const char* statuses = "https://m.example/api/v1/accounts/109500000000000001/statuses";
const Instant evening = at("2026-09-16T15:00:00Z");

json body_of(const HttpResponse& response) { return json::parse(response.body); }

std::vector<std::string> ids_of(const json& list) {
  std::vector<std::string> ids;
  for (const json& status : list) ids.push_back(status["id"]);
  return ids;
}

// An account with so many posts, a second apart.
Population busy(int posts) {
  Population population = sample_population();
  SimAccount& account = population.accounts[1];
  account.posts.clear();
  for (int i = 0; i < posts; ++i) {
    SimPost post{.id = std::to_string(117277773004800000 + i * 65'536'000LL)};
    post.created = at("2026-09-16T00:00:00Z") + std::chrono::seconds(i);
    post.declared = post.created;
    post.text = "number " + std::to_string(i);
    account.posts.push_back(post);
  }
  return population;
}

}  // namespace

TEST_CASE("an account is found by name on its home server alone") {
  struct Row {
    const char* url;
    int status;
  };
  const Row rows[] = {
      {"https://m.example/api/v1/accounts/lookup?acct=brandco", 200},
      {"https://m.example/api/v1/accounts/lookup?acct=BrandCo@m.example", 200},
      {"https://m.example/api/v1/accounts/lookup?acct=brandco@other.example", 404},
      {"https://m.example/api/v1/accounts/lookup?acct=nobody", 404},
      {"https://m.example/api/v1/accounts/109500000000000001", 200},
      {"https://m.example/api/v1/accounts/1", 404},
      {"https://m.example/api/v1/statuses/117281089618747667", 200},
      {"https://m.example/api/v1/statuses/1", 404},
      {"https://m.example/api/v9", 404},
      {"http://127.0.0.1:8423/mastodon/m.example/api/v1/accounts/lookup?acct=brandco", 200},
  };
  for (const Row& row : rows) {
    INFO(row.url);
    const HttpResponse response = ask(sample_population(), get(row.url), evening);
    CHECK(response.status == row.status);
    if (row.status == 404) CHECK(body_of(response)["error"] == "Record not found");
  }
}

TEST_CASE("statuses look as the document's example does") {
  const HttpResponse response = ask(sample_population(), get(statuses), evening);
  CHECK(response.status == 200);
  CHECK(header_of(response, "cache-control").starts_with("max-age=15, public"));
  const json list = body_of(response);
  REQUIRE(list.size() == 2);
  CHECK(list[0]["id"] == "117281089618747667");
  CHECK(list[0]["created_at"] == "2026-09-16T14:03:27.514Z");
  CHECK(list[0]["edited_at"] == "2026-09-16T14:10:02.120Z");
  CHECK(list[0]["uri"] == "https://m.example/users/brandco/statuses/117281089618747667");
  CHECK(list[0]["content"] ==
        "<p>New drop today, &lt;corrected&gt; <a href=\"https://m.example/tags/sale\" "
        "class=\"mention hashtag\" rel=\"tag\">#<span>sale</span></a></p>");
  CHECK(list[0]["tags"][0]["name"] == "sale");
  CHECK(list[0]["reblog"].is_null());
  CHECK(list[0]["account"]["id"] == "109500000000000001");
  CHECK(list[1]["reblog"]["account"]["acct"] == "org@other.example");
  CHECK(list[1]["account"]["acct"] == "brandco");
}

TEST_CASE("pages by max_id, min_id and since_id, with Link as documented") {
  const Population population = busy(45);
  const HttpResponse newest = ask(population, get(std::string(statuses) + "?limit=20"), evening);
  const auto first = ids_of(body_of(newest));
  REQUIRE(first.size() == 20);
  CHECK(header_of(newest, "link") ==
        "<" + std::string(statuses) + "?limit=20&max_id=" + first.back() + ">; rel=\"next\", <" +
            std::string(statuses) + "?limit=20&min_id=" + first.front() + ">; rel=\"prev\"");
  const HttpResponse last =
      ask(population, get(std::string(statuses) + "?limit=40&max_id=117277774250000000"), evening);
  CHECK(header_of(last, "link").find("rel=\"next\"") == std::string::npos);
  // min_id pages forward and is printed newest first all the same.
  const auto forward = ids_of(body_of(
      ask(population, get(std::string(statuses) + "?limit=2&min_id=117277773004800000"), evening)));
  CHECK(forward == std::vector<std::string>{"117277773135872000", "117277773070336000"});
  const auto since = ids_of(body_of(ask(
      population, get(std::string(statuses) + "?limit=2&since_id=117277773004800000"), evening)));
  CHECK(since == std::vector<std::string>{first[0], first[1]});
  const HttpResponse none = ask(population, get(std::string(statuses) + "?max_id=1"), evening);
  CHECK(none.body == "[]");
  CHECK_FALSE(none.headers.find("link"));
  CHECK(
      ids_of(body_of(ask(population, get(std::string(statuses) + "?limit=99"), evening))).size() ==
      40);
}

TEST_CASE("filters leave out what they name") {
  const auto count = [](const char* query) {
    return body_of(ask(sample_population(), get(std::string(statuses) + query), evening)).size();
  };
  CHECK(count("?exclude_reblogs=true") == 1);
  CHECK(count("?exclude_replies=true") == 2);
  CHECK(count("?only_media=true") == 0);
  CHECK(count("?pinned=true") == 0);
}

TEST_CASE("a weak ETag, and 304 while nothing changes") {
  const Population population = sample_population();
  const HttpResponse first = ask(population, get(statuses), evening);
  const std::string tag = header_of(first, "etag");
  CHECK(tag.starts_with("W/\""));
  const HttpResponse second = ask(population, get(statuses, {{"If-None-Match", tag}}), evening);
  CHECK(second.status == 304);
  CHECK(second.body.empty());
  CHECK(header_of(second, "etag") == tag);
  const HttpResponse before =
      ask(population, get(statuses, {{"If-None-Match", tag}}), at("2026-09-16T14:00:00Z"));
  CHECK(before.status == 200);
}

TEST_CASE("a suspended account's list is 200 and empty, and only the account says why") {
  Population population = sample_population();
  population.accounts[1].spells = {{SpellKind::suspended, population.window, ""}};
  const HttpResponse list = ask(population, get(statuses), evening);
  CHECK(list.status == 200);
  CHECK(list.body == "[]");
  const json account = body_of(
      ask(population, get("https://m.example/api/v1/accounts/109500000000000001"), evening));
  CHECK(account["suspended"] == true);
  population.accounts[1].spells = {{SpellKind::deleted, population.window, ""}};
  CHECK(ask(population, get(statuses), evening).status == 404);
  population.accounts[1].spells = {{SpellKind::renamed, population.window, "newco"}};
  CHECK(body_of(ask(population, get(statuses), evening))[0]["account"]["acct"] == "newco");
  CHECK(ask(population, get("https://m.example/api/v1/accounts/lookup?acct=brandco"), evening)
            .status == 404);
}

TEST_CASE("300 requests in five minutes of the clock, and paging three times harder") {
  const Population population = busy(45);
  const SimWorld world(population);
  RequestCounts counts;
  const Instant start = at("2026-09-16T15:00:01Z");
  for (int i = 1; i <= 301; ++i) {
    const HttpResponse response = world.answer(get(statuses), start, counts).response;
    if (i < 301) {
      REQUIRE(response.status == 200);
      REQUIRE(header_of(response, "x-ratelimit-remaining") == std::to_string(300 - i));
      continue;
    }
    CHECK(response.status == 429);
    CHECK(body_of(response)["error"] == "Too many requests");
    CHECK(header_of(response, "x-ratelimit-reset") == "2026-09-16T15:05:00.000000Z");
    CHECK_FALSE(response.headers.find("retry-after"));
  }
  const HttpResponse next =
      world.answer(get(statuses), at("2026-09-16T15:05:00Z"), counts).response;
  CHECK(next.status == 200);

  RequestCounts paging;
  const HttpRequest older = get(std::string(statuses) + "?max_id=117277774250000000");
  for (int i = 1; i <= 250; ++i) world.answer(older, start, paging);
  const Instant later = at("2026-09-16T15:10:00Z");
  for (int i = 1; i <= 50; ++i) CHECK(world.answer(older, later, paging).response.status == 200);
  const HttpResponse refused = world.answer(older, later, paging).response;
  CHECK(refused.status == 429);
  CHECK(header_of(refused, "x-ratelimit-reset") == "2026-09-16T15:15:00.000000Z");
  CHECK(world.answer(get(statuses), later, paging).response.status == 200);
}
