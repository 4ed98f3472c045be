// What connectors ask, and which handles they refuse to ask about.
#include <catch2/catch.hpp>

#include "tests/connectors/captures.h"

namespace pw {
namespace {

struct HandleRow {
  std::string_view platform;
  std::string_view written;
  std::string_view yields;  // handle, host and id; empty when refused
};

constexpr HandleRow handles[] = {
    {"instagram", "@Riverbank.Bakery", "riverbank.bakery  "},
    {"instagram", "https://www.instagram.com/riverbank_bakery/?hl=en", "riverbank_bakery  "},
    {"instagram", "", ""},
    {"instagram", "x){id}", ""},
    {"instagram", "a b", ""},
    {"instagram", "a/../b", ""},
    {"instagram", "name\r\nX-Evil: 1", ""},
    {"instagram", "0123456789012345678901234567890", ""},
    {"instagram", "bäcker", ""},
    {"facebook", "https://www.facebook.com/Riverbank.Bakery", "riverbank.bakery  "},
    {"facebook", "102030405060708", "102030405060708  102030405060708"},
    {"facebook", "x/posts?limit=1", ""},
    {"facebook", "a b", ""},
    {"threads", "@Riverbank.Bakery", "riverbank.bakery  "},
    {"threads", "https://www.threads.net/@riverbank.bakery/post/DdWI0MVjhAV", "riverbank.bakery  "},
    {"threads", "threads.com/@riverbank.bakery", "riverbank.bakery  "},
    {"threads", "x&fields=id", ""},
    {"threads", "", ""},
    {"facebook_ads", "https://www.facebook.com/ads/library/?view_all_page_id=102030405060708",
     "102030405060708  102030405060708"},
    {"facebook_ads", "riverbank.bakery", ""},
    {"facebook_ads", "1\",\"2", ""},
    {"mastodon", "@BrandCo@M.Example", "brandco@m.example m.example "},
    {"mastodon", "https://m.example/@brandco", "brandco@m.example m.example "},
    {"mastodon", "https://m.example/users/brandco/", "brandco@m.example m.example "},
    {"mastodon", "acct:brandco@m.example", "brandco@m.example m.example "},
    {"mastodon", "brandco", ""},
    {"mastodon", "brandco@127.0.0.1", ""},
    {"mastodon", "brandco@[::1]", ""},
    {"mastodon", "brandco@m.example:8080", ""},
    {"mastodon", "brandco@m.example/evil", ""},
    {"mastodon", "bra&nd@m.example", ""},
    {"mastodon", "a@b@c.example", ""},
    {"bluesky", "@BrandCo.example.com", "brandco.example.com  "},
    {"bluesky", "https://bsky.app/profile/brandco.example.com/post/3m", "brandco.example.com  "},
    {"bluesky", "did:plc:k3zq7yexampleacct2pledg3",
     "did:plc:k3zq7yexampleacct2pledg3  did:plc:k3zq7yexampleacct2pledg3"},
    {"bluesky", "did:web:example.org", "did:web:example.org  did:web:example.org"},
    {"bluesky", "did:plc:short", ""},
    {"bluesky", "did:key:zabc", ""},
    {"bluesky", "brandco", ""},
    {"bluesky", "10.0.0.1", ""},
    {"bluesky", "a..b", ""},
    {"bluesky", "brandco.example.com&limit=1", ""},
    {"feed", "https://B.example/feed?x=1#top",
     "https://b.example/feed?x=1 b.example https://b.example/feed?x=1"},
    {"feed", "feed://b.example/rss", "http://b.example/rss b.example http://b.example/rss"},
    {"feed", "https://b.example", "https://b.example/ b.example https://b.example/"},
    {"feed", "ftp://b.example/feed", ""},
    {"feed", "https://user:pass@b.example/feed", ""},
    {"feed", "javascript:alert(1)", ""},
    {"feed", "https://b.example/a b", ""},
    {"feed", "b.example/feed", ""},
    {"feed", "https:///feed", ""},
};

struct RequestRow {
  std::string_view platform;
  std::string_view cursor;
  std::string_view url;
};

constexpr RequestRow requests[] = {
    {"instagram", "",
     "https://graph.facebook.com/v25.0/17841400000000001?fields=business_discovery.username%28"
     "riverbank.bakery%29%7Bid%2Cusername%2Cmedia.limit%2810%29%7Bid%2Ccaption%2Cmedia_type%2C"
     "media_product_type%2Cpermalink%2Cshortcode%2Ctimestamp%2Cusername%7D%7D"},
    {"facebook", "",
     "https://graph.facebook.com/v25.0/102030405060708/posts?fields=id%2Ccreated_time%2C"
     "backdated_time%2Cmessage%2Cstory%2Cstatus_type%2Cpermalink_url%2Cis_published%2Cparent_id%2C"
     "from%2Cattachments%7Bmedia_type%2Ctype%2Ctitle%2Cunshimmed_url%7D&limit=25"},
    {"threads", "QVFIUg",
     "https://graph.threads.net/v1.0/profile_posts?username=riverbank.bakery&fields=id%2C"
     "media_type%2Cpermalink%2Cusername%2Ctext%2Ctimestamp%2Cshortcode%2Cis_quote_post&limit=25"
     "&after=QVFIUg"},
    {"facebook_ads", "QWRz",
     "https://graph.facebook.com/v25.0/ads_archive?search_page_ids=%5B%22102030405060708%22%5D"
     "&ad_reached_countries=%5B%22ALL%22%5D&ad_active_status=ALL&ad_type=ALL&fields=id%2Cpage_id%2C"
     "page_name%2Cad_creation_time%2Cad_delivery_start_time%2Cad_delivery_stop_time%2C"
     "ad_creative_bodies%2Cad_creative_link_titles%2Cpublisher_platforms%2Clanguages&limit=25"
     "&after=QWRz"},
    {"mastodon", "", "https://m.example/api/v1/accounts/109500000000000001/statuses?limit=20"},
    {"mastodon", "117280879417794835",
     "https://m.example/api/v1/accounts/109500000000000001/statuses?limit=20&max_id="
     "117280879417794835"},
    {"bluesky", "",
     "https://morel.us-east.host.bsky.network/xrpc/com.atproto.repo.listRecords?"
     "repo=did%3Aplc%3Ak3zq7yexampleacct2pledg3&collection=app.bsky.feed.post&limit=100"},
    {"bluesky", "app.bsky.feed.repost/3k&x",
     "https://morel.us-east.host.bsky.network/xrpc/com.atproto.repo.listRecords?"
     "repo=did%3Aplc%3Ak3zq7yexampleacct2pledg3&collection=app.bsky.feed.repost&limit=100"
     "&cursor=3k%26x"},
    {"activitypub", "", "https://m.example/users/brandco/outbox?page=true"},
    {"activitypub", "https://m.example/o?page=2", "https://m.example/o?page=2"},
    {"feed", "", "https://b.example/feed"},
    {"feed", "/feed?page=2", "https://b.example/feed?page=2"},
    {"feed", "//evil.example/", "https://b.example/feed"},
    {"feed", "@evil.example/", "https://b.example/feed"},
};

}  // namespace

TEST_CASE("a handle is normalised or refused with a reason") {
  for (const HandleRow& row : handles) {
    Account account;
    account.handle = row.written;
    std::string why;
    const auto read = make_connector(row.platform, {})->normalise(account, why);
    INFO(row.platform << " '" << row.written << "' " << why);
    CHECK((read ? read->handle + ' ' + read->host + ' ' + read->id : "") == row.yields);
    CHECK(why.empty() == read.has_value());
  }
}

TEST_CASE("a request asks for exactly what its row says") {
  for (const RequestRow& row : requests) {
    const Account account = account_on(row.platform);
    const auto connector = make_connector(row.platform, {});
    const bool has_token = connector->declaration().needs_credential;
    const HttpRequest request =
        connector->request({account, has_token ? &test_credential : nullptr, row.cursor});
    CHECK(request.url == row.url);
    CHECK(request.method == "GET");
  }
}

TEST_CASE("a cursor that could inject fields is not sent") {
  const Account account = account_on("instagram");
  const auto connector = make_connector("instagram", {});
  CHECK(connector->request({account, &test_credential, "a){id,x"}).url ==
        connector->request({account, &test_credential}).url);
  CHECK(connector->request({account, &test_credential, "QVFIUg"}).url.find(".after%28QVFIUg%29") !=
        std::string::npos);
}

TEST_CASE("settings put another address in a platform's place") {
  for (const std::string_view name : connector_names()) {
    ConnectorSettings settings;
    settings.base = "http://127.0.0.1:8425/{host}/";
    settings.allowance.hosts = {"127.0.0.1"};
    settings.lag = Millis{0};
    settings.interval_floor = Millis{1};
    const auto connector = make_connector(name, settings);
    Account account = account_on(name);
    // What was found out lies where it was found: at the address in place of the own.
    if (name == "activitypub") account.home = "http://127.0.0.1:8425/m.example/outbox";
    const HttpRequest request = connector->request({account, &test_credential});
    const std::string host = account.host.empty() ? "" : account.host + '/';
    INFO(name << ' ' << request.url);
    CHECK(request.url.starts_with("http://127.0.0.1:8425/" + host));
    REQUIRE(request.allowance);
    CHECK(request.allowance->hosts == settings.allowance.hosts);
    CHECK(connector->declaration().lag == Millis{0});
    CHECK(connector->declaration().interval_floor == Millis{1});
  }
}

TEST_CASE("an identity is read where the platform gives one") {
  struct IdentityRow {
    std::string_view platform, body, id, handle;
  };
  const IdentityRow rows[] = {
      {"instagram",
       R"({"business_discovery":{"id":"17841409876543210","username":"riverbank.bakery"}})",
       "17841409876543210", "riverbank.bakery"},
      {"facebook", R"({"id":"102030405060708","name":"x","username":"Riverbank.Bakery"})",
       "102030405060708", "riverbank.bakery"},
      {"mastodon", R"({"id":"109500000000000001","acct":"BrandCo","url":"https://m.example/@x"})",
       "109500000000000001", "brandco@m.example"},
      {"bluesky", R"({"did":"did:plc:k3zq7yexampleacct2pledg3"})",
       "did:plc:k3zq7yexampleacct2pledg3", "brandco.example.com"},
  };
  for (const IdentityRow& row : rows) {
    Account account = account_on(row.platform);
    if (row.platform == "facebook") account.handle = "riverbank.bakery";
    const auto connector = make_connector(row.platform, {});
    REQUIRE(connector->resolve_request({account, &test_credential}));
    const auto read =
        connector->decode_identity({account, &test_credential}, answer(200, std::string(row.body)));
    REQUIRE(std::holds_alternative<Identity>(read));
    CHECK(std::get<Identity>(read).id == row.id);
    CHECK(std::get<Identity>(read).handle == row.handle);
  }
}

TEST_CASE("a feed and a DID are their own identity and ask nothing") {
  Account did = account_on("bluesky");
  did.handle = did.id;
  CHECK_FALSE(make_connector("bluesky", {})->resolve_request({did}));
  const Account feed = account_on("feed");
  CHECK_FALSE(make_connector("feed", {})->resolve_request({feed}));
}

TEST_CASE("a suspended Mastodon account is told at its lookup") {
  const Account account = account_on("mastodon");
  const auto read = make_connector("mastodon", {})
                        ->decode_identity({account}, answer(200, R"({"id":"1","acct":"x",
                            "suspended":true})"));
  CHECK(print_trouble(std::get<Trouble>(read)) == "suspended account");
}

TEST_CASE("Mastodon's Link field says whether older pages exist") {
  const Account account = account_on("mastodon");
  const auto connector = make_connector("mastodon", {});
  const std::string body = R"([{"id":"20","account":{"id":"1"}},{"id":"9","account":{"id":"1"}}])";
  const auto next = [&](const HttpResponse& response) {
    return std::get<Page>(connector->decode({account}, response)).next;
  };
  CHECK(next(answer(200, body)) == "9");
  CHECK(next(answer(200, body, {{"Link", "<https://m.example/x?max_id=9>; rel=\"next\""}})) == "9");
  CHECK(next(answer(200, body, {{"Link", "<https://m.example/x?min_id=20>; rel=\"prev\""}})) == "");
}

}  // namespace pw
