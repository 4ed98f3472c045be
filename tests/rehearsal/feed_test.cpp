#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/listing.h"
#include "tests/rehearsal/support/sample_population.h"

using namespace pw;

namespace {

constexpr const char* address = "https://brand.example/feed";
const Instant evening = at("2026-09-16T15:00:00Z");

Population feed_in(FeedFormat format) {
  Population population = sample_population();
  population.accounts[3].format = format;
  return population;
}

}  // namespace

TEST_CASE("each dialect carries the entry's id, link, date and escaped text") {
  struct Row {
    FeedFormat format;
    const char* type;
    std::vector<const char*> parts;
  };
  const Row rows[] = {
      {FeedFormat::rss,
       "application/rss+xml; charset=utf-8",
       {"<rss version=\"2.0\"", "<guid isPermaLink=\"false\">https://brand.example/?p=42</guid>",
        "<pubDate>Wed, 16 Sep 2026 14:03:27 +0000</pubDate>", "<title>Out &lt;now&gt; &amp; hot",
        "<![CDATA[<p>Out &lt;now&gt; &amp; hot</p>]]>"}},
      {FeedFormat::atom,
       "application/atom+xml",
       {"<feed xmlns=\"http://www.w3.org/2005/Atom\"", "<id>https://brand.example/?p=42</id>",
        "<published>2026-09-16T14:03:27Z</published>", "<updated>2026-09-16T14:03:27Z</updated>",
        "&lt;p&gt;Out &amp;lt;now&amp;gt;"}},
      {FeedFormat::rdf,
       "text/xml",
       {"<rdf:RDF", "<item rdf:about=\"https://brand.example/?p=42\">",
        "<dc:date>2026-09-16T14:03:27Z</dc:date>"}},
      {FeedFormat::json,
       "application/feed+json",
       {"\"version\":\"https://jsonfeed.org/version/1.1\"",
        "\"id\":\"https://brand.example/?p=42\"", "\"date_published\":\"2026-09-16T14:03:27Z\""}},
  };
  for (const Row& row : rows) {
    INFO(name_of(row.format));
    const HttpResponse response = ask(feed_in(row.format), get(address), evening);
    CHECK(response.status == 200);
    CHECK(header_of(response, "content-type") == row.type);
    for (const char* part : row.parts) CHECK_THAT(response.body, Catch::Contains(part));
  }
}

TEST_CASE("conditional requests: the tag decides, the date only without it") {
  const Population population = feed_in(FeedFormat::rss);
  const HttpResponse first = ask(population, get(address), evening);
  const std::string tag = header_of(first, "etag");
  const std::string date = header_of(first, "last-modified");
  CHECK(date == "Wed, 16 Sep 2026 14:03:27 GMT");
  struct Row {
    std::vector<HttpHeader> headers;
    int status;
  };
  const Row rows[] = {
      {{{"If-None-Match", tag}}, 304},
      {{{"If-None-Match", tag}, {"If-Modified-Since", date}}, 304},
      {{{"If-Modified-Since", date}}, 304},
      {{{"If-None-Match", "\"other\""}, {"If-Modified-Since", date}}, 200},
      {{{"If-Modified-Since", "Wed, 16 Sep 2026 14:03:26 GMT"}}, 200},
      {{{"If-Modified-Since", "yesterday"}}, 200},
      {{}, 200},
  };
  for (const Row& row : rows) {
    const HttpResponse response = ask(population, get(address, row.headers), evening);
    CHECK(response.status == row.status);
    CHECK(response.body.empty() == (row.status == 304));
  }
  const HttpResponse rdf = ask(feed_in(FeedFormat::rdf), get(address), evening);
  CHECK_FALSE(rdf.headers.find("etag"));
}

TEST_CASE("a feed is paged by links to older entries, and the last page has none") {
  for (const FeedFormat format : {FeedFormat::rss, FeedFormat::atom, FeedFormat::json}) {
    Population population = feed_in(format);
    std::vector<SimPost>& posts = population.accounts[3].posts;
    const SimPost model = posts.front();
    for (std::uint64_t i = 1; i <= feed_items; ++i) {
      SimPost older = model;
      older.id += "-" + std::to_string(i);
      older.serial = 100 + i;
      older.created -= std::chrono::minutes(i);
      older.declared = older.created;
      posts.insert(posts.begin(), older);
    }
    const std::string next = std::string(address) + "?page=2";
    INFO(name_of(format));
    CHECK_THAT(ask(population, get(address), evening).body, Catch::Contains(next));
    const std::string last = ask(population, get(next), evening).body;
    CHECK_THAT(last, Catch::Contains("?p=42-20"));
    CHECK_THAT(last, !Catch::Contains("page=3"));
  }
}

TEST_CASE("undated entries have no date, and gone sites are gone") {
  Population population = feed_in(FeedFormat::rss);
  population.accounts[3].posts[0].declared = Instant{};
  CHECK_THAT(ask(population, get(address), evening).body, !Catch::Contains("pubDate"));
  population.accounts[3].spells = {{SpellKind::deleted, population.window, ""}};
  CHECK(ask(population, get(address), evening).status == 410);
  CHECK(ask(population, get("https://brand.example/other"), evening).status == 404);
}
