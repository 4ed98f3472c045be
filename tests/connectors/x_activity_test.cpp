// X's webhook as its documents have it, with the published vectors.
#include "connectors/x_activity.h"

#include <catch2/catch.hpp>

#include "daemon/core/hash.h"
#include "tests/connectors/captures.h"

namespace pw {
namespace {

// platforms-open 11.
constexpr std::string_view secret = "consumer-secret";
const XApp app{.base = {}, .token = "canary-SECRET-0123456789", .secret = std::string(secret)};

std::string print(const std::optional<XNotice>& notice) {
  return notice ? notice->user_id + ' ' + notice->event_uuid : "no notice";
}

std::string print(const XRefusal& refusal) {
  return (refusal.later ? "later" : "refused") +
         (refusal.wait ? ' ' + print_duration(*refusal.wait) : std::string()) + ": " +
         refusal.detail;
}

std::string print(const std::variant<std::vector<XWebhook>, XRefusal>& read) {
  if (const auto* refusal = std::get_if<XRefusal>(&read)) return print(*refusal);
  std::string out;
  for (const XWebhook& one : std::get<0>(read))
    out += one.id + ' ' + one.address + (one.valid ? " valid;" : " invalid;");
  return out;
}

std::string print(const std::variant<XSubscriptions, XRefusal>& read) {
  if (const auto* refusal = std::get_if<XRefusal>(&read)) return print(*refusal);
  std::string out;
  for (const XSubscription& one : std::get<0>(read).all)
    out += one.id + ' ' + one.user_id + ' ' + one.event + ' ' + one.webhook + ';';
  return out + std::get<0>(read).next;
}

std::string header_of(const HttpRequest& request, std::string_view name) {
  for (const HttpHeader& field : request.headers) {
    if (field.name == name) return field.value;
  }
  return {};
}

}  // namespace

TEST_CASE("a challenge is answered with the published vector, and nothing else is") {
  CHECK(answer_x_challenge("crc_token=crc-token-123", secret) ==
        R"({"response_token":"sha256=pqNVCku98klY+uShlb3Xa/LIgd2B2xq7EveP37yRYOI="})");
  // Beside other parameters, and decoded before it is signed.
  CHECK(answer_x_challenge("nonce=1&crc_token=crc%2Dtoken%2d123", secret) ==
        answer_x_challenge("crc_token=crc-token-123", secret));
  CHECK(answer_x_challenge("crc_token=a%22b", secret)->find("a\"b") == std::string::npos);
  CHECK_FALSE(answer_x_challenge("", secret));
  CHECK_FALSE(answer_x_challenge("crc_token=", secret));
  CHECK_FALSE(answer_x_challenge("crc_tokens=x", secret));
  CHECK_FALSE(answer_x_challenge("crc_token=" + std::string(1'001, 'a'), secret));
  // Without a secret nothing is proven.
  CHECK_FALSE(answer_x_challenge("crc_token=crc-token-123", ""));
}

TEST_CASE("a notice is X's when its signature fits the body as it came") {
  constexpr std::string_view body = R"({"data":{}})";
  const std::string right = "sha256=RgUBLfcxMY9p4IskLCtHGW9zP0y1XBbPueX/xCFu94Y=";
  CHECK(fits_x_signature(right, secret, body));
  CHECK(fits_x_signature(' ' + right + "\t", secret, body));
  CHECK_FALSE(fits_x_signature("", secret, body));
  CHECK_FALSE(fits_x_signature("sha256=", secret, body));
  CHECK_FALSE(fits_x_signature(right.substr(7), secret, body));
  CHECK_FALSE(fits_x_signature("sha1=" + right.substr(7), secret, body));
  CHECK_FALSE(fits_x_signature(right.substr(0, right.size() - 1), secret, body));
  CHECK_FALSE(fits_x_signature(right + '=', secret, body));
  CHECK_FALSE(fits_x_signature(right, "consumer-secre7", body));
  CHECK_FALSE(fits_x_signature(right, secret, R"({"data":{} })"));
  CHECK_FALSE(fits_x_signature(right, secret, ""));
  // Hexadecimal is another platform's.
  CHECK_FALSE(fits_x_signature("sha256=" + print_hex(hmac_sha256(secret, body)), secret, body));
  // Without a secret nobody can have signed.
  CHECK_FALSE(
      fits_x_signature("sha256=" + print_base64(bytes_of(hmac_sha256("", body))), "", body));
}

TEST_CASE("whom a notice is about") {
  struct Row {
    std::string_view body;
    std::string_view yields;
  };
  constexpr Row rows[] = {
      {R"({"data":{"event_uuid":"2100224046053470299","filter":{"user_id":"1111111111111111111"},)"
       R"("event_type":"post.create","tag":"t","payload":{"id":"2100224046053470265"},)"
       R"("includes":{"users":[],"tweets":[]}}})",
       "1111111111111111111 2100224046053470299"},
      {R"({"data":{"event_uuid":"-2781149976877970683","filter":{"user_id":"1"},)"
       R"("event_type":"post.delete","payload":{"id":"2","author_id":"1"}}})",
       "1 -2781149976877970683"},
      // Numbers where texts are documented.
      {R"({"data":{"event_uuid":-2781149976877970683,"filter":{"user_id":1111111111111111111},)"
       R"("event_type":"post.create"}})",
       "1111111111111111111 -2781149976877970683"},
      {R"({"data":{"filter":{"user_id":"1"},"event_type":"post.create"}})", "1 "},
      // What the payload says of its author is not what was subscribed to.
      {R"({"data":{"filter":{"user_id":"1"},"event_type":"post.create","payload":{"author_id":"2"}}})",
       "1 "},
      {R"({"data":{"filter":{"user_id":"1"},"event_type":"post.mention.create"}})", "no notice"},
      {R"({"data":{"filter":{"user_id":"1"},"event_type":"profile.update.bio"}})", "no notice"},
      {R"({"data":{"filter":{"keyword":"x"},"event_type":"post.create"}})", "no notice"},
      {R"({"data":{"filter":{"user_id":""},"event_type":"post.create"}})", "no notice"},
      {R"({"data":{"filter":{"user_id":"1 2"},"event_type":"post.create"}})", "no notice"},
      {R"({"data":{"filter":{"user_id":["1"]},"event_type":"post.create"}})", "no notice"},
      {R"({"data":{"filter":"1","event_type":"post.create"}})", "no notice"},
      {R"({"data":{"filter":{"user_id":"1"},"event_type":["post.create"]}})", "no notice"},
      {R"({"data":[{"filter":{"user_id":"1"},"event_type":"post.create"}]})", "no notice"},
      {R"({"data":{}})", "no notice"},
      {R"({"data":null})", "no notice"},
      {R"([])", "no notice"},
      {R"({"data":{"filter":{"user_id":"1"},"event_type":"post.create")", "no notice"},
      {"", "no notice"},
      {"\xff\xfe\x00", "no notice"},
  };
  for (const Row& row : rows) {
    INFO(row.body);
    CHECK(print(read_x_notice(row.body)) == row.yields);
  }
  const std::string deep = std::string(50'000, '[');
  CHECK_FALSE(read_x_notice(R"({"data":{"filter":)" + deep));
  const std::string long_id(600, '1');
  CHECK_FALSE(read_x_notice(R"({"data":{"filter":{"user_id":")" + long_id +
                            R"("},"event_type":"post.create"}})"));
}

TEST_CASE("what X is asked carries the token in a header, and its ids where they break nothing") {
  const std::string hostile = "1\"/../x?y#z";
  const HttpRequest requests[] = {
      x_webhooks_request(app),
      x_new_webhook_request(app, "https://watch.example.org/hub/x"),
      x_check_webhook_request(app, hostile),
      x_subscriptions_request(app, ""),
      x_subscriptions_request(app, hostile),
      x_subscribe_request(app, "1976325569252868099", hostile, x_events[0]),
      x_unsubscribe_request(app, hostile),
  };
  constexpr std::string_view printed[] = {
      "GET https://api.x.com/2/webhooks ",
      R"(POST https://api.x.com/2/webhooks {"url":"https://watch.example.org/hub/x"})",
      "PUT https://api.x.com/2/webhooks/1%22%2F..%2Fx%3Fy%23z ",
      "GET https://api.x.com/2/activity/subscriptions ",
      "GET https://api.x.com/2/activity/subscriptions?pagination_token=1%22%2F..%2Fx%3Fy%23z ",
      R"(POST https://api.x.com/2/activity/subscriptions {"event_type":"post.create",)"
      R"("filter":{"user_id":"1\"/../x?y#z"},"tag":"pledgewatch",)"
      R"("webhook_id":"1976325569252868099"})",
      "DELETE https://api.x.com/2/activity/subscriptions/1%22%2F..%2Fx%3Fy%23z ",
  };
  for (std::size_t i = 0; i < std::size(requests); ++i) {
    const HttpRequest& request = requests[i];
    CHECK(request.method + ' ' + request.url + ' ' + request.body == printed[i]);
    CHECK(header_of(request, "Authorization") == "Bearer " + app.token);
    CHECK((header_of(request, "Content-Type") == "application/json") == !request.body.empty());
    CHECK(request.redirects == Redirects::refuse);
    CHECK((request.url + request.body).find(app.token) == std::string::npos);
    CHECK((request.url + request.body).find(app.secret) == std::string::npos);
  }
  CHECK(x_webhooks_request({.base = "http://127.0.0.1:8420/x/"}).url ==
        "http://127.0.0.1:8420/x/2/webhooks");
}

TEST_CASE("what X answers to a question about webhooks") {
  CHECK(print(read_x_webhooks(
            answer(200, R"({"data":[{"created_at":"t","id":"1","url":"https://a/x","valid":true},)"
                        R"({"id":2,"url":"https://b/x"},{"url":"https://c/x"},7],)"
                        R"("meta":{"result_count":1}})"))) ==
        "1 https://a/x valid;2 https://b/x invalid;");
  CHECK(print(read_x_webhooks(answer(200, R"({"data":{"id":"1","url":"u","valid":true}})"))) ==
        "1 u valid;");
  CHECK(print(read_x_webhooks(answer(200, R"({"data":[],"meta":{"result_count":0}})"))).empty());
  CHECK(print(read_x_webhooks(answer(200, R"({"meta":{"result_count":0}})"))).empty());
  CHECK(print(read_x_webhooks(answer(200, "{}"))) ==
        "later: an answer that is no list of webhooks");
  CHECK(print(read_x_webhooks(answer(200, "<html>"))) ==
        "later: an answer that is no list of webhooks");
  CHECK(print(read_x_webhooks(answer(
            400, R"({"errors":[{"message":"CrcValidationFailed\u0007"}],"title":"a\nb"})"))) ==
        "refused: HTTP 400: a b");
  CHECK(print(read_x_webhooks(answer(400, R"({"errors":[{"message":"CrcValidationFailed"}]})"))) ==
        "refused: HTTP 400: CrcValidationFailed");
  CHECK(print(read_x_webhooks(answer(200, R"({"errors":[{"title":"Forbidden"}]})"))) ==
        "refused: HTTP 200: Forbidden");
  CHECK(print(read_x_webhooks(answer(401, ""))) == "refused: HTTP 401");
  CHECK(print(read_x_webhooks(answer(503, "", {{"Retry-After", "120"}}))) ==
        "later 2 min: HTTP 503");
  CHECK(print(read_x_webhooks(answer(429, "", {{"Retry-After", "60"}}))) ==
        "later 1 min: HTTP 429");
}

TEST_CASE("what X answers to a question about subscriptions") {
  CHECK(print(read_x_subscriptions(answer(
            200, R"({"data":[{"subscription_id":"5","event_type":"post.create",)"
                 R"("filter":{"user_id":"1"},"tag":"t","webhook_id":"9"},)"
                 R"({"subscription_id":"6","event_type":"news.new","filter":{"keyword":"k"}},{}],)"
                 R"("meta":{"total_subscriptions":2,"next_token":"7140dibdnow9c7btw4"}})"))) ==
        "5 1 post.create 9;6  news.new ;7140dibdnow9c7btw4");
  // Of one that was just made, in both forms that are documented.
  constexpr std::string_view made =
      R"({"subscription_id":"5","event_type":"post.create","filter":{"user_id":"1"},"webhook_id":"9"})";
  for (const std::string& data : {std::string(made), '[' + std::string(made) + ']'}) {
    CHECK(print(read_x_subscriptions(answer(200, "{\"data\":" + data + '}'))) ==
          "5 1 post.create 9;");
  }
  CHECK(print(read_x_subscriptions(answer(403, R"({"title":"Forbidden","detail":"no more"})"))) ==
        "refused: HTTP 403: no more");
  CHECK(print(read_x_subscriptions(answer(200, ""))) ==
        "later: an answer that is no list of subscriptions");
  CHECK_FALSE(x_refusal(answer(200, R"({"data":{"deleted":true}})")));
  CHECK_FALSE(x_refusal(answer(204, "")));
  CHECK(x_refusal(answer(404, "")));
}

}  // namespace pw
