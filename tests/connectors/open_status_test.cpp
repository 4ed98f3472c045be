// What answers that are no page mean on YouTube, Tumblr, X, Reddit, TikTok and
// Telegram, one line each.
#include <catch2/catch.hpp>

#include "connectors/tiktok.h"
#include "connectors/x.h"
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
  bool with_credential = true;
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

#define GOOGLE(reason) \
  R"({"error":{"code":403,"message":"m","errors":[{"reason":")" reason R"("}]}})"
#define PROBLEM(type, title) \
  R"({"title":")" title R"(","detail":"d","type":"https://api.x.com/2/problems/)" type R"("})"
#define PARTIAL(type, title) \
  R"({"errors":[{"title":")" title R"(","type":"https://api.twitter.com/2/problems/)" type R"("}]})"
#define TIKTOK(code) R"({"data":{},"error":{"code":")" code R"(","message":"m","log_id":"1"}})"
#define BOT(code, more) R"({"ok":false,"error_code":)" code R"(,"description":"d")" more "}"
constexpr std::string_view block_page = "<!DOCTYPE html><html><body>whoa there</body></html>";

constexpr Row rows[] = {
    // YouTube: `reason` decides. Quota returns at 07:00 or 08:00 UTC; here it is 14:04.
    {"youtube", 403, "", GOOGLE("quotaExceeded"), "rate_limited app wait 16 h 56 min"},
    {"youtube", 403, "", GOOGLE("dailyLimitExceeded"), "rate_limited app wait 16 h 56 min"},
    {"youtube", 429, "Retry-After: 9", GOOGLE("rateLimitExceeded"), "rate_limited app wait 9 s"},
    {"youtube", 403, "", GOOGLE("rateLimitExceeded"), "rate_limited app"},
    {"youtube", 404, "", GOOGLE("playlistNotFound"), "not_visible account"},
    {"youtube", 404, "", GOOGLE("channelNotFound"), "not_visible account"},
    {"youtube", 403, "", GOOGLE("channelSuspended"), "suspended account"},
    {"youtube", 403, "", GOOGLE("forbidden"), "refused account"},
    {"youtube", 400, "", GOOGLE("keyInvalid"), "refused credential"},
    {"youtube", 400, "", GOOGLE("badRequest"), "refused credential"},
    {"youtube", 400, "", GOOGLE("badRequest"), "unreachable account", "EAAa"},
    {"youtube", 400, "", GOOGLE("invalidPageToken"), "unreachable account", "EAAa"},
    {"youtube", 403, "", GOOGLE("accessNotConfigured"), "refused credential"},
    {"youtube", 500, "", GOOGLE("backendError"), "unreachable host"},
    {"youtube", 503, "", GOOGLE("backendError"), "unreachable host"},
    {"youtube", 410, "", "{}", "not_visible account"},
    {"youtube", 304, "", "", "not modified account"},
    {"youtube", 200, "", GOOGLE("somethingNew"), "malformed account"},
    {"youtube", 200, "", "", "malformed account"},
    {"youtube", 200, "", "{\"kind\":\"youtube#playlistItemListResponse\"}", "malformed account"},
    // The feed's 404 and 500 say nothing of the channel.
    {"youtube", 404, "", block_page, "unreachable account", "", false},
    {"youtube", 500, "", block_page, "unreachable account", "", false},
    {"youtube", 410, "", "", "unreachable account", "", false},
    {"youtube", 503, "", "", "unreachable host", "", false},
    {"youtube", 429, "Retry-After: 60", "", "rate_limited host wait 1 min", "", false},
    {"youtube", 304, "", "", "not modified account", "", false},
    {"youtube", 200, "", block_page, "malformed account", "", false},

    // X: errors come with status 200 as well.
    {"x", 429, "x-rate-limit-reset: 1789567500|x-rate-limit-remaining: 0",
     R"({"errors":[{"code":88,"message":"Rate limit exceeded"}]})",
     "rate_limited credential wait 1 min"},
    {"x", 429, "", R"({"title":"Too Many Requests","type":"about:blank","status":429})",
     "rate_limited credential"},
    {"x", 402, "", R"({"title":"CreditsDepleted","detail":"d"})", "rate_limited app"},
    {"x", 402, "", "", "rate_limited app"},
    {"x", 429, "", PROBLEM("usage-capped", "UsageCapExceeded"), "rate_limited app"},
    {"x", 401, "", R"({"title":"Unauthorized","type":"about:blank","status":401})",
     "refused credential"},
    {"x", 403, "", PROBLEM("unsupported-authentication", "Unsupported Authentication"),
     "refused credential"},
    {"x", 403, "", PROBLEM("client-forbidden", "Client Forbidden"), "refused credential"},
    {"x", 403, "", R"({"title":"Forbidden","type":"about:blank","status":403})",
     "refused credential"},
    {"x", 400, "", PROBLEM("invalid-request", "Invalid Request"), "refused account"},
    {"x", 400, "", PROBLEM("invalid-request", "Invalid Request"), "unreachable account", "abc"},
    {"x", 200, "", PARTIAL("not-authorized-for-resource", "Authorization Error"),
     "protected account"},
    {"x", 200, "", PARTIAL("resource-not-found", "Not Found Error"), "not_visible account"},
    {"x", 200, "", PARTIAL("resource-not-found", "Forbidden"), "suspended account"},
    {"x", 200, "", PARTIAL("something-new", "What"), "malformed account"},
    {"x", 200, "", "{}", "malformed account"},
    {"x", 200, "", R"({"meta":{}})", "malformed account"},
    {"x", 503, "", PROBLEM("about:blank", "Service Unavailable"), "unreachable host"},
    {"x", 500, "", "", "unreachable host"},

    // Reddit counts a reset in seconds from now, as float text.
    {"reddit", 429, "X-Ratelimit-Reset: 37.5|X-Ratelimit-Remaining: 0.0",
     R"({"message":"Too Many Requests","error":429})", "rate_limited credential wait 37 s"},
    {"reddit", 404, "", R"({"message":"Not Found","error":404})", "not_visible account"},
    {"reddit", 403, "", R"({"message":"Forbidden","error":403,"reason":"private"})",
     "protected account"},
    {"reddit", 403, "", block_page, "refused host"},
    {"reddit", 401, "", R"({"message":"Unauthorized","error":401})", "refused credential"},
    {"reddit", 400, "", R"({"reason":"USER_DOESNT_EXIST","message":"Bad Request"})",
     "not_visible account"},
    {"reddit", 200, "", R"({"kind":"t2","data":{}})", "malformed account"},
    {"reddit", 200, "", block_page, "malformed account"},

    {"tumblr", 404, "", R"({"meta":{"status":404,"msg":"Not Found"},"response":[]})",
     "not_visible account"},
    {"tumblr", 410, "", "", "not_visible account"},
    {"tumblr", 401, "", R"({"meta":{"status":401,"msg":"Unauthorized"},"response":[]})",
     "refused credential"},
    {"tumblr", 429, "", R"({"meta":{"status":429,"msg":"Limit Exceeded"},"response":[]})",
     "rate_limited credential"},
    {"tumblr", 200, "", R"({"meta":{"status":200,"msg":"OK"},"response":[]})", "malformed account"},

    {"tiktok", 401, "", TIKTOK("access_token_invalid"), "refused credential"},
    {"tiktok", 401, "", TIKTOK("scope_not_authorized"), "refused credential"},
    {"tiktok", 429, "Retry-After: 30", TIKTOK("rate_limit_exceeded"),
     "rate_limited credential wait 30 s"},
    {"tiktok", 429, "", TIKTOK("daily_quota_limit_exceeded"), "rate_limited app wait 9 h 56 min"},
    {"tiktok", 400, "", TIKTOK("invalid_params"), "refused account"},
    {"tiktok", 400, "", TIKTOK("invalid_params"), "unreachable account", "1:2"},
    {"tiktok", 500, "", TIKTOK("internal_error"), "unreachable host"},
    {"tiktok", 200, "", TIKTOK("internal_error"), "unreachable host"},
    {"tiktok", 200, "", R"({"data":{},"error":{"code":"ok"}})", "malformed account"},

    {"telegram", 429, "", BOT("429", R"(,"parameters":{"retry_after":5})"),
     "rate_limited credential wait 5 s"},
    {"telegram", 401, "", BOT("401", ""), "refused credential"},
    {"telegram", 404, "", BOT("404", ""), "refused credential"},
    {"telegram", 409, "", BOT("409", ""), "refused credential"},
    {"telegram", 400, "", BOT("400", ""), "not_visible account"},
    {"telegram", 403, "", BOT("403", ""), "not_visible account"},
    {"telegram", 502, "", BOT("502", ""), "unreachable host"},
    {"telegram", 502, "", block_page, "unreachable host"},
    {"telegram", 200, "", R"({"ok":true,"result":[]})", "not_visible account"},
    {"telegram", 200, "", R"({"ok":true,"result":[]})", "unreachable account", "older"},
    {"telegram", 200, "", R"({"ok":true})", "malformed account"},
};

}  // namespace

TEST_CASE("an answer that is no page is the trouble its row names") {
  for (const Row& row : rows) {
    const auto connector = make_connector(row.platform, {});
    const Account account = account_on(row.platform);
    INFO(row.platform << ' ' << row.status << ' ' << row.body);
    const Query query{account, row.with_credential ? &test_credential : nullptr, row.cursor};
    const Reading reading = connector->decode(
        query, answer(row.status, std::string(row.body), split_headers(row.headers)));
    CHECK((std::holds_alternative<Trouble>(reading) ? print_trouble(std::get<Trouble>(reading))
                                                    : "page") == row.yields);
  }
}

TEST_CASE("times in ids are those of the published vectors") {
  CHECK(print_rfc3339(*instant_of_x_id("2080761390344937796")) == "2026-07-24T21:05:48.792Z");
  CHECK(print_rfc3339(*instant_of_x_id("2100011782763446272")) == "2026-09-16T00:00:00.000Z");
  CHECK(print_rfc3339(*instant_of_x_id("2100224046053470265")) == "2026-09-16T14:03:27.512Z");
  CHECK_FALSE(instant_of_x_id("12x"));
  CHECK_FALSE(instant_of_x_id("99999999999999999999"));
  CHECK_FALSE(instant_of_x_id(""));
  CHECK(print_rfc3339(*instant_of_tiktok_id("7686133487175978261")) == "2026-09-16T14:03:27.000Z");
  CHECK_FALSE(instant_of_tiktok_id("-1"));
}

TEST_CASE("a full hundred of updates leads on to what a bot cannot ask for") {
  std::string body = R"({"ok":true,"result":[)";
  for (int i = 0; i < 100; ++i) {
    body += (i == 0 ? "" : ",") + std::string(R"({"update_id":)") + std::to_string(i) +
            R"(,"channel_post":{"message_id":)" + std::to_string(i + 1) +
            R"(,"chat":{"id":-1001234567890},"date":1789567407,"text":"x"}})";
  }
  const auto connector = make_connector("telegram", {});
  const Account account = account_on("telegram");
  const Reading reading = connector->decode({account, &test_credential}, answer(200, body + "]}"));
  const Page& page = std::get<Page>(reading);
  CHECK(page.posts.size() == 100);
  CHECK(page.posts.front().id == "100");
  CHECK(page.next == "older");
}

}  // namespace pw
