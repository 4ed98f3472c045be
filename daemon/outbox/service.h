// The services that people read: each a pure function from a notice to a request,
// and from an answer to what it means. One file a service. Limits and their
// sources stand there; where a vendor says nothing, the value is an observation.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/http.h"
#include "daemon/core/result.h"
#include "daemon/outbox/message.h"
#include "daemon/outbox/notice.h"

namespace pw {

// One attempt to send.
struct Sending {
  std::string_view id;           // the delivery's: the same on every attempt
  bool maybe_duplicate = false;  // then the reader is told
};

HttpRequest slack_request(const SinkTarget& sink, const Notice& notice, const Sending& sending);
HttpRequest discord_request(const SinkTarget& sink, const Notice& notice, const Sending& sending);
HttpRequest teams_request(const SinkTarget& sink, const Notice& notice, const Sending& sending);
HttpRequest mattermost_request(const SinkTarget& sink, const Notice& notice,
                               const Sending& sending);
HttpRequest telegram_request(const SinkTarget& sink, const Notice& notice, const Sending& sending);
HttpRequest ntfy_request(const SinkTarget& sink, const Notice& notice, const Sending& sending);
HttpRequest matrix_request(const SinkTarget& sink, const Notice& notice, const Sending& sending);
HttpRequest pagerduty_request(const SinkTarget& sink, const Notice& notice, const Sending& sending);
HttpRequest alertmanager_request(const SinkTarget& sink, const Notice& notice,
                                 const Sending& sending);

// The request for any of these types; webhooks are made elsewhere, their body is
// frozen as the receiver reads it.
HttpRequest service_request(const SinkTarget& sink, const Notice& notice, const Sending& sending);

// What an answer means, said as HTTP says it, so that one schedule serves all:
// the status (200 accepted, 429 later, 410 switched off, 4xx and 5xx as they are),
// `retry-after` in whole seconds, and `webhook-delivery: abort-message` where
// trying again can never help. Services that answer 200 to a failure are believed
// only in their own words.
struct Meaning {
  int status = 0;
  std::optional<Millis> wait{};
  bool hopeless = false;
  std::string moved_to{};  // Telegram: the chat's new id
};
Meaning meaning_of(SinkType type, const HttpResponse& response);
void say_as_http(const Meaning& meaning, HttpResponse& response);

// Of use to several: "(may be a duplicate) " before the title where it may be one.
std::string titled(const Notice& notice, const Sending& sending);
// A link that may stand in markup: http(s), visible ASCII, at most 2,000 bytes; or
// nothing.
std::string fit_link(std::string_view link);
// RFC 3986 section 2.3: everything but unreserved characters as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace pw
