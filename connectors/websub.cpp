#include "connectors/websub.h"

#include <algorithm>
#include <charconv>

#include "connectors/http_status.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"
#include "daemon/core/hmac.h"

namespace pw {
namespace {

constexpr std::size_t detail_bytes_max = 200;
constexpr std::size_t deleted_max = 1000;
constexpr Millis lease_max = std::chrono::hours(24 * 30);

Millis lease_of(std::string_view query) {
  const std::string text = query_parameter(query, "hub.lease_seconds").value_or("");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds <= 0) return Millis{0};
  return Millis{std::min<std::int64_t>(seconds, lease_max.count() / 1000) * 1000};
}

std::string_view name_of(HubMode mode) {
  return mode == HubMode::subscribe ? "subscribe" : "unsubscribe";
}

void add_field(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form += '&';
  form += std::string(name) + '=' + percent_encode(value);
}

std::string cut(std::string_view text) {
  std::string clean = without_controls(mend_utf8(trimmed(text.substr(0, detail_bytes_max))));
  std::replace(clean.begin(), clean.end(), '\n', ' ');
  return clean;
}

}  // namespace

std::string youtube_topic(std::string_view channel_id) {
  return "https://www.youtube.com/feeds/videos.xml?channel_id=" + percent_encode(channel_id);
}

HttpRequest hub_request(std::string_view hub, HubMode mode, const HubSubscription& subscription) {
  HttpRequest request{.method = "POST", .url = std::string(hub)};
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  request.redirects = Redirects::refuse;
  add_field(request.body, "hub.mode", name_of(mode));
  add_field(request.body, "hub.topic", subscription.topic);
  add_field(request.body, "hub.callback", subscription.callback);
  // Hubs of the older protocol want to be told how to verify.
  add_field(request.body, "hub.verify", "async");
  if (mode == HubMode::unsubscribe) return request;
  if (!subscription.secret.empty()) {
    add_field(request.body, "hub.secret",
              std::string_view(subscription.secret).substr(0, hub_secret_bytes_max));
  }
  add_field(request.body, "hub.lease_seconds", std::to_string(hub_lease_asked.count() / 1000));
  return request;
}

HubAnswer read_hub_answer(const HttpResponse& response) {
  HubAnswer answer{.detail = "HTTP " + std::to_string(response.status)};
  if (const std::string said = cut(response.body); !said.empty()) answer.detail += ": " + said;
  if (response.status == 202 || response.status == 204) {
    answer.kind = HubAnswer::Kind::accepted;
  } else if (response.status == 307 || response.status == 308) {
    const std::string_view target = response.headers.find("location").value_or("");
    if (is_web_address(target)) {
      answer.kind = HubAnswer::Kind::elsewhere;
      answer.hub = target;
    }
  } else if (response.status == 429 || response.status >= 500) {
    answer.kind = HubAnswer::Kind::later;
    answer.wait = retry_after(response);
  }
  return answer;
}

HubVerification verify_intent(std::string_view query, const HubSubscription* pending,
                              HubMode mode) {
  HubVerification verification;
  const auto topic = query_parameter(query, "hub.topic");
  const auto asked = query_parameter(query, "hub.mode");
  if (pending == nullptr || !asked || topic != pending->topic) return verification;
  if (*asked == "denied") {
    verification.kind = HubVerification::Kind::denied;
    verification.reason = cut(query_parameter(query, "hub.reason").value_or(""));
    return verification;
  }
  auto challenge = query_parameter(query, "hub.challenge");
  if (*asked != name_of(mode) || !challenge || challenge->empty()) return verification;
  verification.kind = HubVerification::Kind::confirmed;
  verification.challenge = *std::move(challenge);
  verification.lease = lease_of(query);
  return verification;
}

Instant renew_at(Instant granted, Millis lease) { return granted + lease * 4 / 5; }

bool fits_hub_signature(std::string_view header, std::string_view secret, std::string_view body) {
  header = trimmed(header);
  const std::size_t equals = header.find('=');
  if (equals == std::string_view::npos || secret.empty()) return false;
  const auto expected = hmac_hex(lower_ascii(header.substr(0, equals)), secret, body);
  return expected && same_secret(*expected, lower_ascii(header.substr(equals + 1)));
}

std::vector<std::string> deleted_videos(std::string_view body) {
  constexpr std::string_view element = "deleted-entry";
  constexpr std::string_view prefix = "yt:video:";
  std::vector<std::string> ids;
  while (ids.size() < deleted_max) {
    const std::size_t at = body.find(element);
    if (at == std::string_view::npos) break;
    body.remove_prefix(at + element.size());
    const std::string_view tag = body.substr(0, body.find('>'));
    const std::size_t start = tag.find(prefix);
    if (start == std::string_view::npos) continue;
    const std::string_view rest = tag.substr(start + prefix.size());
    const std::string_view id = rest.substr(0, rest.find_first_of("\"' \t\n"));
    if (!id.empty() && id.size() <= 64) ids.emplace_back(id);
  }
  return ids;
}

}  // namespace pw
