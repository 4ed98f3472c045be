#include "connectors/rate_limit.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "connectors/utf8.h"

namespace pw {
namespace {

using nlohmann::json;

constexpr std::size_t header_bytes_max = 16 * 1024;

std::optional<double> parse_number(std::string_view text) {
  text = trimmed(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value) || value < 0) return std::nullopt;
  return value;
}

// A number at the start, whatever follows: "300, 300;window=60".
std::optional<double> leading_number(std::string_view text) {
  text = trimmed(text);
  return parse_number(text.substr(0, std::min(text.find_first_of(",; "), text.size())));
}

// A reset in any of its dialects. Spans beyond a year and times before 2001 are
// no resets; the two ranges do not meet.
std::optional<Instant> parse_reset(std::string_view text, Instant now) {
  constexpr double unix_seconds_min = 1e9;
  constexpr double unix_millis_min = 1e12;
  constexpr double unix_millis_max = 1e14;
  constexpr double span_seconds_max = 366 * 86'400.0;
  if (const auto number = leading_number(text)) {
    if (*number >= unix_millis_max) return std::nullopt;
    if (*number >= unix_millis_min) return instant_of_ms(static_cast<std::int64_t>(*number));
    if (*number >= unix_seconds_min) {
      return instant_of_ms(static_cast<std::int64_t>(*number * 1000));
    }
    if (*number > span_seconds_max) return std::nullopt;
    return now + Millis{static_cast<std::int64_t>(*number * 1000)};
  }
  if (const auto t = parse_rfc3339(trimmed(text))) return t;
  return parse_http_date(trimmed(text));
}

void tighten(Headroom& room, const Headroom& other) {
  const bool tighter = other.used.value_or(-1) > room.used.value_or(-1) ||
                       (!room.used && !other.used &&
                        other.remaining.value_or(1 << 30) < room.remaining.value_or(1 << 30));
  if (other.used && (!room.used || *other.used > *room.used)) room.used = other.used;
  if (other.remaining && (!room.remaining || *other.remaining < *room.remaining)) {
    room.remaining = other.remaining;
  }
  if (other.resets_at && (!room.resets_at || tighter)) room.resets_at = other.resets_at;
}

Headroom of_counts(std::optional<double> limit, std::optional<double> remaining,
                   std::optional<Instant> reset) {
  Headroom room;
  if (remaining && *remaining <= 1e9) room.remaining = static_cast<int>(*remaining);
  if (limit && remaining && *limit > 0) room.used = 1 - *remaining / *limit;
  if (room.used && *room.used < 0) room.used = 0;
  room.resets_at = reset;
  return room;
}

std::optional<std::string_view> find(const HttpResponse& response, const std::string& name) {
  const auto value = response.headers.find(name);
  if (!value || value->size() > header_bytes_max) return std::nullopt;
  return value;
}

Headroom of_fields(const HttpResponse& response, const std::string& prefix) {
  const auto limit = find(response, prefix + "limit");
  const auto remaining = find(response, prefix + "remaining");
  const auto reset = find(response, prefix + "reset");
  return of_counts(limit ? leading_number(*limit) : std::nullopt,
                   remaining ? leading_number(*remaining) : std::nullopt,
                   reset ? parse_reset(*reset, response.received) : std::nullopt);
}

// The number of "name=number" among parameters separated by ',' or ';'.
std::optional<double> parameter(std::string_view fields, std::string_view name) {
  while (!fields.empty()) {
    const std::size_t end = std::min(fields.find_first_of(",;"), fields.size());
    const std::string_view field = trimmed(fields.substr(0, end));
    if (field.starts_with(name) && field.substr(name.size()).starts_with('=')) {
      return parse_number(field.substr(name.size() + 1));
    }
    fields.remove_prefix(std::min(end + 1, fields.size()));
  }
  return std::nullopt;
}

// RateLimit, and RateLimit-Policy for the quota that the new draft keeps there.
Headroom of_structured(const HttpResponse& response) {
  const auto field = find(response, "ratelimit");
  if (!field) return {};
  const std::string_view policy = find(response, "ratelimit-policy").value_or("");
  const auto either = [](std::string_view text, std::string_view a, std::string_view b) {
    const auto value = parameter(text, a);
    return value ? value : parameter(text, b);
  };
  auto limit = either(*field, "limit", "q");
  if (!limit) limit = parameter(policy, "q");
  if (!limit) limit = leading_number(policy);
  const auto seconds = either(*field, "reset", "t");
  std::optional<Instant> reset;
  if (seconds) reset = parse_reset(std::to_string(*seconds), response.received);
  return of_counts(limit, either(*field, "remaining", "r"), reset);
}

// {"call_count":28,"total_cputime":25,"total_time":25}, whole percentages; the
// largest decides (Graph API, "Rate limits", read 2026-10).
Headroom of_usage(const json& usage, Instant now) {
  Headroom room;
  if (!usage.is_object()) return room;
  for (const char* key : {"call_count", "total_cputime", "total_time"}) {
    const auto it = usage.find(key);
    if (it == usage.end() || !it->is_number()) continue;
    const double part = it->get<double>() / 100;
    if (std::isfinite(part) && part >= 0) room.used = std::max(room.used.value_or(0), part);
  }
  constexpr double minutes_max = 60 * 24 * 7;
  const auto wait = usage.find("estimated_time_to_regain_access");
  if (wait != usage.end() && wait->is_number()) {
    const double minutes = wait->get<double>();
    if (minutes > 0 && minutes <= minutes_max) {
      room.resets_at = now + Millis{static_cast<std::int64_t>(minutes * 60'000)};
    }
  }
  return room;
}

// {"acc_id_util_pct":9.67,"reset_time_duration":100}, of advertising alone. No
// document at hand states the duration's unit: seconds, as public clients read it.
Headroom of_ad_account(const HttpResponse& response) {
  Headroom room;
  const auto field = find(response, "x-ad-account-usage");
  if (!field) return room;
  const json usage = json::parse(*field, nullptr, /*allow_exceptions=*/false);
  if (!usage.is_object()) return room;
  const auto percent = usage.find("acc_id_util_pct");
  if (percent != usage.end() && percent->is_number()) {
    const double part = percent->get<double>() / 100;
    if (std::isfinite(part) && part >= 0) room.used = part;
  }
  constexpr double seconds_max = 60 * 60 * 24 * 7;
  const auto wait = usage.find("reset_time_duration");
  if (wait != usage.end() && wait->is_number()) {
    const double seconds = wait->get<double>();
    if (seconds > 0 && seconds <= seconds_max) {
      room.resets_at = response.received + Millis{static_cast<std::int64_t>(seconds * 1000)};
    }
  }
  return room;
}

Headroom of_meta(const HttpResponse& response) {
  Headroom room = of_ad_account(response);
  for (const char* name : {"x-app-usage", "x-page-usage"}) {
    const auto field = find(response, name);
    if (!field) continue;
    const json usage = json::parse(*field, nullptr, /*allow_exceptions=*/false);
    tighten(room, of_usage(usage, response.received));
  }
  const auto field = find(response, "x-business-use-case-usage");
  if (!field) return room;
  const json cases = json::parse(*field, nullptr, /*allow_exceptions=*/false);
  if (!cases.is_object()) return room;
  for (const json& business : cases) {
    if (!business.is_array()) continue;
    for (const json& usage : business) tighten(room, of_usage(usage, response.received));
  }
  return room;
}

}  // namespace

Headroom headroom_of(const HttpResponse& response) {
  Headroom room;
  for (const char* prefix : {"ratelimit-", "x-ratelimit-", "x-rate-limit-"}) {
    tighten(room, of_fields(response, prefix));
  }
  tighten(room, of_structured(response));
  tighten(room, of_meta(response));
  return room;
}

}  // namespace pw
