#include "connectors/youtube_error.h"

#include <algorithm>
#include <array>

#include "connectors/http_status.h"

namespace pw {
namespace {

// `error.errors[0].reason`, and the newer `error.details[].reason`.
std::string reason_in(JsonObject error, std::string_view list) {
  const auto items = json_array(error, list);
  if (!items) return {};
  for (const JsonElement element : *items) {
    JsonObject item;
    if (element.get(item)) continue;
    if (auto reason = json_id(item, "reason")) return *std::move(reason);
  }
  return {};
}

bool is_one_of(std::string_view reason, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), reason) != names.end();
}

std::optional<Trouble> trouble_of_reason(const std::string& reason, const Query& query,
                                         const HttpResponse& response) {
  Trouble trouble{.detail = "HTTP " + std::to_string(response.status) + ": " + reason};
  if (is_one_of(reason, {"quotaExceeded", "dailyLimitExceeded"})) {
    trouble.outcome = Outcome::rate_limited;
    trouble.scope = Scope::app;
    trouble.retry_after = until_quota_returns(response.received);
  } else if (is_one_of(reason, {"rateLimitExceeded", "userRateLimitExceeded"})) {
    trouble.outcome = Outcome::rate_limited;
    trouble.scope = Scope::app;
    trouble.retry_after = retry_after(response);
  } else if (is_one_of(reason, {"playlistNotFound", "channelNotFound", "videoNotFound"})) {
    trouble.outcome = Outcome::not_visible;
  } else if (is_one_of(reason, {"channelSuspended", "channelClosed"})) {
    trouble.outcome = reason == "channelClosed" ? Outcome::gone : Outcome::suspended;
  } else if (is_one_of(reason, {"backendError", "internalError", "transientError"})) {
    trouble.outcome = Outcome::unreachable;
    trouble.scope = Scope::host;
  } else if (reason == "invalidPageToken") {
    trouble.outcome = Outcome::unreachable;
  } else if (is_one_of(reason, {"keyInvalid", "keyExpired", "accessNotConfigured", "authError",
                                "ipRefererBlocked", "API_KEY_INVALID"}) ||
             (reason == "badRequest" && query.cursor.empty())) {
    trouble.outcome = Outcome::refused;
    trouble.scope = authority_of(query);
  } else if (reason == "badRequest") {
    trouble.outcome = Outcome::unreachable;  // a page token that has become old
  } else if (reason == "forbidden") {
    trouble.outcome = Outcome::refused;
  } else {
    return std::nullopt;
  }
  return trouble;
}

}  // namespace

Millis until_quota_returns(Instant now) {
  const Millis of_day = now.time_since_epoch() % Millis(std::chrono::hours(24));
  for (const std::chrono::hours hour : {std::chrono::hours(7), std::chrono::hours(8)}) {
    if (of_day < hour) return hour - of_day;
  }
  return Millis(std::chrono::hours(31)) - of_day;
}

std::optional<Trouble> trouble_of_google(const Query& query, const HttpResponse& response) {
  if (response.status != 304) {
    const auto root = parse_json(response.body);
    JsonObject object;
    const bool is_object = root && !root->get(object);
    const auto error = is_object ? json_object(object, "error") : std::nullopt;
    if (error) {
      for (const char* list : {"details", "errors"}) {
        auto trouble = trouble_of_reason(reason_in(*error, list), query, response);
        if (trouble) return trouble;
      }
      if (response.status == 200) {
        return Trouble{.outcome = Outcome::malformed,
                       .detail = "an error in an answer of HTTP 200"};
      }
    }
  }
  auto trouble = trouble_of_status(response, authority_of(query));
  // One 404 never says that somebody is gone, nor does a 410.
  if (trouble && trouble->outcome == Outcome::gone) trouble->outcome = Outcome::not_visible;
  return trouble;
}

}  // namespace pw
