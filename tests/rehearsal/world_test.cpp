#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/rehearsal/support/sample_population.h"

using namespace pw;

namespace {

const Instant noon = at("2026-09-16T15:00:00Z");
const Interval hour{noon, noon + std::chrono::hours(1)};
constexpr const char* statuses = "https://m.example/api/v1/accounts/109500000000000001/statuses";
constexpr const char* feed = "https://brand.example/feed";
constexpr const char* bsky =
    "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=brandco.example.com";
constexpr const char* insta =
    "https://graph.facebook.com/v25.0/"
    "1?fields=business_discovery.username(riverbank.bakery)%7Bid%7D"
    "&access_token=some-token";

SimAnswer ask_with(Fault fault, const HttpRequest& request, Instant now) {
  Population population = sample_population();
  population.faults = {std::move(fault)};
  const SimWorld world(population);
  RequestCounts counts;
  return world.answer(request, now, counts);
}

}  // namespace

TEST_CASE("a fault strikes where, whom and when it was planned to") {
  struct Row {
    Fault fault;
    const char* url;
    bool strikes;
  };
  const Row rows[] = {
      {{FaultKind::outage, hour}, feed, true},
      {{FaultKind::outage, hour, "mastodon"}, statuses, true},
      {{FaultKind::outage, hour, "mastodon"}, feed, false},
      {{FaultKind::outage, hour, "mastodon", "m.example"}, statuses, true},
      {{FaultKind::outage, hour, "mastodon", "other.example"}, statuses, false},
      {{FaultKind::outage, hour, "mastodon", "", "brandco@m.example"}, statuses, true},
      {{FaultKind::outage, hour, "mastodon", "", "other@m.example"}, statuses, false},
      {{FaultKind::outage, hour, "instagram", "", "riverbank.bakery"}, insta, true},
      {{FaultKind::outage, hour, "instagram", "", "", "17841400000000001"}, insta, false},
      {{FaultKind::outage, {hour.start - hour.length(), hour.start}}, feed, false},
      {{FaultKind::unmodified, hour}, feed, false},  // nothing conditional was asked
  };
  for (const Row& row : rows) {
    const int status = ask_with(row.fault, get(row.url), noon).response.status;
    INFO(row.url << ' ' << row.fault.platform << ' ' << row.fault.host << row.fault.handle);
    CHECK(status == (row.strikes ? 503 : 200));
  }
}

TEST_CASE("each fault answers in its own way") {
  struct Row {
    FaultKind kind;
    const char* url;
    int status;
    SimDelivery delivery;
    const char* part;
  };
  constexpr auto whole = SimDelivery::whole;
  const Row rows[] = {
      {FaultKind::outage, feed, 503, whole, "Service Unavailable"},
      {FaultKind::html, statuses, 200, whole, "<!DOCTYPE html>"},
      {FaultKind::login_page, bsky, 200, whole, "type=\"password\""},
      {FaultKind::login_redirect, feed, 302, whole, ""},
      {FaultKind::rate_limited, statuses, 429, whole, "Too many requests"},
      {FaultKind::rate_limited, bsky, 429, whole, "RateLimitExceeded"},
      {FaultKind::rate_limited, feed, 429, whole, "Slow down"},
      {FaultKind::rate_limited, insta, 400, whole, "\"code\":17"},
      {FaultKind::app_limited, insta, 403, whole, "\"code\":4"},
      {FaultKind::token_expired, insta, 400, whole, "\"error_subcode\":463"},
      {FaultKind::closed, statuses, 401, whole, "This method requires an authenticated user"},
      {FaultKind::reset, feed, 0, SimDelivery::reset, ""},
      {FaultKind::hang, feed, 0, SimDelivery::hang, ""},
      {FaultKind::cut, feed, 200, SimDelivery::cut, "</rss>"},
      {FaultKind::garbled, feed, 200, SimDelivery::garbled, "</rss>"},
      {FaultKind::slow, feed, 200, whole, "</rss>"},
      {FaultKind::dated_limit, feed, 429, whole, "Too Many Requests"},
  };
  for (const Row& row : rows) {
    const SimAnswer answer = ask_with({row.kind, hour}, get(row.url), noon);
    INFO(name_of(row.kind) << ' ' << row.url);
    CHECK(answer.response.status == row.status);
    CHECK((answer.delivery == row.delivery));
    CHECK_THAT(answer.response.body, Catch::Contains(row.part));
    CHECK((answer.latency + answer.drip >= Millis(1200)) == (row.kind == FaultKind::slow));
  }
}

TEST_CASE("limits speak the platform's dialect, and end with the fault") {
  const SimAnswer mastodon = ask_with({FaultKind::rate_limited, hour}, get(statuses), noon);
  CHECK(header_of(mastodon.response, "x-ratelimit-reset") == "2026-09-16T16:00:00.000000Z");
  CHECK(header_of(mastodon.response, "x-ratelimit-remaining") == "0");
  const SimAnswer bluesky = ask_with({FaultKind::rate_limited, hour}, get(bsky), noon);
  CHECK(header_of(bluesky.response, "retry-after") == "3600");
  CHECK(header_of(bluesky.response, "ratelimit-reset") == std::to_string(ms_of(hour.end) / 1000));
  const SimAnswer site = ask_with({FaultKind::rate_limited, hour}, get(feed), noon);
  CHECK(header_of(site.response, "retry-after") == "Wed, 16 Sep 2026 16:00:01 GMT");
  const SimAnswer meta = ask_with({FaultKind::app_limited, hour}, get(insta), noon);
  CHECK(nlohmann::json::parse(header_of(meta.response, "x-app-usage"))["call_count"] == 102);
}

TEST_CASE("a stale cache shows what was there when it went stale, and its age") {
  const Interval span{at("2026-09-16T14:00:00Z"), at("2026-09-16T16:00:00Z")};
  const SimAnswer answer = ask_with({FaultKind::stale, span}, get(statuses), noon);
  const auto list = nlohmann::json::parse(answer.response.body);
  CHECK(list.size() == 1);
  CHECK(header_of(answer.response, "age") == "3600");
  CHECK(header_of(answer.response, "date") == "Wed, 16 Sep 2026 14:00:00 GMT");
}

TEST_CASE("a limit may name its end as a date") {
  const SimAnswer feeds = ask_with({FaultKind::dated_limit, hour}, get(feed), noon);
  CHECK(header_of(feeds.response, "retry-after") == "Wed, 16 Sep 2026 16:00:00 GMT");
}

TEST_CASE("half a document is no document") {
  const SimAnswer answer = ask_with({FaultKind::truncated, hour}, get(statuses), noon);
  CHECK(answer.response.status == 200);
  CHECK_FALSE(nlohmann::json::accept(answer.response.body));
}

TEST_CASE("a broken cache answers 304 to everything conditional") {
  const SimAnswer answer = ask_with({FaultKind::unmodified, hour},
                                    get(feed, {{"If-None-Match", "\"never seen\""}}), noon);
  CHECK(answer.response.status == 304);
}

TEST_CASE("nobody lives at other addresses") {
  for (const char* url : {"https://elsewhere.example/", "nonsense", "http://127.0.0.1/", "",
                          "http://127.0.0.1:1/mastodon", "http://127.0.0.1:1/mastodon/m.example",
                          "http://127.0.0.1:1/feedx/y", "http://127.0.0.1:1/feed/nobody",
                          "http://127.0.0.1:1/bluesky", "http://127.0.0.1:1/instagram/%00%ff"}) {
    INFO(url);
    CHECK(ask(sample_population(), get(url), noon).status >= 400);
  }
  CHECK(ask(sample_population(), get("http://127.0.0.1:1/login?next=/x"), noon).status == 200);
}
