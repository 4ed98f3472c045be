// Both sides of the wire were written from the same documents by different
// hands: here they meet.
#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

#include "connectors/registry.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/words.h"
#include "tests/rehearsal/support/sample_population.h"

using namespace pw;

namespace {

constexpr const char* server = "http://127.0.0.1:8423";

std::unique_ptr<Connector> connector_of(const std::string& platform) {
  ConnectorSettings settings;
  if (platform != "feed") settings.base = std::string(server) + '/' + platform;
  if (platform == "mastodon") settings.base += "/{host}";
  return make_connector(platform, settings);
}

Account account_of(const Connector& connector, const SimAccount& account) {
  Account named;
  named.platform = account.platform;
  named.handle = account.handle;
  named.host = account.host;
  std::string why;
  const auto normal = connector.normalise(named, why);
  INFO(account.handle << ": " << why);
  REQUIRE(normal);
  return *normal;
}

// Reads everything that the platform lists, page by page.
struct Reader {
  const Population& population;
  Instant now;
  SimWorld world{population};
  RequestCounts counts{};
  Credential credential{"instagram-a", "app-a", "17841400000000001", "token-of-the-first"};

  HttpResponse fetch(const HttpRequest& request) {
    HttpResponse response = world.answer(request, now, counts).response;
    response.received = now;
    response.final_url = request.url;
    return response;
  }

  Query query(const Account& account, std::string_view cursor = {}) {
    return {account, account.platform == "instagram" ? &credential : nullptr, cursor};
  }

  std::string resolve(const Connector& connector, const Account& account) {
    const auto request = connector.resolve_request(query(account));
    if (!request) return account.id;
    const auto answer = connector.decode_identity(query(account), fetch(*request));
    const Identity* identity = std::get_if<Identity>(&answer);
    return identity ? identity->id : std::get<Trouble>(answer).detail;
  }

  std::vector<Post> read(const Connector& connector, const Account& account, int& pages) {
    std::vector<Post> posts;
    std::string cursor;
    do {
      const Reading reading = connector.decode(query(account, cursor),
                                               fetch(connector.request(query(account, cursor))));
      const Page* page = std::get_if<Page>(&reading);
      if (page == nullptr) FAIL(account.handle << ": " << std::get<Trouble>(reading).detail);
      CHECK(page->skipped == 0);
      if (!page->owner_id.empty()) CHECK(page->owner_id == account.id);
      posts.insert(posts.end(), page->posts.begin(), page->posts.end());
      cursor = page->next;
    } while (!cursor.empty() && ++pages < 50);
    return posts;
  }
};

Instant whole_second(Instant t) { return t - t.time_since_epoch() % Millis(1000); }

void check_times(const SimAccount& account, const SimPost& made, const Post& read) {
  if (account.platform == "instagram") {
    CHECK(read.server_at == whole_second(made.declared));
  } else if (account.platform == "mastodon") {
    REQUIRE(read.server_at);
    CHECK(*read.server_at <= made.created);
    CHECK(made.created < *read.server_at + read.server_precision);
  } else if (made.declared == Instant{}) {
    CHECK_FALSE(read.claimed_at);
  } else {
    CHECK_FALSE(read.server_at);
    REQUIRE(read.claimed_at);
    const Millis apart = *read.claimed_at - made.declared;
    CHECK((apart > -Millis(1000) && apart <= Millis(0)));
  }
}

void check_post(const SimAccount& account, const SimPost& made, const Post& read, Instant now) {
  INFO(account.handle << ' ' << made.id << ' ' << read.text);
  CHECK(read.surface == made.surface);
  std::string text = text_at(made, now);
  if (account.platform == "instagram") std::erase(text, '@');
  CHECK_THAT(read.text, Catch::Contains(text));
  if (made.quotes) CHECK_THAT(read.text, !Catch::Contains(std::string(quoted_text)));
  if (account.platform == "instagram") CHECK(read.media == made.media);
  if (made.surface == Surface::repost) CHECK_FALSE(read.repost_of.empty());
  if (made.surface == Surface::reply || made.answers_own) CHECK_FALSE(read.in_reply_to.empty());
  const bool edited = made.edited && *made.edited <= now;
  if (account.platform == "mastodon") CHECK(read.edited_at.has_value() == edited);
  check_times(account, made, read);
}

Reading read_with(FaultKind kind, const std::string& platform) {
  Population population = sample_population();
  const Instant now = at("2026-09-16T15:00:00Z");
  population.faults = {{kind, {now, now + std::chrono::minutes(1)}}};
  Reader reader{population, now};
  const auto connector = connector_of(platform);
  const auto it = std::find_if(population.accounts.begin(), population.accounts.end(),
                               [&](const SimAccount& a) { return a.platform == platform; });
  Account account = account_of(*connector, *it);
  account.id = it->id;
  return connector->decode(reader.query(account),
                           reader.fetch(connector->request(reader.query(account))));
}

std::string print(const Reading& reading) {
  if (const auto* page = std::get_if<Page>(&reading)) {
    return page->cut_off ? "page, cut off" : "page";
  }
  const Trouble& trouble = std::get<Trouble>(reading);
  constexpr const char* scopes[] = {"account", "credential", "app", "host"};
  std::string text = std::string(name_of(trouble.outcome)) + " for " +
                     scopes[static_cast<std::size_t>(trouble.scope)];
  if (trouble.retry_after) text += ", " + print_duration(*trouble.retry_after);
  return text;
}

}  // namespace

TEST_CASE("every post that is listed is read once, with its id, surface, time and text") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    PopulationOptions options = demo_options(seed);
    options.faults = false;
    const Population population = populate(options);
    for (const Millis after : {Millis(-60'000), Millis(45'000), Millis(115'000), Millis(200'000)}) {
      Reader reader{population, population.window.start + after};
      int read_in_all = 0;
      for (const SimAccount& made : population.accounts) {
        if (spell_at(made, reader.now)) continue;
        const auto connector = connector_of(made.platform);
        Account account = account_of(*connector, made);
        account.id = reader.resolve(*connector, account);
        INFO(made.platform << ' ' << made.handle << ' ' << made.role);
        CHECK(account.id == made.id);
        int pages = 0;
        const std::vector<Post> posts = reader.read(*connector, account, pages);
        const std::vector<const SimPost*> listed = listing(made, reader.now);
        REQUIRE(posts.size() == listed.size());
        for (std::size_t i = 0; i < posts.size(); ++i) {
          CHECK(posts[i].id == listed[i]->id);
          check_post(made, *listed[i], posts[i], reader.now);
        }
        read_in_all += static_cast<int>(posts.size());
      }
      CHECK(read_in_all > 300);
    }
  }
}

TEST_CASE("each fault is read as what it is") {
  struct Row {
    FaultKind kind;
    const char* platform;
    const char* reading;
  };
  const Row rows[] = {
      {FaultKind::outage, "instagram", "unreachable for host"},
      {FaultKind::outage, "mastodon", "unreachable for host"},
      {FaultKind::outage, "bluesky", "unreachable for host"},
      {FaultKind::outage, "feed", "unreachable for host"},
      {FaultKind::html, "instagram", "malformed for account"},
      {FaultKind::html, "mastodon", "malformed for account"},
      {FaultKind::html, "bluesky", "malformed for account"},
      {FaultKind::html, "feed", "malformed for account"},
      {FaultKind::truncated, "instagram", "malformed for account"},
      {FaultKind::truncated, "mastodon", "malformed for account"},
      {FaultKind::truncated, "bluesky", "malformed for account"},
      // The one entry that is listed at that time is the one that is cut.
      {FaultKind::truncated, "feed", "malformed for account"},
      {FaultKind::login_page, "instagram", "refused for host"},
      {FaultKind::login_page, "mastodon", "refused for host"},
      {FaultKind::login_page, "bluesky", "refused for host"},
      {FaultKind::login_page, "feed", "refused for host"},
      {FaultKind::login_redirect, "instagram", "refused for host"},
      {FaultKind::rate_limited, "instagram", "rate_limited for credential"},
      {FaultKind::app_limited, "instagram", "rate_limited for app"},
      {FaultKind::token_expired, "instagram", "refused for credential"},
      {FaultKind::rate_limited, "mastodon", "rate_limited for host, 1 min"},
      {FaultKind::rate_limited, "bluesky", "rate_limited for host, 1 min"},
      {FaultKind::rate_limited, "feed", "rate_limited for host, 1 min 1 s"},
      {FaultKind::closed, "mastodon", "refused for host"},
      {FaultKind::closed, "bluesky", "refused for host"},
      {FaultKind::closed, "feed", "refused for account"},
  };
  for (const Row& row : rows) {
    INFO(name_of(row.kind) << ' ' << row.platform);
    CHECK(print(read_with(row.kind, row.platform)) == row.reading);
  }
}

TEST_CASE("a feed that is cut anywhere never invents a post, and is never whole") {
  for (const FeedFormat format :
       {FeedFormat::rss, FeedFormat::atom, FeedFormat::rdf, FeedFormat::json}) {
    Population population = sample_population();
    population.accounts[3].format = format;
    const auto connector = connector_of("feed");
    const Account account = account_of(*connector, population.accounts[3]);
    Reader reader{population, at("2026-09-16T15:00:00Z")};
    const HttpResponse whole = reader.fetch(connector->request(reader.query(account)));
    REQUIRE(whole.status == 200);
    const Reading uncut = connector->decode(reader.query(account), whole);
    const std::vector<Post>& listed = std::get<Page>(uncut).posts;
    REQUIRE_FALSE(listed.empty());
    // The end's own bracket is missed by nobody.
    const std::size_t end = whole.body.find_last_not_of(" \n>") + 1;
    std::size_t most = 0;
    for (std::size_t size = 0; size < end; ++size) {
      HttpResponse part = whole;
      part.body.resize(size);
      const Reading reading = connector->decode(reader.query(account), part);
      const Page* page = std::get_if<Page>(&reading);
      if (page == nullptr) continue;
      INFO(name_of(format) << " cut at " << size);
      CHECK(page->cut_off);
      CHECK(page->next.empty());
      REQUIRE(page->posts.size() <= listed.size());
      for (std::size_t i = 0; i < page->posts.size(); ++i) {
        CHECK(page->posts[i].id == listed[i].id);
        CHECK(digest_of(page->posts[i]) == digest_of(listed[i]));
      }
      most = std::max(most, page->posts.size());
    }
    // Cut JSON is not read at all.
    CHECK(most == (format == FeedFormat::json ? 0 : listed.size()));
  }
}

TEST_CASE("accounts that cannot be read say why") {
  struct Row {
    const char* platform;
    SpellKind kind;
    const char* reading;
  };
  const Row rows[] = {
      {"instagram", SpellKind::not_visible, "not_visible for account"},
      {"instagram", SpellKind::renamed, "not_visible for account"},
      {"mastodon", SpellKind::deleted, "not_visible for account"},
      {"mastodon", SpellKind::suspended, "page"},  // empty: only the next look can tell
      {"bluesky", SpellKind::suspended, "not_visible for account"},
      {"feed", SpellKind::deleted, "gone for account"},
      {"feed", SpellKind::not_visible, "not_visible for account"},
  };
  for (const Row& row : rows) {
    Population population = sample_population();
    for (SimAccount& account : population.accounts) {
      account.spells = {{row.kind, population.window, "other.name"}};
    }
    const auto it = std::find_if(population.accounts.begin(), population.accounts.end(),
                                 [&](const SimAccount& a) { return a.platform == row.platform; });
    Reader reader{population, at("2026-09-16T15:00:00Z")};
    const auto connector = connector_of(row.platform);
    Account account = account_of(*connector, *it);
    account.id = it->id;
    INFO(row.platform << ' ' << name_of(row.kind));
    CHECK(print(connector->decode(reader.query(account),
                                  reader.fetch(connector->request(reader.query(account))))) ==
          row.reading);
  }
}
