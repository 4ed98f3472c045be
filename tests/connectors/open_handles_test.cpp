// Handles and requests of the platforms that have one host: YouTube, Tumblr, X,
// Reddit, TikTok, Telegram.
#include <catch2/catch.hpp>

#include "tests/connectors/captures.h"

namespace pw {
namespace {

struct HandleRow {
  std::string_view platform;
  std::string_view written;
  std::string_view yields;  // handle and id; empty when refused
};

constexpr HandleRow handles[] = {
    {"youtube", "@BrandCo", "brandco "},
    {"youtube", "https://www.youtube.com/@BrandCo/videos", "brandco "},
    {"youtube", "https://m.youtube.com/channel/UCabcdefghijklmnopqrstuv?x=1",
     "UCabcdefghijklmnopqrstuv UCabcdefghijklmnopqrstuv"},
    {"youtube", "UCabcdefghijklmnopqrstuv", "UCabcdefghijklmnopqrstuv UCabcdefghijklmnopqrstuv"},
    {"youtube", "https://www.youtube.com/watch?v=dqw4w9WgxA1", ""},
    {"youtube", "https://evil.example/@brandco", ""},
    {"youtube", "https://notyoutube.com/@brandco", ""},
    {"youtube", "a&key=b", ""},
    {"youtube", "ab", ""},
    {"youtube", "", ""},
    {"tumblr", "BrandCo", "brandco "},
    {"tumblr", "@brandco", "brandco "},
    {"tumblr", "https://brandco.tumblr.com/post/1", "brandco "},
    {"tumblr", "https://www.tumblr.com/brandco/1/x", "brandco "},
    {"tumblr", "https://www.tumblr.com/blog/view/brandco", "brandco "},
    {"tumblr", "blog.brandco.example", "blog.brandco.example "},
    {"tumblr", "brand/co", ""},
    {"tumblr", "127.0.0.1", ""},
    {"tumblr", "-brandco", ""},
    {"tumblr", "bra?nd", ""},
    {"x", "@BrandCo", "brandco "},
    {"x", "https://x.com/BrandCo/status/1", "brandco "},
    {"x", "https://twitter.com/BrandCo?s=20", "brandco "},
    {"x", "https://x.example/BrandCo", ""},
    {"x", "abcdefghijklmnop", ""},
    {"x", "a,b", ""},
    {"x", "brand-co", ""},
    {"x", "", ""},
    {"reddit", "BrandCo", "BrandCo "},
    {"reddit", "u/BrandCo", "BrandCo "},
    {"reddit", "/user/BrandCo", "BrandCo "},
    {"reddit", "https://old.reddit.com/user/BrandCo/submitted", "BrandCo "},
    {"reddit", "https://www.reddit.com/r/pics", ""},
    {"reddit", "a/../b", ""},
    {"reddit", "ab", ""},
    {"tiktok", "@Brand.Co", "brand.co brand.co"},
    {"tiktok", "https://www.tiktok.com/@brandco?lang=en", "brandco brandco"},
    {"tiktok", "https://www.tiktok.com/discover", ""},
    {"tiktok", "brandco.", ""},
    {"tiktok", "a\"]}", ""},
    {"telegram", "@BrandCo", "brandco "},
    {"telegram", "https://t.me/s/BrandCo", "brandco "},
    {"telegram", "https://t.me/BrandCo/777", "brandco "},
    {"telegram", "-1001234567890", "-1001234567890 -1001234567890"},
    {"telegram", "https://t.me/+AbCdEf", ""},
    {"telegram", "1brand", ""},
    {"telegram", "abc", ""},
    {"telegram", "bra/nd", ""},
};

std::string normalised(std::string_view platform, std::string_view written,
                       ConnectorSettings settings = {}) {
  Account account;
  account.platform = platform;
  account.handle = written;
  std::string why;
  const auto read = make_connector(platform, std::move(settings))->normalise(account, why);
  if (read) return read->handle + ' ' + read->id;
  CHECK_FALSE(why.empty());
  return {};
}

struct RequestRow {
  std::string_view platform;
  std::string_view cursor;
  std::string_view asks;  // method, address, and the body where there is one
};

constexpr RequestRow requests[] = {
    {"youtube", "",
     "GET https://www.googleapis.com/youtube/v3/playlistItems?part=snippet,contentDetails,status"
     "&maxResults=50&playlistId=UU_xBrandCo0123456789abcd"},
    {"youtube", "EAAa&key=1",
     "GET https://www.googleapis.com/youtube/v3/playlistItems?part=snippet,contentDetails,status"
     "&maxResults=50&playlistId=UU_xBrandCo0123456789abcd&pageToken=EAAa%26key%3D1"},
    {"tumblr", "",
     "GET https://api.tumblr.com/v2/blog/t%3AAbCdEfGhIjKlMnOpQrStUv/posts?limit=20&npf=true"
     "&reblog_info=true&api_key=canary-SECRET-0123456789"},
    {"tumblr", "40",
     "GET https://api.tumblr.com/v2/blog/t%3AAbCdEfGhIjKlMnOpQrStUv/posts?limit=20&npf=true"
     "&reblog_info=true&offset=40&api_key=canary-SECRET-0123456789"},
    {"tumblr", "1&x=2",
     "GET https://api.tumblr.com/v2/blog/t%3AAbCdEfGhIjKlMnOpQrStUv/posts?limit=20&npf=true"
     "&reblog_info=true&api_key=canary-SECRET-0123456789"},
    {"x", "7140&x",
     "GET https://api.x.com/2/users/1111111111111111111/tweets?max_results=10&tweet.fields="
     "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,"
     "possibly_sensitive,lang,edit_controls,withheld&expansions=author_id,referenced_tweets.id"
     "&pagination_token=7140%26x"},
    {"reddit", "t3_a&b",
     "GET https://oauth.reddit.com/user/BrandCo/overview?sort=new&limit=100&raw_json=1"
     "&after=t3_a%26b"},
    {"tiktok", "",
     "POST https://open.tiktokapis.com/v2/research/video/query/?fields=id,username,create_time,"
     "region_code,video_description "
     R"({"query":{"and":[{"operation":"EQ","field_name":"username","field_values":["brandco"]}]},)"
     R"("start_date":"20260818","end_date":"20260916","max_count":100,"cursor":0})"},
    {"tiktok", "100:7201388525814961198",
     "POST https://open.tiktokapis.com/v2/research/video/query/?fields=id,username,create_time,"
     "region_code,video_description "
     R"({"query":{"and":[{"operation":"EQ","field_name":"username","field_values":["brandco"]}]},)"
     R"("start_date":"20260818","end_date":"20260916","max_count":100,"cursor":100,)"
     R"("search_id":"7201388525814961198"})"},
    {"tiktok", "1:2\",\"x\":\"",
     "POST https://open.tiktokapis.com/v2/research/video/query/?fields=id,username,create_time,"
     "region_code,video_description "
     R"({"query":{"and":[{"operation":"EQ","field_name":"username","field_values":["brandco"]}]},)"
     R"("start_date":"20260818","end_date":"20260916","max_count":100,"cursor":0})"},
    {"telegram", "",
     "GET https://api.telegram.org/botcanary-SECRET-0123456789/getUpdates?offset=-100&limit=100"
     "&timeout=0&allowed_updates=%5B%22channel_post%22%2C%22edited_channel_post%22%2C%22"
     "my_chat_member%22%5D"},
};

const Instant noon = *parse_rfc3339("2026-09-16T12:00:00Z");

}  // namespace

TEST_CASE("a handle is read as people paste it, or refused with a reason") {
  for (const HandleRow& row : handles) {
    INFO(row.platform << ' ' << row.written);
    CHECK(normalised(row.platform, row.written) == row.yields);
  }
}

TEST_CASE("without a key a YouTube channel is found by its id alone") {
  ConnectorSettings anonymous;
  anonymous.anonymous = true;
  CHECK(normalised("youtube", "@brandco", anonymous).empty());
  CHECK(normalised("youtube", "UCabcdefghijklmnopqrstuv", anonymous) ==
        "UCabcdefghijklmnopqrstuv UCabcdefghijklmnopqrstuv");
  const auto connector = make_connector("youtube", anonymous);
  const Account account = account_on("youtube");
  CHECK(connector->request({account}).url ==
        "https://www.youtube.com/feeds/videos.xml?channel_id=UC_xBrandCo0123456789abcd");
}

TEST_CASE("a request asks for one page of one account, whatever the cursor holds") {
  for (const RequestRow& row : requests) {
    const auto connector = make_connector(row.platform, {});
    const Account account = account_on(row.platform);
    const HttpRequest request = connector->request({account, &test_credential, row.cursor, noon});
    INFO(row.platform << ' ' << row.cursor);
    CHECK(request.method + ' ' + request.url + (request.body.empty() ? "" : ' ' + request.body) ==
          row.asks);
  }
}

TEST_CASE("fifty channels are counted by one request, and only what was counted is told") {
  const auto connector = make_connector("youtube", {});
  const Account first = account_on("youtube");
  Account second = first;
  second.id = "UCabcdefghijklmnopqrstuv";
  const std::vector<Query> queries = {{first, &test_credential}, {second, &test_credential}};
  CHECK(connector->probe_request(queries)->url ==
        "https://www.googleapis.com/youtube/v3/channels?part=statistics&maxResults=50&id="
        "UC_xBrandCo0123456789abcd,UCabcdefghijklmnopqrstuv");
  CHECK(connector->declaration().batch_size == 50);
  const std::vector<Query> anonymous = {{first}};
  CHECK_FALSE(connector->probe_request(anonymous));
  const auto print = [&](int status, std::string body) {
    std::string out;
    for (const ProbeReading& reading :
         connector->decode_probe(queries, answer(status, std::move(body)))) {
      const auto* token = std::get_if<std::string>(&reading);
      out += (token ? *token : print_trouble(std::get<Trouble>(reading))) + "; ";
    }
    return out;
  };
  CHECK(print(200, R"({"items":[{"id":"UCabcdefghijklmnopqrstuv","statistics":)"
                   R"({"videoCount":"318"}}],"pageInfo":{"totalResults":1}})") ==
        "not_visible account; 318; ");
  CHECK(print(200, R"({"pageInfo":{"totalResults":0}})") ==
        "not_visible account; not_visible account; ");
  CHECK(print(200, "[]") == "malformed account; malformed account; ");
  CHECK(print(503, "") == "unreachable host; unreachable host; ");
}

TEST_CASE("a handle is resolved to an id by one request") {
  struct Row {
    std::string_view platform;
    std::string_view url;
    std::string_view body;
    std::string_view yields;  // id and handle, or the trouble
  };
  constexpr Row rows[] = {
      {"youtube",
       "https://www.googleapis.com/youtube/v3/channels?part=id,snippet,contentDetails,statistics"
       "&forHandle=%40brandco",
       R"({"items":[{"id":"UC_xBrandCo0123456789abcd"}],"pageInfo":{"totalResults":1}})",
       "UC_xBrandCo0123456789abcd brandco"},
      {"youtube", "", R"({"kind":"x","pageInfo":{"totalResults":0}})", "not_visible account"},
      {"youtube", "", R"({"kind":"x"})", "malformed account"},
      {"tumblr", "https://api.tumblr.com/v2/blog/brandco/info?api_key=canary-SECRET-0123456789",
       R"({"meta":{"status":200},"response":{"blog":{"name":"BrandCo","uuid":"t:Ab"}}})",
       "t:Ab brandco"},
      {"x", "https://api.x.com/2/users/by?usernames=brandco",
       R"({"data":[{"id":"1111111111111111111","name":"B","username":"BrandCo"}]})",
       "1111111111111111111 brandco"},
      {"x", "",
       R"({"errors":[{"title":"Not Found Error","type":"https://api.x.com/2/problems/resource-not-found"}]})",
       "not_visible account"},
      {"x", "",
       R"({"errors":[{"title":"Forbidden","type":"https://api.x.com/2/problems/resource-not-found"}]})",
       "suspended account"},
      {"reddit", "https://oauth.reddit.com/user/BrandCo/about?raw_json=1",
       R"({"kind":"t2","data":{"id":"abc12","name":"BrandCo"}})", "t2_abc12 BrandCo"},
      {"reddit", "", R"({"kind":"t2","data":{"name":"BrandCo","is_suspended":true}})",
       "suspended account"},
      {"telegram",
       "https://api.telegram.org/botcanary-SECRET-0123456789/getChat?chat_id=%40brandco",
       R"({"ok":true,"result":{"id":-1001234567890,"username":"BrandCo","type":"channel"}})",
       "-1001234567890 brandco"},
      {"telegram", "", R"({"ok":true,"result":{"id":42,"type":"private"}})", "not_visible account"},
      {"telegram", "", R"({"ok":false,"error_code":400,"description":"chat not found"})",
       "not_visible account"},
  };
  for (const Row& row : rows) {
    const auto connector = make_connector(row.platform, {});
    Account account = account_on(row.platform);
    account.id.clear();
    const Query query{account, &test_credential};
    INFO(row.platform << ' ' << row.body);
    const auto request = connector->resolve_request(query);
    REQUIRE(request);
    if (!row.url.empty()) CHECK(request->url == row.url);
    const auto read = connector->decode_identity(query, answer(200, std::string(row.body)));
    const auto* identity = std::get_if<Identity>(&read);
    CHECK((identity ? identity->id + ' ' + identity->handle
                    : print_trouble(std::get<Trouble>(read))) == row.yields);
  }
}

}  // namespace pw
