// Facebook, Threads and the Ad Library as they are simulated, read by the
// connectors that were written from the same documents by other hands.
#include <algorithm>

#include <catch2/catch.hpp>

#include "connectors/registry.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/meta_twins.h"
#include "tests/rehearsal/support/sample_population.h"

using namespace pw;

namespace {

constexpr const char* server = "http://127.0.0.1:8423/";
constexpr std::string_view platforms[] = {"facebook", "threads", "facebook_ads"};

Population twins() {
  Population population = sample_population();
  for (int i = 0; i < 60; ++i) {
    SimPost post = population.accounts[0].posts[1];
    post.serial = static_cast<std::uint64_t>(100 + i);
    post.created = post.declared = at("2026-09-15T01:00:00Z") + std::chrono::minutes(10 * i);
    population.accounts[0].posts.push_back(post);
  }
  add_meta_twins(population, 1);
  return population;
}

const SimAccount& account_of(const Population& population, std::string_view platform) {
  return *std::find_if(population.accounts.begin(), population.accounts.end(),
                       [&](const SimAccount& account) { return account.platform == platform; });
}

// Asks as the daemon does, at one time.
struct Asker {
  const Population& population;
  std::string platform;
  Instant now = at("2026-09-16T15:00:00Z");
  std::unique_ptr<Connector> connector = connector_for(platform);
  Account account = named();
  Credential credential{"a", "app", "17841400000000001", "token-of-the-first"};

  static std::unique_ptr<Connector> connector_for(const std::string& platform) {
    ConnectorSettings settings;
    settings.base = server + platform;
    settings.lag = Millis{0};
    return make_connector(platform, settings);
  }
  Account named() const {
    Account named;
    named.platform = platform;
    named.handle = account_of(population, platform).handle;
    named.id = account_of(population, platform).id;
    return named;
  }
  HttpResponse fetch(const HttpRequest& request) const {
    HttpResponse response = ask(population, request, now);
    response.received = now;
    return response;
  }
  Reading read(std::string_view cursor = {}) const {
    const Query query{account, &credential, cursor};
    return connector->decode(query, fetch(connector->request(query)));
  }
  std::vector<Post> read_all(int& pages) const {
    std::vector<Post> posts;
    std::string cursor;
    do {
      const Reading reading = read(cursor);
      const Page* page = std::get_if<Page>(&reading);
      if (page == nullptr) FAIL(platform << ": " << std::get<Trouble>(reading).detail);
      CHECK(page->skipped == 0);
      if (!page->owner_id.empty()) CHECK(page->owner_id == account.id);
      posts.insert(posts.end(), page->posts.begin(), page->posts.end());
      cursor = page->next;
    } while (!cursor.empty() && ++pages < 20);
    return posts;
  }
};

std::string outcome_of(const Reading& reading) {
  const Trouble* trouble = std::get_if<Trouble>(&reading);
  if (trouble == nullptr) return "page";
  constexpr const char* scopes[] = {"account", "credential", "app", "host"};
  return std::string(name_of(trouble->outcome)) + ' ' +
         scopes[static_cast<std::size_t>(trouble->scope)];
}

}  // namespace

TEST_CASE("every platform of Meta says when its token ends, and refuses it from then on") {
  Population population = twins();
  SimCredential known{"a", "app", "17841400000000001", "token-of-the-first"};
  known.expires = at("2026-09-16T18:00:00Z");
  known.data_access_expires = at("2026-09-16T17:00:00Z");
  population.credentials = {known};
  for (const std::string platform : {"facebook", "threads", "facebook_ads", "instagram"}) {
    INFO(platform);
    Asker asker{population, platform};
    const auto told = [&] {
      return asker.connector->decode_token(
          asker.fetch(*asker.connector->token_request(asker.credential)));
    };
    const auto life = std::get<TokenLife>(told());
    CHECK(life.valid);
    CHECK(life.ends == known.data_access_expires);
    CHECK(life.scopes.size() == 2);
    asker.now = *known.expires;
    CHECK_FALSE(std::get<TokenLife>(told()).valid);
    asker.credential.token = "token-of-nobody-else";
    CHECK_FALSE(std::get<TokenLife>(told()).valid);
  }
  // Where any token is welcome, none ends.
  population.credentials.clear();
  const Asker asker{population, "instagram"};
  const auto life = std::get<TokenLife>(asker.connector->decode_token(
      asker.fetch(*asker.connector->token_request(asker.credential))));
  CHECK(life.valid);
  CHECK_FALSE(life.ends);
}

TEST_CASE("every post of a Page and of a profile is read once, whatever its rank") {
  const Population population = twins();
  for (const std::string platform : {"facebook", "threads"}) {
    const Asker asker{population, platform};
    int pages = 0;
    const std::vector<Post> posts = asker.read_all(pages);
    const auto listed = listing(account_of(population, platform), asker.now);
    INFO(platform);
    CHECK(pages >= 2);
    REQUIRE(posts.size() == listed.size());
    for (const SimPost* made : listed) {
      const auto read = std::find_if(posts.begin(), posts.end(),
                                     [&](const Post& post) { return post.id == made->id; });
      REQUIRE(read != posts.end());
      CHECK(read->surface == made->surface);
      CHECK(read->text == made->text);
      CHECK(read->server_at == made->declared);
    }
  }
}

TEST_CASE("a Page's list is not in the order of time") {
  const Population population = twins();
  const Asker asker{population, "facebook"};
  const Reading reading = asker.read();
  const std::vector<Post>& posts = std::get<Page>(reading).posts;
  CHECK_FALSE(std::is_sorted(posts.begin(), posts.end(), [](const Post& a, const Post& b) {
    return a.server_at > b.server_at;
  }));
}

TEST_CASE("a backdated post is seen as one that only claims its time") {
  Population population = twins();
  for (SimAccount& account : population.accounts) {
    if (account.platform == "facebook") account.posts[0].declared = at("2019-01-01T00:00:00Z");
  }
  const SimAccount& page = account_of(population, "facebook");
  const Asker asker{population, "facebook"};
  int pages = 0;
  const std::vector<Post> posts = asker.read_all(pages);
  const auto read = std::find_if(posts.begin(), posts.end(),
                                 [&](const Post& post) { return post.id == page.posts[0].id; });
  REQUIRE(read != posts.end());
  CHECK_FALSE(read->server_at);
  CHECK(read->claimed_at == at("2019-01-01T00:00:00Z"));
}

TEST_CASE("ads are read by their days of delivery") {
  const Population population = twins();
  const Asker asker{population, "facebook_ads", at("2026-09-17T12:00:00Z")};
  int pages = 0;
  const std::vector<Post> posts = asker.read_all(pages);
  const SimAccount& page = account_of(population, "facebook_ads");
  const auto has = [&](std::size_t ad, const char* day) {
    return std::any_of(posts.begin(), posts.end(), [&](const Post& post) {
      return post.id == page.posts[ad].id + '/' + day && post.surface == Surface::ad;
    });
  };
  CHECK(has(0, "2026-08-27"));
  CHECK(has(0, "2026-09-06"));
  CHECK_FALSE(has(0, "2026-09-07"));
  CHECK(has(1, "2026-09-16"));
  CHECK_FALSE(has(1, "2026-09-17"));  // not yet over
  CHECK(has(2, "2026-09-16"));
}

TEST_CASE("the Ad Library gives the fields it is asked for, and says which it has not") {
  const Population population = twins();
  const SimAccount& page = account_of(population, "facebook_ads");
  const auto get_ads = [&](const std::string& rest) {
    return ask(population,
               get(std::string(server) + "facebook_ads/v25.0/ads_archive?access_token=t" + rest),
               at("2026-09-17T12:00:00Z"));
  };
  const std::string of_page = "&search_page_ids=" + page.id + "&ad_reached_countries=ALL";
  const std::string all = of_page + "&ad_active_status=ALL";
  const std::string bare = get_ads(all).body;
  CHECK(bare.find("{\"id\":\"" + page.posts[0].id + "\"}") != std::string::npos);
  const std::string dated = get_ads(all + "&fields=ad_delivery_stop_time,page_name").body;
  CHECK(dated.find("\"ad_delivery_stop_time\":\"2026-09-06\"") != std::string::npos);
  CHECK(dated.find("ad_creative") == std::string::npos);
  const HttpResponse unknown = get_ads(all + "&fields=id,spend_of_yesterday");
  CHECK(unknown.status == 400);
  CHECK(unknown.body.find("nonexisting field (spend_of_yesterday)") != std::string::npos);
  CHECK(get_ads(all + "&fields=id%7B").body.find("2500") != std::string::npos);
  // One runs yet, and none is political.
  const auto ads_in = [](const std::string& body) {
    std::size_t count = 0;
    for (std::size_t i = body.find("\"id\""); i != std::string::npos;
         i = body.find("\"id\"", i + 1))
      ++count;
    return count;
  };
  CHECK(ads_in(bare) == 3);
  CHECK(ads_in(get_ads(of_page).body) == 1);
  CHECK(ads_in(get_ads(of_page + "&ad_active_status=INACTIVE").body) == 2);
  CHECK(ads_in(get_ads(all + "&ad_delivery_date_min=2026-09-07").body) == 2);
  CHECK(ads_in(get_ads(all + "&ad_delivery_date_max=2026-09-01").body) == 1);
  CHECK(ads_in(get_ads(all + "&ad_type=POLITICAL_AND_ISSUE_ADS").body) == 0);
  CHECK(get_ads("&ad_reached_countries=ALL").status == 400);
  CHECK(get_ads("&search_page_ids=1").status == 400);
  CHECK(get_ads("&ad_reached_countries=ALL&search_page_ids=1,2,3,4,5,6,7,8,9,10,11").status == 400);
}

TEST_CASE("the Ad Library's list ends with an empty page, and not where `next` is missing") {
  const Population population = twins();
  const Asker asker{population, "facebook_ads", at("2026-09-17T12:00:00Z")};
  int pages = 1;
  const std::vector<Post> posts = asker.read_all(pages);
  CHECK(pages == 2);
  const Query first{asker.account, &asker.credential};
  const HttpResponse last = asker.fetch(asker.connector->request(first));
  CHECK(last.body.find("\"next\"") != std::string::npos);
  const Reading reading = asker.connector->decode(first, last);
  const std::string cursor = std::get<Page>(reading).next;
  const Query onward{asker.account, &asker.credential, cursor};
  CHECK(asker.fetch(asker.connector->request(onward)).body == "{\"data\":[]}");
}

TEST_CASE("of several Pages each list goes on in its own requests") {
  Population population = twins();
  const SimAccount& page = account_of(population, "facebook");
  const auto body_of = [&](const std::string& url) {
    return ask(population, get(url), at("2026-09-16T15:00:00Z")).body;
  };
  const std::string body = body_of(std::string(server) + "facebook/v25.0/posts?ids=" + page.id +
                                   "&fields=message&limit=25&access_token=t");
  const std::string label = "\"next\":\"";
  const std::size_t from = body.find(label) + label.size();
  const std::string next = body.substr(from, body.find('"', from) - from);
  CHECK(next.find("/v25.0/" + page.id + "/posts?") != std::string::npos);
  CHECK(next.find("ids=") == std::string::npos);
  const std::string second = body_of(next);
  CHECK(second.starts_with("{\"data\":[{"));
  CHECK(second != body);
}

TEST_CASE("each fault of a Meta platform is read as what it is") {
  const std::pair<FaultKind, const char*> rows[] = {
      {FaultKind::login_page, "refused host"},
      {FaultKind::login_redirect, "refused host"},
      {FaultKind::app_limited, "rate_limited app"},
      {FaultKind::token_expired, "refused credential"},
      {FaultKind::truncated, "malformed account"},
      {FaultKind::html, "malformed account"},
      {FaultKind::outage, "unreachable host"},
  };
  for (const auto& [kind, outcome] : rows) {
    Population population = twins();
    population.faults = {{kind, population.window}};
    for (const std::string_view platform : platforms) {
      INFO(name_of(kind) << ' ' << platform);
      CHECK(outcome_of(Asker{population, std::string(platform)}.read()) == outcome);
    }
  }
}

TEST_CASE("a limit stops the token, except where it is the app's own") {
  Population population = twins();
  population.faults = {{FaultKind::rate_limited, population.window}};
  CHECK(outcome_of(Asker{population, "facebook"}.read()) == "rate_limited credential");
  CHECK(outcome_of(Asker{population, "threads"}.read()) == "rate_limited app");
  CHECK(outcome_of(Asker{population, "facebook_ads"}.read()) == "rate_limited app");
}

TEST_CASE("who was renamed or deleted is told, and never as silence") {
  struct Row {
    const char* platform;
    SpellKind kind;
    const char* outcome;
  };
  const Row rows[] = {
      {"facebook", SpellKind::renamed, "page"},  // its id still answers
      {"facebook", SpellKind::deleted, "not_visible account"},
      {"facebook", SpellKind::not_visible, "not_visible account"},
      {"threads", SpellKind::renamed, "not_visible account"},
      {"threads", SpellKind::deleted, "not_visible account"},
  };
  for (const Row& row : rows) {
    Population population = twins();
    for (SimAccount& account : population.accounts)
      account.spells = {{row.kind, population.window, "other.name"}};
    INFO(row.platform << ' ' << name_of(row.kind));
    CHECK(outcome_of(Asker{population, row.platform}.read()) == row.outcome);
  }
}

TEST_CASE("a name is resolved to a Page's id, and an old name is not") {
  Population population = twins();
  const std::string id = account_of(population, "facebook").id;
  const auto resolve = [&](const std::string& name) {
    Asker asker{population, "facebook"};
    asker.account.handle = name;
    const Query query{asker.account, &asker.credential};
    const auto request = asker.connector->resolve_request(query);
    REQUIRE(request);
    const auto answer = asker.connector->decode_identity(query, asker.fetch(*request));
    const Identity* identity = std::get_if<Identity>(&answer);
    return identity ? identity->id + ' ' + identity->handle
                    : std::string(name_of(std::get<Trouble>(answer).outcome));
  };
  CHECK(resolve("riverbank.bakery") == id + " riverbank.bakery");
  CHECK(resolve("riverbnk") == "not_visible");
  for (SimAccount& account : population.accounts)
    account.spells = {{SpellKind::renamed, population.window, "new.name"}};
  CHECK(resolve("riverbank.bakery") == "not_visible");
  CHECK(resolve("new.name") == id + " new.name");
}

TEST_CASE("hidden likes are absent, and several Pages are told apart by id") {
  const Population population = twins();
  const std::string id = account_of(population, "facebook").id;
  const Instant now = at("2026-09-16T15:00:00Z");
  const auto get_body = [&](const std::string& rest) {
    return ask(population, get(server + ("facebook/v25.0/" + rest) + "&access_token=t"), now);
  };
  const std::string all = get_body(id + "/posts?fields=reactions&limit=100").body;
  CHECK(all.find("reactions") != std::string::npos);
  CHECK(all.find("null") == std::string::npos);
  CHECK(get_body("posts?ids=" + id + "&fields=message").body.starts_with("{\"" + id + "\""));
  CHECK(get_body("posts?ids=" + id + ",nobody.here").body.find("803") != std::string::npos);
  CHECK(get_body(id + "/posts?limit=101").status == 400);
  CHECK(get_body(id + "/posts?fields=nonsense").body.find("nonexisting") != std::string::npos);
}

// Twelve Pages and advertisers beside the sample's people.
Population many_pages() {
  Population population = sample_population();
  for (int i = 1; i < 12; ++i) {
    SimAccount person = population.accounts[0];
    person.handle = person.name = "person" + std::to_string(i);
    person.id = "178410000000000" + std::to_string(10 + i);
    population.accounts.push_back(std::move(person));
  }
  add_meta_twins(population, 12);
  return population;
}

TEST_CASE("several accounts with one request read as each alone") {
  const Population population = many_pages();
  const Credential credential{"a", "app", "17841400000000001", "token-of-the-first"};
  for (const std::string platform : {"facebook", "facebook_ads"}) {
    INFO(platform);
    std::vector<Account> pages;
    for (const SimAccount& made : population.accounts) {
      if (made.platform != platform) continue;
      Account account;
      account.platform = platform;
      account.handle = account.id = made.id;
      pages.push_back(account);
    }
    const auto connector = Asker::connector_for(platform);
    const int most = connector->declaration().batch_size;
    CHECK(most == (platform == "facebook" ? 20 : 10));
    pages.resize(std::min(pages.size(), std::size_t(most)));
    for (const char* time : {"2026-09-16T09:00:00Z", "2026-09-16T18:00:00Z"}) {
      const Instant now = at(time);
      const auto answer_to = [&](const HttpRequest& request) {
        HttpResponse response = ask(population, request, now);
        response.received = now;
        return response;
      };
      std::vector<std::vector<std::string>> together(pages.size());
      std::vector<std::vector<std::string>> alone(pages.size());
      std::string cursor;
      do {
        std::vector<Query> queries;
        for (const Account& page : pages) queries.push_back({page, &credential, cursor, now});
        const auto request = connector->batch_request(queries);
        REQUIRE(request);
        const BatchReading read = connector->decode_batch(queries, answer_to(*request));
        REQUIRE(read.readings.size() == pages.size());
        for (std::size_t i = 0; i < pages.size(); ++i) {
          const Page& page = std::get<Page>(read.readings[i]);
          if (!page.owner_id.empty()) CHECK(page.owner_id == pages[i].id);
          CHECK(page.skipped == 0);
          for (const Post& post : page.posts) together[i].push_back(post.id);
        }
        cursor = read.next;
      } while (!cursor.empty());
      int posts = 0;
      for (std::size_t i = 0; i < pages.size(); ++i) {
        std::string next;
        do {
          const Query query{pages[i], &credential, next, now};
          const Reading read = connector->decode(query, answer_to(connector->request(query)));
          const Page& page = std::get<Page>(read);
          for (const Post& post : page.posts) alone[i].push_back(post.id);
          // A Page's own list goes on in its own requests.
          next = platform == "facebook" ? "" : page.next;
        } while (!next.empty());
        std::sort(alone[i].begin(), alone[i].end());
        std::sort(together[i].begin(), together[i].end());
        CHECK(alone[i] == together[i]);
        posts += static_cast<int>(alone[i].size());
      }
      CHECK(posts > 10);
    }
    std::vector<Query> too_many;
    for (int i = 0; i <= most; ++i) too_many.push_back({pages[0], &credential});
    CHECK_FALSE(connector->batch_request(too_many));
    const Query nobody{pages[0]};
    CHECK_FALSE(connector->batch_request({&nobody, 1}));
  }
}
