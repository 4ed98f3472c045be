#include "daemon/outbox/service.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "daemon/outbox/mail_wire.h"

namespace pw {
namespace {

using nlohmann::json;

constexpr std::size_t link_bytes_max = 2'000;
constexpr double wait_seconds_max = 86'400;

bool is_ok(int status) { return status >= 200 && status <= 299; }

std::optional<Millis> wait_of(const json& body, const char* field, double unit_ms) {
  if (!body.is_object() || !body.contains(field) || !body[field].is_number()) return std::nullopt;
  const double value = body[field].get<double>() * unit_ms / 1000;
  if (!(value >= 0)) return std::nullopt;
  return Millis{static_cast<std::int64_t>(std::ceil(std::min(value, wait_seconds_max) * 1000))};
}

bool contains(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

// Slack: 200 and "ok", nothing else (docs.slack.dev, "Sending messages using
// incoming webhooks", read 2026-11). An archived channel or a removed webhook
// stays so.
Meaning slack_meaning(const HttpResponse& response) {
  Meaning meaning{response.status};
  if (is_ok(response.status) && response.body != "ok") meaning.status = 400;
  for (const char* gone : {"channel_is_archived", "no_service", "action_prohibited"}) {
    if (response.status >= 400 && contains(response.body, gone)) meaning.status = 410;
  }
  for (const char* ours : {"invalid_payload", "invalid_blocks", "msg_blocks_too_long",
                           "too_many_attachments", "no_text"}) {
    if (contains(response.body, ours)) meaning.hopeless = true;
  }
  return meaning;
}

// Teams: legacy connectors answer 200 with the real outcome in the text
// (learn.microsoft.com, "Create an Incoming Webhook", rate limiting).
Meaning teams_meaning(const HttpResponse& response) {
  Meaning meaning{response.status};
  constexpr std::string_view words = "endpoint returned HTTP error ";
  const std::size_t at = response.body.find(words);
  if (is_ok(response.status) && at != std::string::npos)
    meaning.status = std::atoi(response.body.c_str() + at + words.size());
  if (meaning.status < 200 || meaning.status > 599) meaning.status = 502;
  meaning.hopeless = meaning.status == 400 || meaning.status == 413;
  return meaning;
}

// Discord: a webhook that gave 404 is never used again; `retry_after` is a float of
// seconds (discord.com/developers, "Rate Limits").
Meaning discord_meaning(const HttpResponse& response) {
  Meaning meaning{response.status};
  if (response.status == 404) meaning.status = 410;
  if (response.status == 429)
    meaning.wait = wait_of(json::parse(response.body, nullptr, false), "retry_after", 1000);
  meaning.hopeless = response.status == 400;
  return meaning;
}

// Telegram: `ok` decides; `parameters` says what helps (core.telegram.org/bots/api,
// "Making requests" and "ResponseParameters").
Meaning telegram_meaning(const HttpResponse& response) {
  Meaning meaning{response.status};
  const json body = json::parse(response.body, nullptr, false);
  if (!body.is_object() || !body.contains("ok") || !body["ok"].is_boolean()) {
    if (is_ok(response.status)) meaning.status = 502;
    return meaning;
  }
  if (body["ok"].get<bool>()) {
    meaning.status = 200;
    return meaning;
  }
  if (body.contains("error_code") && body["error_code"].is_number_integer())
    meaning.status = body["error_code"].get<int>();
  if (meaning.status < 400 || meaning.status > 599) meaning.status = 400;
  const json parameters = body.value("parameters", json::object());
  meaning.wait = wait_of(parameters, "retry_after", 1000);
  if (parameters.is_object() && parameters.contains("migrate_to_chat_id") &&
      parameters["migrate_to_chat_id"].is_number_integer()) {
    meaning.moved_to = std::to_string(parameters["migrate_to_chat_id"].get<std::int64_t>());
    meaning.status = 503;
  } else {
    meaning.hopeless = meaning.status == 400;
  }
  return meaning;
}

// Matrix: M_LIMIT_EXCEEDED with retry_after_ms (client-server API v1.11, "Rate
// limiting"); an event id is the only proof of success.
Meaning matrix_meaning(const HttpResponse& response) {
  Meaning meaning{response.status};
  const json body = json::parse(response.body, nullptr, false);
  if (is_ok(response.status) && !(body.is_object() && body.contains("event_id")))
    meaning.status = 502;
  if (response.status == 429) meaning.wait = wait_of(body, "retry_after_ms", 1);
  meaning.hopeless = response.status == 400 || response.status == 413;
  return meaning;
}

}  // namespace

Meaning meaning_of(SinkType type, const HttpResponse& response) {
  Meaning meaning{response.status};
  switch (type) {
    case SinkType::slack:
      return slack_meaning(response);
    case SinkType::discord:
      return discord_meaning(response);
    case SinkType::teams:
      return teams_meaning(response);
    case SinkType::telegram:
      return telegram_meaning(response);
    case SinkType::matrix:
      return matrix_meaning(response);
    case SinkType::mattermost:
      if (is_ok(response.status) && response.body != "ok") meaning.status = 400;
      meaning.hopeless = response.status == 400;
      return meaning;
    case SinkType::pagerduty:
      // "400: never retry" (PagerDuty, "Events API v2 overview").
    case SinkType::alertmanager:
    case SinkType::ntfy:
      meaning.hopeless = response.status == 400 || response.status == 413;
      return meaning;
    case SinkType::email: {
      const MailMeaning mail = mail_meaning(response.status);
      meaning.status = mail.status;
      meaning.hopeless = mail.hopeless;
      return meaning;
    }
    case SinkType::exec:
      meaning.hopeless = response.status == 400;
      return meaning;
    case SinkType::webhook:
      break;
  }
  return meaning;
}

void say_as_http(const Meaning& meaning, HttpResponse& response) {
  response.status = meaning.status;
  if (meaning.hopeless) response.headers.add("webhook-delivery", "abort-message");
  if (!meaning.wait) return;
  HttpHeaders headers;
  const auto seconds = (meaning.wait->count() + 999) / 1000;
  headers.add("retry-after", std::to_string(seconds));
  if (meaning.hopeless) headers.add("webhook-delivery", "abort-message");
  response.headers = headers;
}

HttpRequest service_request(const SinkTarget& sink, const Notice& notice, const Sending& sending) {
  switch (sink.type) {
    case SinkType::slack:
      return slack_request(sink, notice, sending);
    case SinkType::discord:
      return discord_request(sink, notice, sending);
    case SinkType::teams:
      return teams_request(sink, notice, sending);
    case SinkType::mattermost:
      return mattermost_request(sink, notice, sending);
    case SinkType::telegram:
      return telegram_request(sink, notice, sending);
    case SinkType::ntfy:
      return ntfy_request(sink, notice, sending);
    case SinkType::matrix:
      return matrix_request(sink, notice, sending);
    case SinkType::pagerduty:
      return pagerduty_request(sink, notice, sending);
    case SinkType::alertmanager:
      return alertmanager_request(sink, notice, sending);
    case SinkType::webhook:
    case SinkType::email:
    case SinkType::exec:
      break;
  }
  return {};
}

std::string titled(const Notice& notice, const Sending& sending) {
  return (sending.maybe_duplicate ? "(may be a duplicate) " : "") + notice.title;
}

std::string fit_link(std::string_view link) {
  const bool web = link.starts_with("https://") || link.starts_with("http://");
  const bool plain = std::all_of(link.begin(), link.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '<' && c != '>' && c != '"' && c != '|' && c != '`';
  });
  return web && plain && link.size() <= link_bytes_max ? std::string(link) : std::string();
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      out += c;
    else
      out.append("%").append(1, hex[byte >> 4]).append(1, hex[byte & 15u]);
  }
  return out;
}

}  // namespace pw
