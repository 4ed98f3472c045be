#include "connectors/x_activity.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "connectors/http_status.h"
#include "connectors/json.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"
#include "daemon/core/hash.h"
#include "daemon/core/hmac.h"

namespace pw {
namespace {

constexpr std::size_t detail_bytes_max = 200;
constexpr std::size_t challenge_bytes_max = 1'000;
// A page of subscriptions has at most so many; an answer with more is broken.
constexpr std::size_t page_max = 1'000;
constexpr std::string_view tag = "pledgewatch";

std::string signed_form(std::string_view secret, std::string_view bytes) {
  return "sha256=" + print_base64(bytes_of(hmac_sha256(secret, bytes)));
}

HttpRequest ask(const XApp& app, std::string_view method, std::string_view target) {
  HttpRequest request{.method = std::string(method),
                      .url = base_address(app.base, "https://api.x.com", "") + std::string(target)};
  request.headers.push_back({"Accept", "application/json"});
  request.headers.push_back({"Authorization", "Bearer " + app.token});
  request.redirects = Redirects::refuse;
  return request;
}

HttpRequest post(const XApp& app, std::string_view target, const nlohmann::ordered_json& body) {
  HttpRequest request = ask(app, "POST", target);
  request.headers.push_back({"Content-Type", "application/json"});
  request.body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return request;
}

std::string cut(std::string_view text) {
  std::string clean = without_controls(mend_utf8(trimmed(text.substr(0, detail_bytes_max))));
  std::replace(clean.begin(), clean.end(), '\n', ' ');
  return clean;
}

// The title of a problem, at the top or as the first of `errors`.
std::string said_in(JsonObject root) {
  for (const std::string_view key : {"detail", "title"}) {
    if (const auto text = json_text(root, key)) return cut(*text);
  }
  const auto errors = json_array(root, "errors");
  JsonObject first;
  if (!errors || errors->size() == 0 || errors->at(0).get(first)) return {};
  for (const std::string_view key : {"detail", "message", "title"}) {
    if (const auto text = json_text(first, key)) return cut(*text);
  }
  return {};
}

// An answer of data that is a list, or, of what was just made, one object.
std::optional<std::vector<JsonObject>> objects_in(const HttpResponse& response) {
  const auto root = parse_json_object(response.body);
  if (!root) return std::nullopt;
  std::vector<JsonObject> objects;
  if (const auto one = json_object(*root, "data")) {
    objects.push_back(*one);
    return objects;
  }
  const auto list = json_array(*root, "data");
  // X leaves a list of nothing out.
  if (!list && !json_object(*root, "meta")) return std::nullopt;
  if (!list) return objects;
  for (const JsonElement element : *list) {
    JsonObject object;
    if (objects.size() < page_max && !element.get(object)) objects.push_back(object);
  }
  return objects;
}

std::string next_in(const HttpResponse& response) {
  const auto root = parse_json_object(response.body);
  const auto meta = root ? json_object(*root, "meta") : std::nullopt;
  return meta ? json_id(*meta, "next_token").value_or("") : std::string();
}

XRefusal unreadable(std::string_view what) {
  return {.later = true, .detail = "an answer that is no " + std::string(what)};
}

}  // namespace

std::optional<std::string> answer_x_challenge(std::string_view query, std::string_view secret) {
  const auto token = query_parameter(query, "crc_token");
  if (!token || token->empty() || token->size() > challenge_bytes_max || secret.empty()) {
    return std::nullopt;
  }
  return R"({"response_token":")" + signed_form(secret, *token) + "\"}";
}

bool fits_x_signature(std::string_view header, std::string_view secret, std::string_view body) {
  if (secret.empty()) return false;
  return same_secret(signed_form(secret, body), trimmed(header));
}

std::optional<XNotice> read_x_notice(std::string_view body) {
  const auto root = parse_json_object(body);
  const auto data = root ? json_object(*root, "data") : std::nullopt;
  const auto filter = data ? json_object(*data, "filter") : std::nullopt;
  if (!filter) return std::nullopt;
  const auto event = json_text(*data, "event_type").value_or("");
  if (std::find(x_events.begin(), x_events.end(), event) == x_events.end()) return std::nullopt;
  auto user = json_id(*filter, "user_id");
  if (!user) return std::nullopt;
  return XNotice{*std::move(user), json_id(*data, "event_uuid").value_or("")};
}

HttpRequest x_webhooks_request(const XApp& app) { return ask(app, "GET", "/2/webhooks"); }

HttpRequest x_new_webhook_request(const XApp& app, std::string_view address) {
  return post(app, "/2/webhooks", {{"url", address}});
}

HttpRequest x_check_webhook_request(const XApp& app, std::string_view webhook) {
  return ask(app, "PUT", "/2/webhooks/" + percent_encode(webhook));
}

HttpRequest x_subscriptions_request(const XApp& app, std::string_view cursor) {
  std::string target = "/2/activity/subscriptions";
  if (!cursor.empty()) target += "?pagination_token=" + percent_encode(cursor);
  return ask(app, "GET", target);
}

HttpRequest x_subscribe_request(const XApp& app, std::string_view webhook, std::string_view user_id,
                                std::string_view event) {
  return post(app, "/2/activity/subscriptions",
              {{"event_type", event},
               {"filter", {{"user_id", user_id}}},
               {"tag", tag},
               {"webhook_id", webhook}});
}

HttpRequest x_unsubscribe_request(const XApp& app, std::string_view subscription) {
  return ask(app, "DELETE", "/2/activity/subscriptions/" + percent_encode(subscription));
}

std::optional<XRefusal> x_refusal(const HttpResponse& response) {
  const auto root = parse_json_object(response.body);
  const std::string said = root ? said_in(*root) : std::string();
  const bool is_done = response.status >= 200 && response.status <= 204;
  // Errors may come with status 200 and without data.
  if (is_done && (!root || said.empty() || !(*root)["data"].error())) return std::nullopt;
  XRefusal refusal{.detail = "HTTP " + std::to_string(response.status)};
  if (!said.empty()) refusal.detail += ": " + said;
  if (is_done) return refusal;
  const auto trouble = trouble_of_status(response, Scope::app);
  refusal.later = trouble && (trouble->outcome == Outcome::rate_limited ||
                              trouble->outcome == Outcome::unreachable);
  if (trouble) refusal.wait = trouble->retry_after;
  return refusal;
}

std::variant<std::vector<XWebhook>, XRefusal> read_x_webhooks(const HttpResponse& response) {
  if (auto refusal = x_refusal(response)) return *std::move(refusal);
  const auto objects = objects_in(response);
  if (!objects) return unreadable("list of webhooks");
  std::vector<XWebhook> webhooks;
  for (const JsonObject& object : *objects) {
    auto id = json_id(object, "id");
    if (!id) continue;
    webhooks.push_back({*std::move(id), std::string(json_text(object, "url").value_or("")),
                        json_flag(object, "valid").value_or(false)});
  }
  return webhooks;
}

std::variant<XSubscriptions, XRefusal> read_x_subscriptions(const HttpResponse& response) {
  if (auto refusal = x_refusal(response)) return *std::move(refusal);
  XSubscriptions read;
  read.next = next_in(response);
  const auto objects = objects_in(response);
  if (!objects) return unreadable("list of subscriptions");
  for (const JsonObject& object : *objects) {
    auto id = json_id(object, "subscription_id");
    if (!id) continue;
    XSubscription one{.id = *std::move(id)};
    one.event = json_text(object, "event_type").value_or("");
    one.webhook = json_id(object, "webhook_id").value_or("");
    if (const auto filter = json_object(object, "filter"))
      one.user_id = json_id(*filter, "user_id").value_or("");
    read.all.push_back(std::move(one));
  }
  return read;
}

}  // namespace pw
