// X's Activity API by webhook: X tells when an account posts or deletes, instead of our
// asking (platforms-open 6.2; docs.x.com, activity and webhooks, read 2026-11). Pure: what
// to ask of X, what to answer it, and whether a notice is X's. Carrying them is a web
// server's business.
//
// A notice is a reason to look, never a look and never a post: it proves nothing of the
// time in which none came, and what it tells of is read from the account's list.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/core/http.h"
#include "daemon/core/time.h"

namespace pw {

// What one self-serve app may have, of all kinds together.
inline constexpr std::size_t x_subscriptions_max = 1'500;
// What is subscribed to for each account; protected ones are never told of.
inline constexpr std::array<std::string_view, 2> x_events = {"post.create", "post.delete"};

// The app that subscribes: `token` is its bearer token, `secret` its consumer secret (API
// secret key), or its OAuth 2.0 client secret where it has one.
struct XApp {
  std::string base{};  // in place of https://api.x.com; empty: that
  std::string token{};
  std::string secret{};
};

// A GET at the webhook: the JSON that proves to X that we have the app's secret (CRC).
// Nothing where the query asks for no such thing.
std::optional<std::string> answer_x_challenge(std::string_view query, std::string_view secret);

// `header` is X-Twitter-Webhooks-Signature or -Signature-OAuth2: "sha256=" and the base64
// of the HMAC of the body as it came. Takes as long for a wrong one as for a right one.
bool fits_x_signature(std::string_view header, std::string_view secret, std::string_view body);

// A POST at the webhook.
struct XNotice {
  std::string user_id;
  std::string event_uuid{};  // of this event; may be negative, and is empty where X sent none
};
// Nothing when it is no notice of a post that came or went.
std::optional<XNotice> read_x_notice(std::string_view body);

// All of them carry the app's token in a header, never in the address.
HttpRequest x_webhooks_request(const XApp& app);
HttpRequest x_new_webhook_request(const XApp& app, std::string_view address);
// Makes X ask its challenge again, and use the webhook again when it is answered.
HttpRequest x_check_webhook_request(const XApp& app, std::string_view webhook);
HttpRequest x_subscriptions_request(const XApp& app, std::string_view cursor);
HttpRequest x_subscribe_request(const XApp& app, std::string_view webhook, std::string_view user_id,
                                std::string_view event);
HttpRequest x_unsubscribe_request(const XApp& app, std::string_view subscription);

struct XWebhook {
  std::string id;
  std::string address{};
  bool valid = false;
};
struct XSubscription {
  std::string id;
  std::string user_id{};
  std::string event{};
  std::string webhook{};  // empty: delivered by stream alone
};
struct XSubscriptions {
  std::vector<XSubscription> all{};
  std::string next{};  // cursor of the next page; empty at the end
};

// An answer that is not what was asked for.
struct XRefusal {
  bool later = false;            // asking again may help: a limit, a server's failure
  std::optional<Millis> wait{};  // when X said so
  std::string detail{};          // for people, cut and made safe
};

// Of a list, and of what was just made.
std::variant<std::vector<XWebhook>, XRefusal> read_x_webhooks(const HttpResponse& response);
std::variant<XSubscriptions, XRefusal> read_x_subscriptions(const HttpResponse& response);
// Of an answer whose content does not matter.
std::optional<XRefusal> x_refusal(const HttpResponse& response);

}  // namespace pw
