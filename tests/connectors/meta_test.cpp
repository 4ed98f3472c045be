// Instagram, Facebook, Threads and the Ad Library: what their connectors have in
// common, and what each asks.
#include <catch2/catch.hpp>

#include "connectors/facebook.h"
#include "connectors/facebook_ads.h"
#include "connectors/rate_limit.h"
#include "daemon/core/redact.h"
#include "tests/connectors/captures.h"

namespace pw {
namespace {

constexpr std::string_view platforms[] = {"instagram", "facebook", "threads", "facebook_ads"};

struct ErrorRow {
  int status;
  std::string_view code;     // as JSON
  std::string_view subcode;  // as JSON, or empty
  std::string_view yields;
  bool transient = false;
};

// Graph API, "Handling errors" and "Rate limits" (platforms-meta 1.6, read 2026-10).
constexpr ErrorRow errors[] = {
    {500, "1", "", "unreachable account"},
    {500, "2", "", "unreachable account", true},
    {400, "3", "", "refused app"},
    {403, "4", "", "rate_limited app", true},
    {400, "4", "1504022", "rate_limited app"},
    {400, "17", "", "rate_limited credential"},
    {400, "21", "", "renamed account"},
    {400, "24", "2207006", "not_visible account"},
    {400, "25", "2207050", "refused credential"},
    {403, "32", "", "rate_limited credential"},
    {400, "100", "", "refused account"},
    {400, "100", "33", "not_visible account"},
    {404, "100", "33", "not_visible account"},
    {401, "102", "", "refused credential"},
    {400, "104", "", "refused credential"},
    {400, "110", "2207013", "not_visible account"},
    {400, "190", "", "refused credential"},
    {401, "190", "458", "refused credential"},
    {400, "190", "459", "refused credential"},
    {500, "190", "460", "refused credential"},
    {400, "190", "463", "refused credential"},
    {400, "190", "464", "refused credential"},
    {400, "190", "467", "refused credential"},
    {400, "190", "492", "refused credential"},
    {400, "190", "999", "refused credential"},
    {403, "200", "", "refused credential"},
    {403, "299", "", "refused credential"},
    {400, "341", "", "rate_limited app"},
    {400, "368", "", "refused credential"},
    {400, "613", "1996", "rate_limited app"},
    {400, "803", "", "not_visible account"},
    {400, "2500", "", "refused account"},
    {400, "80000", "", "rate_limited credential"},
    {400, "80001", "", "rate_limited credential"},
    {400, "80002", "", "rate_limited credential"},
    {400, "80014", "", "rate_limited credential"},
    {400, "\"THREADS_API__FEATURE_NOT_AVAILABLE\"", "", "refused credential"},
    {400, "\"17\"", "", "rate_limited credential"},
    {429, "99999", "", "rate_limited credential"},
    {200, "99999", "", "malformed account"},
};

std::string error_body(const ErrorRow& row) {
  std::string body = R"({"error":{"message":"Meldung, in no language","code":)";
  body += row.code;
  if (!row.subcode.empty()) (body += R"(,"error_subcode":)") += row.subcode;
  if (row.transient) body += R"(,"is_transient":true)";
  return body + "}}";
}

std::string outcome_of(const Connector& connector, const Query& query,
                       const HttpResponse& response) {
  const Reading reading = connector.decode(query, response);
  const auto* trouble = std::get_if<Trouble>(&reading);
  return trouble ? print_trouble(*trouble) : "page";
}

std::string print_days(const std::vector<Interval>& days) {
  std::string out;
  for (const Interval& day : days) {
    out += out.empty() ? "" : " ";
    out += print_rfc3339(day.start).substr(5, 11) + '-' + print_rfc3339(day.end).substr(5, 11);
  }
  return out;
}

Instant at(std::string_view text) { return *parse_rfc3339(text); }

}  // namespace

TEST_CASE("the Graph API's errors mean the same to every Meta connector") {
  for (const std::string_view platform : platforms) {
    const auto connector = make_connector(platform, {});
    const Account account = account_on(platform);
    for (const ErrorRow& row : errors) {
      INFO(platform << ' ' << row.status << ' ' << error_body(row));
      const HttpResponse response = answer(row.status, error_body(row));
      CHECK(outcome_of(*connector, {account, &test_credential}, response) == row.yields);
    }
  }
}

TEST_CASE("code 10 blames the token, but on Threads the profile") {
  const std::string body =
      R"({"error":{"message":"no","type":"THApiException","code":10,"fbtrace_id":"A"}})";
  for (const std::string_view platform : platforms) {
    const Account account = account_on(platform);
    const auto connector = make_connector(platform, {});
    INFO(platform);
    CHECK(outcome_of(*connector, {account, &test_credential}, answer(500, body)) ==
          (platform == "threads" ? "not_visible account" : "refused credential"));
  }
}

TEST_CASE("a dead cursor is read anew, a wrong parameter is not") {
  const std::string body = R"({"error":{"message":"m","code":100}})";
  for (const std::string_view platform : platforms) {
    const Account account = account_on(platform);
    const auto connector = make_connector(platform, {});
    CHECK(outcome_of(*connector, {account, &test_credential, "QVFI"}, answer(400, body)) ==
          "unreachable account");
    CHECK(outcome_of(*connector, {account, &test_credential}, answer(400, body)) ==
          "refused account");
  }
}

TEST_CASE("the wait comes from the usage headers where the answer names none") {
  const Account account = account_on("facebook");
  const auto connector = make_connector("facebook", {});
  const std::string usage =
      R"({"102030405060708":[{"type":"pages","call_count":100,"total_cputime":25,)"
      R"("total_time":25,"estimated_time_to_regain_access":19}]})";
  const HttpResponse limited = answer(400, R"({"error":{"message":"m","code":80001}})",
                                      {{"x-business-use-case-usage", usage}});
  CHECK(outcome_of(*connector, {account, &test_credential}, limited) ==
        "rate_limited credential wait 19 min");
}

TEST_CASE("usage headers say how much of the budget is left") {
  const auto used = [](const char* name, const char* value) {
    return headroom_of(answer(200, "{}", {{name, value}})).used.value_or(-1);
  };
  CHECK(used("x-app-usage", R"({"call_count":28,"total_cputime":25,"total_time":25})") == 0.28);
  CHECK(used("x-page-usage", R"({"call_count":1,"total_cputime":2,"total_time":3})") == 0.03);
  CHECK(used("x-ad-account-usage", R"({"acc_id_util_pct":75,"reset_time_duration":100})") == 0.75);
  CHECK(used("x-ad-account-usage", R"({"acc_id_util_pct":"many"})") == -1);
  CHECK(used("x-ad-account-usage", "[]") == -1);
  const Headroom room = headroom_of(answer(
      200, "{}", {{"x-ad-account-usage", R"({"acc_id_util_pct":9,"reset_time_duration":60})"}}));
  CHECK(room.resets_at == at("2026-09-16T14:05:00Z"));
}

TEST_CASE("a login wall and truncated JSON are never an empty list") {
  const std::string wall = "<!DOCTYPE html><form><input type=\"password\"></form>";
  for (const std::string_view platform : platforms) {
    const Account account = account_on(platform);
    const auto connector = make_connector(platform, {});
    const Query query{account, &test_credential};
    CHECK(outcome_of(*connector, query, answer(200, wall)) == "refused host");
    CHECK(outcome_of(*connector, query,
                     answer(302, "", {{"Location", "https://www.facebook.com/login/"}})) ==
          "refused host");
    CHECK(outcome_of(*connector, query, answer(200, R"({"data":[{"id":"1")")) ==
          "malformed account");
    CHECK(outcome_of(*connector, query, answer(200, R"({"error":{}})")) == "malformed account");
  }
}

TEST_CASE("tokens of paging.next reach nothing that is kept") {
  // The canary of the captures, in `next`, `previous` and `ad_snapshot_url`.
  const Redactor redactor({"SECRET-canary-0123456789"});
  int canaries = 0;
  for (const Capture& capture : all_captures()) {
    if (capture.body.find("SECRET-canary") == std::string::npos) continue;
    ++canaries;
    const auto connector = make_connector(capture.platform, {});
    const Account account = account_on(capture.platform);
    const Query query{account, &test_credential};
    const HttpResponse response = answer(200, capture.body);
    const Reading reading = connector->decode(query, response);
    INFO(capture.path.string());
    CHECK(print_reading(reading).find("canary") == std::string::npos);
    if (const Page* page = std::get_if<Page>(&reading); page && !page->next.empty()) {
      const HttpRequest next = connector->request({account, &test_credential, page->next});
      CHECK(next.url.find("canary") == std::string::npos);
      CHECK(next.url.find("access_token") == std::string::npos);
    }
    // What is stored as evidence has passed the redaction, whoever's token it is.
    CHECK(redactor.redact(capture.body).find("canary") == std::string::npos);
    CHECK(Redactor().redact(capture.body).find("canary") == std::string::npos);
  }
  CHECK(canaries >= 6);
}

TEST_CASE("the token stands in the Authorization header alone, its proof beside the query") {
  Credential credential = test_credential;
  credential.app_secret = "app-secret-0123456789";
  for (const std::string_view platform : platforms) {
    const Account account = account_on(platform);
    const auto connector = make_connector(platform, {});
    const HttpRequest request = connector->request({account, &credential});
    INFO(request.url);
    CHECK(request.redirects == Redirects::refuse);
    CHECK(request.url.find(credential.token) == std::string::npos);
    CHECK(request.url.find(credential.app_secret) == std::string::npos);
    // openssl dgst -sha256 -hmac app-secret-0123456789
    CHECK(request.url.ends_with(
        "&appsecret_proof=06fe74d6a696a3367cb07355b39b5b1e51713fe003b770e135fb419611546a6a"));
    CHECK(Redactor().redact(request.url).ends_with("&appsecret_proof=[redacted]"));
  }
}

TEST_CASE("Meta is asked when a token ends, and its answer is the earlier of two moments") {
  struct Row {
    int status;
    std::string_view body;
    std::string_view yields;
  };
  const Row rows[] = {
      {200, R"({"data":{"is_valid":true,"expires_at":1796601600,"data_access_expires_at":0}})",
       "2026-12-07T00:00:00.000Z"},
      {200,
       R"({"data":{"is_valid":true,"expires_at":1797000000,"data_access_expires_at":1796601600}})",
       "2026-12-07T00:00:00.000Z"},
      {200, R"({"data":{"is_valid":true,"expires_at":0,"data_access_expires_at":1796601600}})",
       "2026-12-07T00:00:00.000Z"},
      {200, R"({"data":{"is_valid":true,"expires_at":0,"scopes":["a","b"]}})", "never a b"},
      {200, R"({"data":{"is_valid":true,"expires_at":-5}})", "never"},
      {200, R"({"data":{"is_valid":true,"expires_at":999999999999999}})", "never"},
      // A token that is no good says so by being refused.
      {200, R"({"data":{"error":{"code":190,"message":"m"},"is_valid":false,"scopes":[]}})",
       "not valid"},
      {400, R"({"error":{"message":"m","code":190,"error_subcode":463}})", "not valid"},
      {500, R"({"error":{"message":"m","code":190}})", "not valid"},
      // No word on the token.
      {400, R"({"error":{"message":"m","code":100}})", "refused account"},
      {500, R"({"error":{"message":"m","code":10}})", "refused credential"},
      {200, R"({"data":[]})", "malformed account"},
      {200, R"({"data":{"expires_at":5}})", "malformed account"},
      {503, "<html>", "unreachable host"},
  };
  for (const std::string_view platform : platforms) {
    const auto connector = make_connector(platform, {});
    for (const Row& row : rows) {
      INFO(platform << ' ' << row.body);
      const auto told = connector->decode_token(answer(row.status, std::string(row.body)));
      std::string text;
      if (const auto* life = std::get_if<TokenLife>(&told)) {
        text = !life->valid ? "not valid" : life->ends ? print_rfc3339(*life->ends) : "never";
        for (const std::string& scope : life->scopes) text += ' ' + scope;
      } else {
        text = print_trouble(std::get<Trouble>(told));
      }
      CHECK(text == row.yields);
    }
  }
}

TEST_CASE("the question about a token has it in its address, which redaction hides") {
  for (const std::string_view platform : platforms) {
    const auto connector = make_connector(platform, {});
    const auto request = connector->token_request(test_credential);
    REQUIRE(request);
    CHECK(request->url.find("/debug_token?input_token=") != std::string::npos);
    CHECK(request->redirects == Redirects::refuse);
    const std::string shown = Redactor().redact(request->url);
    CHECK(shown.ends_with("input_token=[redacted]"));
    CHECK(shown.find(test_credential.token) == std::string::npos);
  }
  // An owner's own token is of Instagram's other API, which documents no such thing.
  Credential own = test_credential;
  own.account = "riverbank.bakery";
  CHECK_FALSE(make_connector("instagram", {})->token_request(own));
  for (const std::string_view platform : {"mastodon", "bluesky", "youtube", "x", "reddit"})
    CHECK_FALSE(make_connector(platform, {})->token_request(test_credential));
}

TEST_CASE("a list paged by time goes on by time, without the token") {
  const Account account = account_on("facebook");
  const auto connector = make_connector("facebook", {});
  const HttpRequest next = connector->request({account, &test_credential, "1789100000|enc_AQB2"});
  CHECK(next.url.ends_with("&limit=25&until=1789100000&__paging_token=enc_AQB2"));
  // Cursors that are none of ours, or would say more than where to go on.
  for (const std::string_view bad : {"x&limit=1", "1|a&b", "a|b", "1|a b"}) {
    CHECK(connector->request({account, &test_credential, bad}).url ==
          connector->request({account, &test_credential}).url);
  }
}

TEST_CASE("an own token reads its owner's stories, and nobody else") {
  Credential own = test_credential;
  own.account = "riverbank.bakery";
  const Account account = account_on("instagram");
  const auto connector = make_connector("instagram", {});
  const HttpRequest first = connector->request({account, &own});
  CHECK(first.url.starts_with("https://graph.instagram.com/v25.0/me?fields=user_id%2Cusername"));
  CHECK(first.url.find("stories%7Bid") != std::string::npos);
  const HttpRequest second = connector->request({account, &own, "QVFI"});
  CHECK(second.url.find(".after%28QVFI%29") != std::string::npos);
  CHECK(second.url.find("stories") == std::string::npos);
  const auto identity = [&](std::string body) {
    return connector->decode_identity({account, &own}, answer(200, std::move(body)));
  };
  const auto mine =
      identity(R"({"user_id":"17841409876543210","username":"Riverbank.Bakery","id":"99"})");
  REQUIRE(std::holds_alternative<Identity>(mine));
  CHECK(std::get<Identity>(mine).id == "17841409876543210");
  const auto other = identity(R"({"user_id":"1","username":"somebody.else"})");
  CHECK(print_trouble(std::get<Trouble>(other)) == "other_account credential");
}

TEST_CASE("an ad is one publication for each day on which it was delivered") {
  struct Row {
    const char *start, *stop, *known, *judged_start, *judged_end, *days;
  };
  const Row rows[] = {
      // Running: its first day at once, the others when they are over.
      {"2026-09-15", "", "2026-09-15T09", "", "", "09-15T00:00-09-16T00:00"},
      {"2026-09-14", "", "2026-09-16T09", "", "",
       "09-14T00:00-09-15T00:00 09-15T00:00-09-16T00:00"},
      // Stopped: its last day counts whole when only its date is known.
      {"2026-09-14", "2026-09-15", "2026-09-20T00", "", "",
       "09-14T00:00-09-15T00:00 09-15T00:00-09-16T00:00"},
      {"2026-09-14T15:30", "2026-09-15T08:15", "2026-09-20T00", "", "",
       "09-14T15:30-09-15T00:00 09-15T00:00-09-15T08:15"},
      {"2026-09-15T10:00", "2026-09-15T10:00", "2026-09-20T00", "", "", "09-15T10:00-09-15T10:00"},
      // Long running ones break a pledge on the judged days alone.
      {"2026-01-01", "", "2026-09-18T12", "2026-09-16T00:00", "2026-09-17T00:00",
       "09-16T00:00-09-17T00:00"},
      {"2026-01-01", "", "2026-09-18T12", "2026-09-16T04:00", "2026-09-17T04:00",
       "09-16T00:00-09-17T00:00 09-17T00:00-09-18T00:00"},
      {"2026-01-01", "2026-09-10", "2026-09-18T12", "2026-09-16T00:00", "2026-09-17T00:00", ""},
      {"2026-09-17", "", "2026-09-18T12", "2026-09-16T00:00", "2026-09-17T00:00", ""},
      // Before the days are over, a running ad proves nothing about them.
      {"2026-01-01", "", "2026-09-16T12", "2026-09-16T00:00", "2026-09-17T00:00", ""},
  };
  const auto time = [](std::string text) {
    constexpr std::string_view rest = "2026-01-01T00:00:00Z";
    text += rest.substr(text.size());
    return at(text);
  };
  for (const Row& row : rows) {
    AdDelivery delivery{.start = time(row.start)};
    delivery.start_is_day = std::string_view(row.start).size() == 10;
    if (*row.stop != '\0') delivery.stop = time(row.stop);
    delivery.stop_is_day = std::string_view(row.stop).size() == 10;
    std::optional<Interval> judged;
    if (*row.judged_start != '\0') judged = Interval{time(row.judged_start), time(row.judged_end)};
    INFO(row.start << " to " << row.stop << " known until " << row.known);
    CHECK(print_days(days_of(delivery, time(row.known), judged)) == row.days);
  }
  CHECK(days_of({.start = at("2020-01-01T00:00:00Z")}, at("2026-01-01T00:00:00Z"), std::nullopt)
            .size() == 31);
}

TEST_CASE("the library is asked about the judged days, from a week before") {
  ConnectorSettings settings;
  settings.judged = Interval{at("2026-09-16T04:00:00Z"), at("2026-09-17T04:00:00Z")};
  const auto connector = make_connector("facebook_ads", settings);
  const Account account = account_on("facebook_ads");
  const std::string url = connector->request({account, &test_credential}).url;
  CHECK(url.find("&ad_delivery_date_min=2026-09-09&ad_delivery_date_max=2026-09-17") !=
        std::string::npos);
}

TEST_CASE("a Page is known by its id, its name or its address") {
  const std::pair<const char*, const char*> rows[] = {
      {"102030405060708", "102030405060708"},
      {" @Riverbank.Bakery ", "riverbank.bakery"},
      {"https://www.facebook.com/Riverbank.Bakery/?locale=en_GB", "riverbank.bakery"},
      {"facebook.com/riverbankbakery", "riverbankbakery"},
      {"https://m.facebook.com/riverbankbakery/posts/pfbid02", "riverbankbakery"},
      {"https://www.fb.com/riverbankbakery", "riverbankbakery"},
      {"https://www.facebook.com/profile.php?id=102030405060708&sk=about", "102030405060708"},
      {"https://www.facebook.com/people/Riverbank-Bakery/102030405060708/", "102030405060708"},
      {"https://www.facebook.com/pages/Riverbank/102030405060708", "102030405060708"},
      {"https://www.facebook.com/p/Riverbank-Bakery-102030405060708/", "102030405060708"},
      {"https://www.facebook.com/Riverbank-Bakery-102030405060708/", "102030405060708"},
      {"https://www.facebook.com/ads/library/?active_status=all&view_all_page_id=102030405060708",
       "102030405060708"},
      {"", ""},
      {"Riverbank Bakery", ""},
      {"x/../y", ""},
      {"a&fields=id", ""},
      {"a?b", ""},
      {"https://www.facebook.com/", ""},
      {"https://www.facebook.com/groups/1234567890", ""},
      {"https://www.facebook.com/profile.php?id=1&id=2", "1"},
      {"https://www.facebook.com/profile.php?id=..%2fme", ""},
      {"https://www.facebook.com/ads/library/", ""},
      {"https://www.facebook.com/events/1234567890/", ""},
      {"https://www.facebook.com/Studio-54", ""},
  };
  for (const auto& [written, page] : rows) {
    INFO(written);
    CHECK(facebook_page_in(written) == page);
  }
}

}  // namespace pw
