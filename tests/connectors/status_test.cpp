// What answers that are no page mean, one line each.
#include <catch2/catch.hpp>

#include "connectors/http_status.h"
#include "connectors/rate_limit.h"
#include "tests/connectors/captures.h"

namespace pw {
namespace {

struct Row {
  std::string_view platform;
  int status;
  std::string_view headers;  // "name: value|name: value"
  std::string_view body;
  std::string_view yields;
  std::string_view cursor = {};
};

std::vector<std::pair<std::string, std::string>> split_headers(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('|'), text.size());
    const std::string_view line = text.substr(0, end);
    const std::size_t colon = line.find(": ");
    out.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// A Graph API error with this code and subcode.
#define GRAPH(code) R"({"error":{"message":"m","type":"OAuthException","code":)" code "}}"
#define GRAPH_SUB(code, sub) GRAPH(code R"(,"error_subcode":)" sub)
constexpr std::string_view login_page =
    "<!DOCTYPE html><html><form><input type=\"password\" name=\"p\"></form></html>";

constexpr Row rows[] = {
    // Meta: the body's code decides, whatever the status.
    {"instagram", 400, "", GRAPH("1"), "unreachable account"},
    {"instagram", 500, "", GRAPH("2"), "unreachable account"},
    {"instagram", 400, "", GRAPH("3"), "refused app"},
    {"instagram", 403, "", GRAPH("4"), "rate_limited app"},
    {"instagram", 400, "Retry-After: 90", GRAPH("4"), "rate_limited app wait 1 min 30 s"},
    {"instagram", 200, "", GRAPH("4"), "rate_limited app"},
    {"instagram", 400, "", GRAPH("10"), "refused credential"},
    {"instagram", 400, "", GRAPH("17"), "rate_limited credential"},
    {"instagram", 400, "", GRAPH("32"), "rate_limited credential"},
    {"instagram", 400, "", GRAPH_SUB("24", "2207006"), "not_visible account"},
    {"instagram", 400, "", GRAPH_SUB("25", "2207050"), "refused credential"},
    {"instagram", 400, "", GRAPH("100"), "refused account"},
    {"instagram", 400, "", GRAPH("100"), "unreachable account", "QVFIUg"},
    {"instagram", 400, "", GRAPH_SUB("100", "33"), "not_visible account"},
    {"instagram", 400, "", GRAPH("102"), "refused credential"},
    {"instagram", 400, "", GRAPH("104"), "refused credential"},
    {"instagram", 400, "", GRAPH_SUB("110", "2207013"), "not_visible account"},
    {"instagram", 400, "", GRAPH_SUB("190", "463"), "refused credential"},
    {"instagram", 401, "", GRAPH("190"), "refused credential"},
    {"instagram", 500, "", GRAPH_SUB("190", "460"), "refused credential"},
    {"instagram", 400, "", GRAPH("\"190\""), "refused credential"},
    {"instagram", 400, "", GRAPH("200"), "refused credential"},
    {"instagram", 400, "", GRAPH("283"), "refused credential"},
    {"instagram", 400, "", GRAPH("341"), "rate_limited app"},
    {"instagram", 400, "", GRAPH("368"), "refused credential"},
    {"instagram", 400, "", GRAPH_SUB("613", "1996"), "rate_limited app"},
    {"instagram", 400, "", GRAPH("803"), "not_visible account"},
    {"instagram", 400, "", GRAPH("2500"), "refused account"},
    {"instagram", 400,
     R"(X-Business-Use-Case-Usage: {"1":[{"type":"instagram","call_count":100,"estimated_time_to_regain_access":12}]})",
     GRAPH("80002"), "rate_limited credential wait 12 min"},
    {"instagram", 400, "", R"({"error":{"message":"Please reduce the amount of data"}})",
     "refused account"},
    {"instagram", 500, "", R"({"error":{"message":"x","code":99999}})", "unreachable host"},
    {"instagram", 400, "", R"({"error":{"message":"x","code":99999,"is_transient":true}})",
     "unreachable account"},
    {"instagram", 200, "", R"({"id":"17841400000000001"})", "malformed account"},
    {"instagram", 200, "", "<html>Sorry</html>", "malformed account"},
    {"instagram", 200, "", login_page, "refused host"},
    {"instagram", 502, "", "<html>Bad gateway</html>", "unreachable host"},
    {"instagram", 302, "Location: https://www.facebook.com/login/?next=x", "", "refused host"},
    // Mastodon.
    {"mastodon", 401, "", R"({"error":"This method requires an authenticated user"})",
     "refused host"},
    {"mastodon", 403, "", R"({"error":"This action is not allowed"})", "refused account"},
    {"mastodon", 404, "", R"({"error":"Record not found"})", "not_visible account"},
    {"mastodon", 410, "", "", "suspended account"},
    {"mastodon", 422, "", R"({"error":"x"})", "refused account"},
    {"mastodon", 429, "X-RateLimit-Remaining: 0|X-RateLimit-Reset: 2026-09-16T14:05:00.000000Z",
     R"({"error":"Too many requests"})", "rate_limited host wait 1 min"},
    {"mastodon", 503, "Retry-After: Wed, 16 Sep 2026 14:06:00 GMT",
     R"({"error":"Remote data could not be fetched"})", "unreachable host wait 2 min"},
    {"mastodon", 200, "", R"({"error":"x"})", "malformed account"},
    {"mastodon", 200, "",
     R"([{"id":"1","account":{"id":"9","acct":"a","moved":{"acct":"b@other.example"}}}])",
     "renamed account"},
    {"mastodon", 200, "", "", "malformed account"},
    {"mastodon", 304, "", "", "not modified account"},
    // Bluesky: the error's name decides.
    {"bluesky", 400, "", R"({"error":"InvalidRequest","message":"Profile not found"})",
     "not_visible account"},
    {"bluesky", 400, "", R"({"error":"InvalidRequest","message":"Malformed cursor"})",
     "unreachable account", "x"},
    {"bluesky", 500, "", R"({"error":"InternalServerError"})", "unreachable host"},
    {"bluesky", 500, "", R"({"error":"InternalServerError"})", "unreachable account", "x"},
    {"bluesky", 400, "", R"({"error":"AccountTakedown","message":"Account has been suspended"})",
     "suspended account"},
    {"bluesky", 400, "", R"({"error":"AccountDeactivated"})", "not_visible account"},
    {"bluesky", 429, "RateLimit-Reset: 1789567500|RateLimit-Remaining: 0",
     R"({"error":"RateLimitExceeded","message":"Rate Limit Exceeded"})",
     "rate_limited host wait 1 min"},
    {"bluesky", 404, "", R"({"error":"XRPCNotSupported"})", "refused host"},
    {"bluesky", 502, "", R"({"error":"UpstreamFailure"})", "unreachable host"},
    {"bluesky", 401, "", R"({"error":"AuthMissing"})", "refused host"},
    {"bluesky", 500, "", "<html></html>", "unreachable host"},
    {"bluesky", 200, "", R"({"error":"x"})", "malformed account"},
    // Feeds.
    {"feed", 304, "ETag: W/\"a\"", "", "not modified account"},
    {"feed", 404, "", "", "not_visible account"},
    {"feed", 410, "", "", "gone account"},
    {"feed", 401, "", "", "refused host"},
    {"feed", 403, "", "", "refused account"},
    {"feed", 403, "Retry-After: 5", "", "rate_limited host wait 5 s"},
    {"feed", 429, "", "", "rate_limited host"},
    {"feed", 429, "Retry-After: 1e9", "", "rate_limited host wait 7 d"},
    {"feed", 429, "Retry-After: -5", "", "rate_limited host"},
    {"feed", 451, "", "", "not_visible account"},
    {"feed", 226, "", "<rss><channel><item/></channel></rss>", "malformed account"},
    {"feed", 302, "Location: /new", "", "unreachable account"},
    {"feed", 200, "", login_page, "refused host"},
    {"feed", 200, "", "<!DOCTYPE html><title>Moved</title>", "malformed account"},
    {"feed", 200, "", "{\"items\":[]}", "malformed account"},
    {"feed", 200, "", "<svg xmlns='http://www.w3.org/2000/svg'/>", "malformed account"},
    {"feed", 200, "", "plain words", "malformed account"},
    {"feed", 0, "", "", "unreachable account"},
};

struct RoomRow {
  std::string_view headers;
  std::string_view yields;  // used, remaining, reset
};

constexpr RoomRow rooms[] = {
    {"", "- - -"},
    {"RateLimit-Limit: 3000|RateLimit-Remaining: 1500|RateLimit-Reset: 1789567500",
     "50% 1500 2026-09-16T14:05:00.000Z"},
    {"X-RateLimit-Limit: 300|X-RateLimit-Remaining: 299|X-RateLimit-Reset: "
     "2026-09-16T14:05:00.000000Z",
     "0% 299 2026-09-16T14:05:00.000Z"},
    {"x-ratelimit-remaining: 10.0|x-ratelimit-reset: 30.5", "- 10 2026-09-16T14:04:30.500Z"},
    {"x-rate-limit-limit: 900|x-rate-limit-remaining: 0|x-rate-limit-reset: 1789567500",
     "100% 0 2026-09-16T14:05:00.000Z"},
    {"RateLimit: limit=100, remaining=25, reset=60", "75% 25 2026-09-16T14:05:00.000Z"},
    {"RateLimit: \"default\";r=50;t=60|RateLimit-Policy: \"default\";q=100;w=60",
     "50% 50 2026-09-16T14:05:00.000Z"},
    {R"(X-App-Usage: {"call_count":28,"total_cputime":25,"total_time":102})", "102% - -"},
    {R"(X-App-Usage: {"call_count":28}|X-Business-Use-Case-Usage: {"1":[{"type":"pages","call_count":97,"total_cputime":23,"total_time":23,"estimated_time_to_regain_access":1}]})",
     "97% - 2026-09-16T14:05:00.000Z"},
    {"X-App-Usage: not json", "- - -"},
    {R"(X-App-Usage: {"call_count":"many","total_time":-4})", "- - -"},
    {"RateLimit-Remaining: many|RateLimit-Reset: soon", "- - -"},
    {"RateLimit-Limit: 0|RateLimit-Remaining: 99999999999999999999", "- - -"},
};

std::string print_room(const Headroom& room) {
  std::string out =
      room.used ? std::to_string(static_cast<int>(*room.used * 100 + 0.5)) + '%' : "-";
  out += room.remaining ? ' ' + std::to_string(*room.remaining) : " -";
  return out + (room.resets_at ? ' ' + print_rfc3339(*room.resets_at) : " -");
}

}  // namespace

TEST_CASE("an answer that is no page is classified as its row says") {
  for (const Row& row : rows) {
    const auto connector = make_connector(row.platform, {});
    const Account account = account_on(row.platform);
    const bool has_token = row.platform == "instagram";
    const Query query{account, has_token ? &test_credential : nullptr, row.cursor};
    const Reading reading = connector->decode(
        query, answer(row.status, std::string(row.body), split_headers(row.headers)));
    INFO(row.platform << ' ' << row.status << ' ' << row.headers << ' ' << row.body);
    const auto* trouble = std::get_if<Trouble>(&reading);
    REQUIRE(trouble);
    CHECK(print_trouble(*trouble) == row.yields);
    CHECK_FALSE(observes(trouble->outcome));
    CHECK_FALSE(trouble->detail.empty());
  }
}

TEST_CASE("an identity that cannot be had is classified like a page") {
  const Account instagram = account_on("instagram");
  const auto connector = make_connector("instagram", {});
  const auto answered = connector->decode_identity({instagram, &test_credential},
                                                   answer(400, GRAPH_SUB("110", "2207013")));
  CHECK(print_trouble(std::get<Trouble>(answered)) == "not_visible account");
}

TEST_CASE("every dialect of limits is read, and nonsense is left out") {
  for (const RoomRow& row : rooms) {
    INFO(row.headers);
    CHECK(print_room(headroom_of(answer(200, "", split_headers(row.headers)))) == row.yields);
  }
}

TEST_CASE("a login page is seen by where the redirects ended") {
  const Account account = account_on("feed");
  HttpResponse response = answer(200, "<html><h1>Welcome back</h1></html>");
  const auto connector = make_connector("feed", {});
  CHECK(print_trouble(std::get<Trouble>(connector->decode({account}, response))) ==
        "malformed account");
  response.final_url = "https://b.example/accounts/login/?next=/feed";
  CHECK(print_trouble(std::get<Trouble>(connector->decode({account}, response))) == "refused host");
}

}  // namespace pw
