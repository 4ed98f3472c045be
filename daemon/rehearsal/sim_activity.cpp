#include "daemon/rehearsal/sim_activity.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t new_subscriptions_max = 500;  // in ...
constexpr Millis new_subscriptions_window = std::chrono::minutes(15);
constexpr Millis challenged_every = std::chrono::hours(1);
// X counts its events in 64 bits with a sign.
constexpr std::int64_t first_event = -2'781'149'976'877'970'683;

HttpResponse api_answer(int status, const ordered_json& body) {
  return answer_of(status, json_bytes(body), "application/json; charset=utf-8");
}

HttpResponse api_problem(int status, std::string_view title, std::string_view detail) {
  return api_answer(status, {{"title", title},
                             {"type", "https://api.x.com/2/problems/invalid-request"},
                             {"status", status},
                             {"detail", detail}});
}

ordered_json body_of(const SimRequest& request) {
  return ordered_json::parse(request.http->body, nullptr, /*allow_exceptions=*/false);
}

std::string text_in(const ordered_json& object, const char* key) {
  if (!object.is_object() || !object.contains(key) || !object[key].is_string()) return {};
  return object[key];
}

std::string signature_of(std::string_view secret, std::string_view bytes) {
  return "sha256=" + print_base64(bytes_of(hmac_sha256(secret, bytes)));
}

bool takes_address(std::string_view address) {
  constexpr std::string_view scheme = "https://";
  if (!address.starts_with(scheme)) return false;
  const std::string_view rest = address.substr(scheme.size());
  return rest.substr(0, rest.find('/')).find(':') == std::string_view::npos;
}

}  // namespace

SimActivity::SimActivity(const Population& population, std::string secret, Instant start, Call call)
    : population_(population), secret_(std::move(secret)), call_(std::move(call)), passed_(start) {}

bool SimActivity::is_asked(const SimRequest& request) {
  const auto parts = split_path(request.path);
  return request.platform == "x" && parts.size() >= 2 && parts[0] == "2" &&
         (parts[1] == "webhooks" || parts[1] == "activity");
}

std::string SimActivity::next_id() { return "19763255692528" + std::to_string(68'000 + serial_++); }

HttpResponse SimActivity::answer(const SimRequest& request, Instant now) {
  if (request.token.empty()) return api_problem(401, "Unauthorized", "Unauthorized");
  const bool hooks = split_path(request.path)[1] == "webhooks";
  return hooks ? answer_webhooks(request, now) : answer_subscriptions(request, now);
}

SimActivity::Webhook* SimActivity::find_webhook(std::string_view id) {
  const auto it = std::find_if(webhooks_.begin(), webhooks_.end(),
                               [&](const Webhook& one) { return one.id == id; });
  return it == webhooks_.end() ? nullptr : &*it;
}

HttpResponse SimActivity::answer_webhooks(const SimRequest& request, Instant now) {
  const auto parts = split_path(request.path);
  if (parts.size() == 2 && request.http->method == "POST") return make_webhook(request, now);
  if (parts.size() == 2) {
    ordered_json list = ordered_json::array();
    for (const Webhook& one : webhooks_)
      list.push_back({{"created_at", print_rfc3339(one.challenged)},
                      {"id", one.id},
                      {"url", one.address},
                      {"valid", one.valid}});
    return api_answer(200, {{"data", list}, {"meta", {{"result_count", list.size()}}}});
  }
  Webhook* webhook = find_webhook(parts[2]);
  if (webhook == nullptr) return api_problem(400, "Invalid Request", "WebhookIdInvalid");
  if (request.http->method != "PUT") return api_problem(405, "Method Not Allowed", "");
  if (!challenge(*webhook, now)) return api_problem(400, "Invalid Request", "CrcValidationFailed");
  return api_answer(200, {{"data", {{"valid", true}}}});
}

HttpResponse SimActivity::make_webhook(const SimRequest& request, Instant now) {
  const std::string address = text_in(body_of(request), "url");
  if (!takes_address(address)) return api_problem(400, "Invalid Request", "UrlValidationFailed");
  for (const Webhook& one : webhooks_) {
    if (one.address == address) return api_problem(400, "Invalid Request", "DuplicateUrlFailed");
  }
  Webhook webhook{.id = next_id(), .address = address};
  if (!challenge(webhook, now)) return api_problem(400, "Invalid Request", "CrcValidationFailed");
  webhooks_.push_back(webhook);
  return api_answer(200, {{"data",
                           {{"id", webhook.id},
                            {"url", address},
                            {"valid", true},
                            {"created_at", print_rfc3339(now)}}}});
}

// Proven by whoever has the app's secret; whoever does not is called no more.
bool SimActivity::challenge(Webhook& webhook, Instant now) {
  const std::string token = "crc-" + std::to_string(ms_of(now)) + '/' + webhook.id;
  HttpRequest request{.url = webhook.address + "?crc_token=crc-" + std::to_string(ms_of(now)) +
                             "%2F" + webhook.id};
  const HttpResponse response = call(request);
  const auto body = ordered_json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  webhook.challenged = now;
  webhook.valid =
      response.status == 200 && text_in(body, "response_token") == signature_of(secret_, token);
  return webhook.valid;
}

HttpResponse SimActivity::answer_subscriptions(const SimRequest& request, Instant now) {
  const auto parts = split_path(request.path);
  if (parts.size() < 3 || parts[2] != "subscriptions")
    return api_problem(404, "Not Found", "Not Found");
  if (request.http->method == "POST") return subscribe(request, now);
  if (parts.size() == 4 && request.http->method == "DELETE") {
    const std::size_t gone =
        std::erase_if(subscriptions_, [&](const Subscription& one) { return one.id == parts[3]; });
    if (gone == 0) return api_problem(404, "Not Found", "no such subscription");
    return api_answer(200, {{"data", {{"deleted", true}}},
                            {"meta", {{"total_subscriptions", subscriptions_.size()}}}});
  }
  // The cursor is where the page begins.
  const auto page = std::size_t(number_or(request.parameter("max_results"), 1'000, 1, 1'000));
  const auto from =
      std::size_t(number_or(request.parameter("pagination_token"), 0, 0, 1'000'000'000));
  ordered_json out;
  for (std::size_t i = from; i < std::min(from + page, subscriptions_.size()); ++i) {
    const Subscription& one = subscriptions_[i];
    out["data"].push_back({{"subscription_id", one.id},
                           {"event_type", one.event},
                           {"filter", {{"user_id", one.user_id}}},
                           {"webhook_id", one.webhook}});
  }
  out["meta"]["total_subscriptions"] = subscriptions_.size();
  if (from + page < subscriptions_.size()) out["meta"]["next_token"] = std::to_string(from + page);
  return api_answer(200, out);
}

HttpResponse SimActivity::subscribe(const SimRequest& request, Instant now) {
  while (!asked_.empty() && now - asked_.front() >= new_subscriptions_window) asked_.pop_front();
  if (asked_.size() >= new_subscriptions_max) {
    HttpResponse limited = api_problem(429, "Too Many Requests", "Too Many Requests");
    const Instant reset = asked_.front() + new_subscriptions_window;
    limited.headers.add("x-rate-limit-reset", std::to_string(ms_of(reset) / 1000 + 1));
    return limited;
  }
  asked_.push_back(now);
  const ordered_json body = body_of(request);
  Subscription made{.id = {}, .event = text_in(body, "event_type"), .user_id = {}, .webhook = {}};
  if (body.is_object() && body.contains("filter"))
    made.user_id = text_in(body["filter"], "user_id");
  made.webhook = text_in(body, "webhook_id");
  const bool known = made.event == "post.create" || made.event == "post.delete";
  if (!known || made.user_id.empty() || find_webhook(made.webhook) == nullptr)
    return api_problem(400, "Invalid Request",
                       "One or more parameters to your request was invalid.");
  if (int(subscriptions_.size()) >= subscriptions_max)
    return api_problem(403, "Forbidden", "the app has all the subscriptions that it may have");
  made.id = next_id();
  subscriptions_.push_back(made);
  return api_answer(200, {{"data", ordered_json::array({{{"subscription_id", made.id},
                                                         {"event_type", made.event},
                                                         {"filter", {{"user_id", made.user_id}}},
                                                         {"webhook_id", made.webhook}}})},
                          {"meta", {{"total_subscriptions", subscriptions_.size()}}}});
}

std::vector<SimActivity::Happening> SimActivity::happenings(Instant from, Instant until) const {
  std::vector<Happening> all;
  for (const SimAccount& account : population_.accounts) {
    if (account.platform != "x") continue;
    for (const SimPost& post : account.posts) {
      if (from < post.created && post.created <= until)
        all.push_back({post.created, &account, &post, false});
      if (post.deleted && from < *post.deleted && *post.deleted <= until)
        all.push_back({*post.deleted, &account, &post, true});
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Happening& a, const Happening& b) { return a.at < b.at; });
  return all;
}

void SimActivity::pass(Instant until) {
  for (Webhook& webhook : webhooks_) {
    if (until - webhook.challenged >= challenged_every) challenge(webhook, until);
  }
  for (const Happening& happening : happenings(passed_, until)) notify(happening);
  passed_ = until;
}

void SimActivity::notify(const Happening& happening) {
  // Whom nobody may see, nobody is told of.
  if (spell_at(*happening.account, happening.at) != nullptr) return;
  const std::string event = happening.gone ? "post.delete" : "post.create";
  std::optional<PushFault> fault;
  for (const PushTrouble& trouble : troubles) {
    if (trouble.span.contains(happening.at)) fault = trouble.kind;
  }
  for (const Subscription& one : std::vector<Subscription>(subscriptions_)) {
    if (one.event != event || one.user_id != happening.account->id) continue;
    const Webhook* webhook = find_webhook(one.webhook);
    if (webhook == nullptr || !webhook->valid) continue;
    const std::int64_t uuid = first_event + std::int64_t(serial_++);
    const bool foreign = fault == PushFault::foreign;
    const std::string about = foreign ? "999" : one.user_id;
    ordered_json data = {{"event_uuid", std::to_string(uuid)},
                         {"filter", {{"user_id", about}}},
                         {"event_type", fault == PushFault::strange ? "like.create" : event},
                         {"tag", "pw"},
                         {"payload", {{"id", happening.post->id}, {"author_id", about}}}};
    if (!happening.gone) data["payload"]["text"] = happening.post->text;
    deliver(*webhook, json_bytes(ordered_json{{"data", data}}), fault);
  }
}

void SimActivity::deliver(const Webhook& webhook, std::string body,
                          std::optional<PushFault> fault) {
  if (fault == PushFault::lost) return;
  if (fault == PushFault::mangled) body.resize(body.size() / 2);
  HttpRequest request{.method = "POST", .url = webhook.address, .body = body};
  request.headers.push_back({"Content-Type", "application/json"});
  const std::string signer = fault == PushFault::missigned ? "another app's secret" : secret_;
  if (fault != PushFault::unsigned_)
    request.headers.push_back({"x-twitter-webhooks-signature", signature_of(signer, body)});
  if (fault == PushFault::altered) request.body += ' ';
  call(request);
  if (fault == PushFault::twice) call(request);
}

HttpResponse SimActivity::call(const HttpRequest& request) {
  methods_.push_back(request.method);
  return call_(request);
}

int SimActivity::calls(std::string_view method) const {
  return int(std::count(methods_.begin(), methods_.end(), method));
}

}  // namespace pw
