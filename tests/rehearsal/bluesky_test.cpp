#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/rehearsal/support/sample_population.h"

using namespace pw;
using nlohmann::json;

namespace {

const std::string xrpc = "https://public.api.bsky.app/xrpc/";
const std::string did = "did:plc:k3zq7yexampleacct2pledg3";
const Instant evening = at("2026-09-16T15:00:00Z");

json body_of(const HttpResponse& response) { return json::parse(response.body); }

HttpRequest feed(const std::string& query = "") {
  return get(xrpc + "app.bsky.feed.getAuthorFeed?actor=did%3Aplc%3Ak3zq7yexampleacct2pledg3" +
             query);
}

}  // namespace

TEST_CASE("a handle leads to its DID, in either way of asking") {
  for (const std::string& base : {xrpc, std::string("http://127.0.0.1:1/bluesky/xrpc/")}) {
    const HttpResponse response =
        ask(sample_population(),
            get(base + "com.atproto.identity.resolveHandle?handle=brandco.example.com"), evening);
    CHECK(response.status == 200);
    CHECK(body_of(response)["did"] == did);
  }
}

TEST_CASE("an author feed looks as the document's example does") {
  const HttpResponse response = ask(sample_population(), feed(), evening);
  CHECK(response.status == 200);
  CHECK(header_of(response, "ratelimit-policy") == "3000;w=300");
  CHECK(header_of(response, "ratelimit-remaining") == "2999");
  CHECK(header_of(response, "ratelimit-reset") == std::to_string(ms_of(evening) / 1000 + 300));
  const json body = body_of(response);
  CHECK_FALSE(body.contains("cursor"));
  const json& items = body["feed"];
  REQUIRE(items.size() == 3);
  CHECK(items[0]["reason"]["$type"] == "app.bsky.feed.defs#reasonRepost");
  CHECK(items[0]["reason"]["by"]["did"] == did);
  CHECK(items[0]["reason"]["uri"] == "at://" + did + "/app.bsky.feed.repost/3mvncnmiuwkk2");
  CHECK(items[0]["reason"]["indexedAt"] == "2026-09-16T14:05:00.250Z");
  CHECK(items[0]["post"]["author"]["did"] != did);
  CHECK(items[1]["post"]["uri"] == "at://" + did + "/app.bsky.feed.post/3mvncku2qi237");
  CHECK(items[1]["post"]["author"]["did"] == did);
  CHECK(items[1]["post"]["indexedAt"] == "2026-09-16T14:03:28.101Z");
  CHECK(items[1]["post"]["record"]["createdAt"] < "2026-09-16T14:03:28.101Z");
  CHECK(items[2]["reply"]["parent"]["notFound"] == true);
}

TEST_CASE("a backdated post sorts where it claims to be, a future one where it was seen") {
  Population population = sample_population();
  std::vector<SimPost>& posts = population.accounts[2].posts;
  posts[2].declared = at("2025-09-16T14:05:00Z");
  CHECK(body_of(ask(population, feed(), evening))["feed"][2]["post"]["uri"] != posts[1].id);
  CHECK(body_of(ask(population, feed(), evening))["feed"][0]["post"]["uri"] == posts[1].id);
  posts[0].declared = at("2027-01-01T00:00:00Z");
  const json items = body_of(ask(population, feed(), evening))["feed"];
  CHECK(items[1]["post"]["uri"] == posts[0].id);
  CHECK(items[1]["post"]["record"]["createdAt"] == "2027-01-01T00:00:00.000Z");
}

TEST_CASE("paging by cursor reads every item once, whatever the page's size") {
  for (int limit = 1; limit <= 4; ++limit) {
    std::string cursor;
    int items = 0;
    int pages = 0;
    do {
      const json body = body_of(
          ask(sample_population(),
              feed("&limit=" + std::to_string(limit) + (cursor.empty() ? "" : "&cursor=" + cursor)),
              evening));
      items += static_cast<int>(body["feed"].size());
      cursor = body.value("cursor", "");
    } while (!cursor.empty() && ++pages < 10);
    INFO("limit " << limit);
    CHECK(items == 3);
  }
}

TEST_CASE("pins lead only when they are asked for") {
  Population population = sample_population();
  population.accounts[2].posts[0].pinned = at("2026-09-16T10:00:00Z");
  CHECK_FALSE(body_of(ask(population, feed(), evening))["feed"][0]["reason"]["$type"] ==
              "app.bsky.feed.defs#reasonPin");
  const json items = body_of(ask(population, feed("&includePins=true"), evening))["feed"];
  CHECK(items.size() == 3);
  CHECK(items[0]["reason"]["$type"] == "app.bsky.feed.defs#reasonPin");
}

TEST_CASE("XRPC errors have names") {
  struct Row {
    std::string url;
    int status;
    const char* error;
    const char* message;
  };
  const Row rows[] = {
      {xrpc + "com.atproto.identity.resolveHandle?handle=nobody.example", 400, "InvalidRequest",
       "Unable to resolve handle"},
      {xrpc + "app.bsky.feed.getAuthorFeed?actor=nobody.example", 400, "InvalidRequest",
       "Profile not found"},
      {xrpc + "app.bsky.feed.getAuthorFeed?actor=brandco.example.com&cursor=x", 400,
       "InvalidRequest", "Malformed cursor"},
      {xrpc + "app.bsky.feed.getNothing", 501, "MethodNotImplemented", "Method Not Implemented"},
  };
  for (const Row& row : rows) {
    const HttpResponse response = ask(sample_population(), get(row.url), evening);
    INFO(row.url);
    CHECK(response.status == row.status);
    CHECK(body_of(response)["error"] == row.error);
    CHECK(body_of(response)["message"] == row.message);
  }
}

TEST_CASE("who was taken down has no profile, and getProfile tells why") {
  Population population = sample_population();
  population.accounts[2].spells = {{SpellKind::suspended, population.window, ""}};
  CHECK(body_of(ask(population, feed(), evening))["message"] == "Profile not found");
  CHECK(body_of(ask(population, get(xrpc + "app.bsky.actor.getProfile?actor=" + did),
                    evening))["error"] == "AccountTakedown");
}

TEST_CASE("over the limit: 429 with Retry-After and the reset in Unix seconds") {
  Population population = sample_population();
  population.limits.bluesky = 2;
  const SimWorld world(population);
  RequestCounts counts;
  const Instant t = evening + std::chrono::seconds(10);
  for (int i = 0; i < 2; ++i) CHECK(world.answer(feed(), t, counts).response.status == 200);
  const HttpResponse response = world.answer(feed(), t, counts).response;
  CHECK(response.status == 429);
  CHECK(body_of(response)["error"] == "RateLimitExceeded");
  CHECK(header_of(response, "retry-after") == "290");
  CHECK(header_of(response, "ratelimit-remaining") == "0");
}
