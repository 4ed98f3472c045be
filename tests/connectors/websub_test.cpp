// WebSub as a subscriber keeps it, with the published vectors.
#include "connectors/websub.h"

#include <catch2/catch.hpp>

#include "daemon/core/hmac.h"
#include "tests/connectors/captures.h"

namespace pw {
namespace {

const HubSubscription subscription{
    .topic = youtube_topic("UC_xBrandCo0123456789abcd"),
    .callback = "https://watch.example/hub/3f9c",
    .secret = "pw-test-secret",
};

std::string print(const HubVerification& verification) {
  switch (verification.kind) {
    case HubVerification::Kind::confirmed:
      return "confirmed " + verification.challenge + ' ' + print_duration(verification.lease);
    case HubVerification::Kind::unknown:
      return "unknown";
    case HubVerification::Kind::denied:
      return "denied: " + verification.reason;
  }
  return "no verification";
}

std::string print(const HubAnswer& answer) {
  switch (answer.kind) {
    case HubAnswer::Kind::accepted:
      return "accepted";
    case HubAnswer::Kind::elsewhere:
      return "elsewhere " + answer.hub;
    case HubAnswer::Kind::later:
      return "later" + (answer.wait ? ' ' + print_duration(*answer.wait) : std::string());
    case HubAnswer::Kind::refused:
      return "refused";
  }
  return "no answer";
}

constexpr std::string_view topic_query =
    "&hub.topic=https%3A%2F%2Fwww.youtube.com%2Ffeeds%2Fvideos.xml%3Fchannel_id%3D"
    "UC_xBrandCo0123456789abcd";

}  // namespace

TEST_CASE("a subscription is a form with topic, callback, secret and lease") {
  const HttpRequest request = hub_request(youtube_hub, HubMode::subscribe, subscription);
  CHECK(request.method == "POST");
  CHECK(request.url == "https://pubsubhubbub.appspot.com/subscribe");
  CHECK(request.body ==
        "hub.mode=subscribe" + std::string(topic_query) +
            "&hub.callback=https%3A%2F%2Fwatch.example%2Fhub%2F3f9c&hub.verify=async"
            "&hub.secret=pw-test-secret&hub.lease_seconds=432000");
  const HttpRequest end = hub_request(youtube_hub, HubMode::unsubscribe, subscription);
  CHECK(end.body.find("secret") == std::string::npos);
}

TEST_CASE("what a hub answers to a subscription") {
  CHECK(print(read_hub_answer(answer(202, ""))) == "accepted");
  CHECK(print(read_hub_answer(answer(308, "", {{"Location", "https://hub.example/s"}}))) ==
        "elsewhere https://hub.example/s");
  CHECK(print(read_hub_answer(answer(307, "", {{"Location", "javascript:x"}}))) == "refused");
  CHECK(print(read_hub_answer(answer(503, "Transient error; please try again later",
                                     {{"Retry-After", "120"}}))) == "later 2 min");
  CHECK(print(read_hub_answer(answer(422, "bad topic"))) == "refused");
  CHECK(read_hub_answer(answer(400, "bad\r\ntopic\x01")).detail == "HTTP 400: bad topic");
}

TEST_CASE("only what was asked for is confirmed") {
  struct Row {
    std::string query;
    HubMode mode;
    std::string_view yields;
  };
  const std::string topic(topic_query);
  const Row rows[] = {
      {"hub.mode=subscribe" + topic + "&hub.challenge=XYZ&hub.lease_seconds=432000",
       HubMode::subscribe, "confirmed XYZ 5 d"},
      {"own=1&hub.mode=subscribe" + topic + "&hub.challenge=a%20b+c", HubMode::subscribe,
       "confirmed a b c 0 s"},
      {"hub.mode=unsubscribe" + topic + "&hub.challenge=XYZ", HubMode::subscribe, "unknown"},
      {"hub.mode=unsubscribe" + topic + "&hub.challenge=XYZ", HubMode::unsubscribe,
       "confirmed XYZ 0 s"},
      {"hub.mode=subscribe&hub.topic=https%3A%2F%2Fevil.example&hub.challenge=XYZ",
       HubMode::subscribe, "unknown"},
      {"hub.mode=subscribe" + topic, HubMode::subscribe, "unknown"},
      {"hub.mode=denied" + topic + "&hub.reason=no%0Asuch", HubMode::subscribe, "denied: no such"},
      {"", HubMode::subscribe, "unknown"},
      {"%%%&=&hub.mode", HubMode::subscribe, "unknown"},
  };
  for (const Row& row : rows) {
    INFO(row.query);
    CHECK(print(verify_intent(row.query, &subscription, row.mode)) == row.yields);
    CHECK(print(verify_intent(row.query, nullptr, row.mode)) == "unknown");
  }
}

TEST_CASE("a notification is believed when its signature fits") {
  constexpr std::string_view secret = "pw-test-secret";
  constexpr std::string_view body = "<feed/>";
  CHECK(fits_hub_signature("sha1=a87d6b0408677412f0be99cc3e9c3e989c5140f9", secret, body));
  CHECK(fits_hub_signature(
      "sha256=b7de090b6682fe5c6060ec2bd37be84e064e16a8ffcc5951213a997204244445", secret, body));
  CHECK(fits_hub_signature(" SHA1=A87D6B0408677412F0BE99CC3E9C3E989C5140F9 ", secret, body));
  CHECK(fits_hub_signature("sha512=" + *hmac_hex("sha512", secret, body), secret, body));
  CHECK_FALSE(fits_hub_signature("sha1=a87d6b0408677412f0be99cc3e9c3e989c5140f8", secret, body));
  CHECK_FALSE(fits_hub_signature("sha1=a87d", secret, body));
  CHECK_FALSE(fits_hub_signature("sha1=", secret, body));
  CHECK_FALSE(fits_hub_signature("md5=d41d8cd98f00b204e9800998ecf8427e", secret, body));
  CHECK_FALSE(fits_hub_signature("a87d6b0408677412f0be99cc3e9c3e989c5140f9", secret, body));
  CHECK_FALSE(fits_hub_signature("", secret, body));
  // Without a secret nobody can have signed.
  CHECK_FALSE(fits_hub_signature("sha1=" + *hmac_hex("sha1", "", body), "", body));
}

TEST_CASE("a lease is renewed before it ends") {
  const Instant granted = *parse_rfc3339("2026-09-10T00:00:00Z");
  CHECK(print_rfc3339(renew_at(granted, hub_lease_asked)) == "2026-09-14T00:00:00.000Z");
}

TEST_CASE("a tombstone names the videos that are gone") {
  CHECK(deleted_videos(R"(<feed><at:deleted-entry ref="yt:video:dqw4w9WgxA1" when="x">)"
                       R"(</at:deleted-entry><at:deleted-entry ref='yt:video:b'/></feed>)") ==
        std::vector<std::string>{"dqw4w9WgxA1", "b"});
  CHECK(deleted_videos("<feed><entry>yt:video:x</entry></feed>").empty());
  CHECK(deleted_videos("deleted-entry").empty());
}

}  // namespace pw
