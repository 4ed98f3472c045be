// What is kept is what would be rendered anew, at any time and in any order.
#include <catch2/catch.hpp>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/answer_shelf.h"
#include "daemon/rehearsal/platform.h"
#include "daemon/rehearsal/populate.h"
#include "tests/rehearsal/support/sample_population.h"

using namespace pw;

namespace {

const Interval hour{at("2026-09-16T15:00:00Z"), at("2026-09-16T16:00:00Z")};

Population everybody(std::uint64_t seed) {
  PopulationOptions options;
  options.cast.seed = seed;
  options.window = hour;
  options.hashtag = "#SilentDay";
  options.faults = false;
  return populate(options);
}

std::string list_of(const SimAccount& account) {
  if (account.platform == "instagram")
    return "https://graph.facebook.com/v25.0/"
           "17841400000000001?fields=business_discovery.username(" +
           account.name + "){media_count,media.limit(5){id,caption,like_count}}";
  if (account.platform == "mastodon")
    return "https://" + account.host + "/api/v1/accounts/" + account.id + "/statuses";
  if (account.platform == "bluesky")
    return "https://public.api.bsky.app/xrpc/com.atproto.sync.getLatestCommit?did=" + account.id;
  return account.handle;
}

std::string printed(const HttpResponse& response) {
  std::string text = std::to_string(response.status) + '\n';
  for (std::size_t i = 0; i < response.headers.size(); ++i)
    text.append(response.headers.name(i)).append(": ").append(response.headers.value(i)) += '\n';
  return text + response.body;
}

}  // namespace

TEST_CASE("an answer that was kept is the one that would be made now") {
  const Population population = everybody(3);
  const SimWorld world(population);
  int answers = 0;
  for (const SimAccount& account : population.accounts) {
    for (std::uint64_t i = 0; i < 60; ++i) {
      const auto ms = static_cast<std::int64_t>(mix64(account.id, i) % 9'000'000);
      const Instant now = hour.start - std::chrono::minutes(30) + Millis(ms);
      RequestCounts counts;
      RequestCounts fresh_counts;
      const SimWorld fresh(population);
      const HttpRequest request = get(list_of(account), {{"Authorization", "Bearer some token"}});
      INFO(request.url << " at " << print_rfc3339(now));
      REQUIRE(printed(world.answer(request, now, counts).response) ==
              printed(fresh.answer(request, now, fresh_counts).response));
      ++answers;
    }
  }
  CHECK(answers > 1000);
}

TEST_CASE("counters move exactly when they are said to") {
  SimPost post;
  post.created = hour.start;
  post.serial = 5;
  const auto sum = [&](Instant now) {
    std::int64_t all = 0;
    for (const char* what : {"likes", "replies", "reposts", "shares"})
      all += counter_of(post, now, what);
    return all;
  };
  int moves = 0;
  for (Instant now = post.created; counters_move(post, now) != Instant::max(); ++moves) {
    const Instant next = counters_move(post, now);
    REQUIRE(next > now);
    REQUIRE(sum(next - Millis(1)) == sum(now));
    REQUIRE(sum(next) > sum(now));
    now = next;
  }
  // Fast while it is young, hardly ever after a week.
  CHECK(moves > 60);
  CHECK(moves < 120);
}
