// YouTube, X, Reddit, TikTok, Tumblr and Telegram as they are simulated, read by
// the connectors that were written from the same documents by other hands.
#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "connectors/registry.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/open_twins.h"
#include "daemon/rehearsal/words.h"
#include "tests/rehearsal/support/sample_population.h"

using namespace pw;

namespace {

constexpr const char* server = "http://127.0.0.1:8423/";
constexpr std::string_view platforms[] = {"youtube", "x", "reddit", "tiktok", "tumblr", "telegram"};
constexpr std::string_view keyed[] = {"youtube", "x", "reddit", "tiktok", "tumblr"};

const Instant seen_at = at("2026-09-16T15:00:00Z");

// Everybody of the demo, and sixty posts more of the first Mastodon account.
Population twins() {
  PopulationOptions options = demo_options(4);
  options.window = {at("2026-09-16T14:00:00Z"), at("2026-09-16T15:00:00Z")};
  options.faults = false;
  Population population = populate(options);
  const auto first = std::find_if(population.accounts.begin(), population.accounts.end(),
                                  [](const SimAccount& a) { return a.platform == "mastodon"; });
  for (int i = 0; i < 60; ++i) {
    SimPost post{.id = {}, .surface = Surface::post};
    post.serial = static_cast<std::uint64_t>(900'000 + i);
    post.created = post.declared = at("2026-09-16T01:00:00Z") + std::chrono::minutes(10 * i);
    post.text = "Number " + std::to_string(i) + " & <more>";
    first->posts.push_back(post);
  }
  add_open_twins(population, 6);
  return population;
}

Credential credential() { return {"a", "app", "17841400000000001", "token-of-the-first"}; }

// Asks as the daemon does, at one time.
struct Asker {
  const Population& population;
  const SimAccount& made;
  Instant now = seen_at;
  bool anonymous = false;
  std::unique_ptr<Connector> connector = connector_for(made.platform, anonymous);
  Credential shown = credential();
  Account account = named();

  static std::unique_ptr<Connector> connector_for(const std::string& platform, bool anonymous) {
    ConnectorSettings settings;
    settings.base = server + platform;
    settings.lag = Millis{0};
    settings.anonymous = anonymous;
    return make_connector(platform, settings);
  }
  Account named() const {
    Account given;
    given.platform = made.platform;
    given.handle = anonymous ? made.id : made.handle;
    std::string why;
    const auto normal = connector->normalise(given, why);
    INFO(made.platform << ' ' << made.handle << ": " << why);
    REQUIRE(normal);
    return *normal;
  }
  Query query(std::string_view cursor = {}) const {
    return {account, anonymous ? nullptr : &shown, cursor, now};
  }
  HttpResponse fetch(const HttpRequest& request) const {
    HttpResponse response = ask(population, request, now);
    response.received = now;
    return response;
  }
  std::string resolve() {
    const auto request = connector->resolve_request(query());
    if (!request) return account.id = account.id.empty() ? account.handle : account.id;
    const auto answer = connector->decode_identity(query(), fetch(*request));
    const Identity* identity = std::get_if<Identity>(&answer);
    if (identity == nullptr) return std::get<Trouble>(answer).detail;
    return account.id = identity->id;
  }
  Reading read(std::string_view cursor = {}) const {
    return connector->decode(query(cursor), fetch(connector->request(query(cursor))));
  }
  std::vector<Post> read_all(int& pages) const {
    std::vector<Post> posts;
    std::string cursor;
    do {
      const Reading reading = read(cursor);
      const Page* page = std::get_if<Page>(&reading);
      if (page == nullptr) {
        FAIL(made.platform << ' ' << made.handle << ": " << std::get<Trouble>(reading).detail);
      }
      CHECK(page->skipped == 0);
      if (!page->owner_id.empty()) CHECK(page->owner_id == account.id);
      posts.insert(posts.end(), page->posts.begin(), page->posts.end());
      cursor = page->next;
    } while (!cursor.empty() && ++pages < 40);
    return posts;
  }
};

Instant whole_second(Instant t) { return t - t.time_since_epoch() % Millis(1000); }

void check_times(const SimAccount& account, const SimPost& made, const Post& read, bool edited) {
  const bool poster_dates = account.platform == "youtube" || account.platform == "tumblr";
  if (poster_dates) {
    CHECK_FALSE(read.server_at);
    CHECK(read.claimed_at == whole_second(made.declared));
    return;
  }
  if (edited && account.platform == "x") return;  // the newest version's, by milliseconds
  REQUIRE(read.server_at);
  CHECK(*read.server_at <= made.created);
  CHECK(made.created < *read.server_at + Millis(1000));
}

void check_post(const SimAccount& account, const SimPost& made, const Post& read, Instant now) {
  INFO(account.platform << ' ' << account.handle << ' ' << made.id << ' ' << read.text);
  CHECK(read.surface == made.surface);
  CHECK_THAT(read.text, Catch::Contains(text_at(made, now)));
  if (made.quotes) CHECK_THAT(read.text, !Catch::Contains(std::string(quoted_text)));
  if (made.surface == Surface::repost) CHECK_FALSE(read.repost_of.empty());
  if (made.surface == Surface::reply || made.surface == Surface::comment) {
    CHECK_FALSE(read.in_reply_to.empty());
  }
  const bool edited = made.edited && *made.edited <= now;
  const bool marks_edits =
      account.platform == "x" || account.platform == "reddit" || account.platform == "telegram";
  if (marks_edits) CHECK(read.edited_at.has_value() == edited);
  check_times(account, made, read, edited);
}

std::string print(const Reading& reading) {
  if (std::holds_alternative<Page>(reading)) return "page";
  const Trouble& trouble = std::get<Trouble>(reading);
  constexpr const char* scopes[] = {"account", "credential", "app", "host"};
  return std::string(name_of(trouble.outcome)) + " for " +
         scopes[static_cast<std::size_t>(trouble.scope)];
}

const SimAccount& first_on(const Population& population, std::string_view platform) {
  return *std::find_if(population.accounts.begin(), population.accounts.end(),
                       [&](const SimAccount& account) { return account.platform == platform; });
}

}  // namespace

TEST_CASE("every post that an open platform lists is read once, as it was made") {
  const Population population = twins();
  for (const std::string_view platform : keyed) {
    int read_in_all = 0;
    int pages = 0;
    for (const SimAccount& made : population.accounts) {
      if (made.platform != platform || spell_at(made, seen_at)) continue;
      Asker asker{population, made};
      INFO(made.platform << ' ' << made.handle);
      CHECK(asker.resolve() == made.id);
      const std::vector<Post> posts = asker.read_all(pages);
      const std::vector<const SimPost*> listed = listing(made, seen_at);
      REQUIRE(posts.size() == listed.size());
      std::set<std::string> ids;
      for (std::size_t i = 0; i < posts.size(); ++i) {
        const auto same = std::find_if(listed.begin(), listed.end(), [&](const SimPost* post) {
          return post->id == posts[i].id;
        });
        REQUIRE(same != listed.end());
        CHECK(ids.insert(posts[i].id).second);
        // TikTok's order means nothing; everybody else's is the platform's.
        if (platform != "tiktok") CHECK(*same == listed[i]);
        check_post(made, **same, posts[i], seen_at);
      }
      read_in_all += static_cast<int>(posts.size());
    }
    INFO(platform);
    CHECK(read_in_all > 30);
    if (platform == "x" || platform == "tumblr") CHECK(pages > 2);
  }
}

TEST_CASE("a bot hears of a day's messages, the last version of each, deleted ones too") {
  const Population population = twins();
  for (const SimAccount& made : population.accounts) {
    if (made.platform != "telegram" || spell_at(made, seen_at)) continue;
    Asker asker{population, made};
    CHECK(asker.resolve() == made.id);
    const Reading reading = asker.read();
    INFO(made.handle << ' ' << print(reading));
    std::set<std::string> expected;
    for (const SimPost& post : made.posts) {
      const bool posted =
          post.created <= seen_at && seen_at - post.created < std::chrono::hours(24);
      const bool edited = post.edited && *post.edited <= seen_at && stands(post, *post.edited) &&
                          seen_at - *post.edited < std::chrono::hours(24);
      if (posted || edited) expected.insert(post.id);
    }
    if (expected.empty()) {
      CHECK(print(reading) == "not_visible for account");
      continue;
    }
    // All channels share the newest hundred updates.
    const Page& page = std::get<Page>(reading);
    for (const Post& post : page.posts) {
      CHECK(expected.contains(post.id));
      const auto same = std::find_if(made.posts.begin(), made.posts.end(),
                                     [&](const SimPost& one) { return one.id == post.id; });
      REQUIRE(same != made.posts.end());
      CHECK_THAT(post.text, Catch::Contains(text_at(*same, seen_at)));
    }
  }
}

TEST_CASE("a channel's feed shows the fifteen newest, to everybody") {
  const Population population = twins();
  for (const SimAccount& made : population.accounts) {
    if (made.platform != "youtube" || spell_at(made, seen_at)) continue;
    Asker asker{population, made, seen_at, /*anonymous=*/true};
    asker.account.id = made.id;
    const Reading reading = asker.read();
    const Page* page = std::get_if<Page>(&reading);
    REQUIRE(page);
    CHECK(page->owner_id == made.id);
    const auto listed = listing(made, seen_at);
    REQUIRE(page->posts.size() == std::min<std::size_t>(15, listed.size()));
    for (std::size_t i = 0; i < page->posts.size(); ++i) CHECK(page->posts[i].id == listed[i]->id);
  }
}

TEST_CASE("counters of fifty channels come with one request, and move with the list") {
  const Population population = twins();
  std::vector<Account> accounts;
  std::vector<const SimAccount*> made;
  for (const SimAccount& one : population.accounts) {
    if (one.platform != "youtube" || spell_at(one, seen_at)) continue;
    Account account;
    account.platform = "youtube";
    account.handle = account.id = one.id;
    accounts.push_back(account);
    made.push_back(&one);
  }
  REQUIRE(accounts.size() >= 4);
  const Credential shown = credential();
  const auto connector = Asker::connector_for("youtube", false);
  const auto tokens_at = [&](Instant now) {
    std::vector<Query> queries;
    for (const Account& account : accounts) queries.push_back({account, &shown, {}, now});
    const auto request = connector->probe_request(queries);
    REQUIRE(request);
    HttpResponse response = ask(population, *request, now);
    std::vector<std::string> tokens;
    for (const ProbeReading& reading : connector->decode_probe(queries, response)) {
      tokens.push_back(std::get<std::string>(reading));
    }
    return tokens;
  };
  const Instant before = at("2026-09-16T13:00:00Z");
  const auto early = tokens_at(before);
  const auto late = tokens_at(seen_at);
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    CHECK(early[i] == std::to_string(listing(*made[i], before).size()));
    CHECK(late[i] == std::to_string(listing(*made[i], seen_at).size()));
  }
}

TEST_CASE("what open platforms answer to whom they do not serve") {
  struct {
    FaultKind kind;
    const char* platform;
    const char* reading;
  } constexpr rows[] = {
      {FaultKind::rate_limited, "x", "rate_limited for credential"},
      {FaultKind::app_limited, "x", "rate_limited for app"},
      {FaultKind::token_expired, "x", "refused for credential"},
      {FaultKind::closed, "x", "refused for credential"},
      {FaultKind::rate_limited, "youtube", "rate_limited for app"},
      {FaultKind::app_limited, "youtube", "rate_limited for app"},
      {FaultKind::token_expired, "youtube", "refused for credential"},
      {FaultKind::rate_limited, "reddit", "rate_limited for credential"},
      {FaultKind::token_expired, "reddit", "refused for credential"},
      {FaultKind::closed, "reddit", "refused for host"},
      {FaultKind::rate_limited, "tiktok", "rate_limited for credential"},
      {FaultKind::app_limited, "tiktok", "rate_limited for app"},
      {FaultKind::token_expired, "tiktok", "refused for credential"},
      {FaultKind::rate_limited, "tumblr", "rate_limited for credential"},
      {FaultKind::token_expired, "tumblr", "refused for credential"},
      {FaultKind::rate_limited, "telegram", "rate_limited for credential"},
      {FaultKind::token_expired, "telegram", "refused for credential"},
      {FaultKind::closed, "telegram", "refused for credential"},
  };
  for (const auto& row : rows) {
    Population population = twins();
    const SimAccount& made = first_on(population, row.platform);
    Asker asker{population, made};
    asker.resolve();
    population.faults = {{row.kind, {seen_at, seen_at + std::chrono::minutes(1)}}};
    INFO(name_of(row.kind) << ' ' << row.platform);
    CHECK(print(asker.read()) == row.reading);
  }
}

TEST_CASE("a channel's feed that is not found says nothing of the channel") {
  Population population = twins();
  const SimAccount& made = first_on(population, "youtube");
  population.faults = {{FaultKind::missing, {seen_at, seen_at + std::chrono::minutes(1)}}};
  Asker asker{population, made, seen_at, /*anonymous=*/true};
  asker.account.id = made.id;
  CHECK(print(asker.read()) == "unreachable for account");
}

TEST_CASE("a token of somebody else is refused everywhere, in each one's words") {
  const Population population = twins();
  for (const std::string_view platform : platforms) {
    Asker asker{population, first_on(population, platform)};
    asker.account.id = asker.made.id;
    asker.shown.token = "12345:somebody-elses";
    INFO(platform);
    CHECK(print(asker.read()) == "refused for credential");
  }
}

TEST_CASE("over its limit each platform says so") {
  Population population = twins();
  population.limits.x = population.limits.youtube = population.limits.reddit = 1;
  population.limits.tiktok = population.limits.tumblr = population.limits.telegram = 1;
  const SimWorld world(population);
  for (const std::string_view platform : platforms) {
    Asker asker{population, first_on(population, platform)};
    asker.account.id = asker.made.id;
    RequestCounts counts;
    const HttpRequest request = asker.connector->request(asker.query());
    std::vector<std::string> said;
    for (int i = 0; i < 2; ++i) {
      HttpResponse response = world.answer(request, seen_at, counts).response;
      response.received = seen_at;
      said.push_back(print(asker.connector->decode(asker.query(), response)));
    }
    INFO(platform << ": " << said[0] << ", then " << said[1]);
    CHECK(said[1].starts_with("rate_limited"));
    CHECK_FALSE(said[0].starts_with("rate_limited"));
  }
}

TEST_CASE("a request that says nothing sensible is answered, and with no page") {
  const Population population = twins();
  for (const char* path :
       {"x/2/users", "x/2/users/by", "x/2/users/by/username", "x/2/users/1/tweets?max_results=3",
        "x/2/users/1/tweets?pagination_token=zzz", "x/", "youtube/youtube/v3/playlistItems",
        "youtube/youtube/v3/channels", "youtube/feeds/videos.xml", "youtube/youtube/v3/videos",
        "reddit/user/", "reddit/user/nobody/about", "tumblr/v2/blog/", "tumblr/v2/blog/nobody/info",
        "telegram/bot", "telegram/bot1:x/getUpdates", "telegram/bot1:x/getChat?chat_id=@nobody",
        "tiktok/v2/research/video/query/", "tiktok/"}) {
    INFO(path);
    const HttpResponse response =
        ask(population, get(server + std::string(path), {{"Authorization", "Bearer no"}}), seen_at);
    CHECK(response.status >= 200);
    CHECK(response.status < 500);
  }
  HttpRequest post = get(std::string(server) + "tiktok/v2/research/video/query/",
                         {{"Authorization", "Bearer token-of-the-first"}});
  post.method = "POST";
  for (const char* body :
       {"", "[]", "{\"query\":7}", "{\"query\":{\"and\":[7]}}",
        "{\"query\":{\"and\":[{\"field_name\":\"username\",\"field_values\":7}]}}",
        "{\"start_date\":\"x\",\"max_count\":\"y\"}"}) {
    post.body = body;
    INFO(body);
    CHECK(ask(population, post, seen_at).status == 400);
  }
}
