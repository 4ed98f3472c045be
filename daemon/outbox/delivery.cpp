#include "daemon/outbox/delivery.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <string>

#include "daemon/core/hash.h"

namespace pw {
namespace {

using namespace std::chrono_literals;

// Standard Webhooks 1.0.0; the first attempt is made at once.
constexpr std::array<Millis, scheduled_attempts> delays = {0s, 5s,  5min, 30min, 2h,
                                                           5h, 10h, 14h,  20h,   24h};
const Millis schedule_length = std::accumulate(delays.begin(), delays.end(), Millis{0});

// A receiver that asks for less would be hammered, one that asks for more would
// be silent for longer than the schedule ever is.
constexpr Millis wait_min = 5s;
constexpr Millis wait_max = 24h;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::optional<Millis> wait_in_seconds(std::string_view text) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  if (!digits) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool huge = failed != std::errc{} || seconds > wait_max / 1s;
  return huge ? wait_max : Millis{seconds * 1000};
}

// RFC 9110 section 10.2.3: seconds, or a date. A date is held against the
// answer's own Date where there is one: their clock need not be ours.
std::optional<Millis> wait_asked_for(const HttpResponse& response, Instant now) {
  const auto field = response.headers.find("retry-after");
  if (!field) return std::nullopt;
  const std::string_view text = trimmed(*field);
  auto wait = wait_in_seconds(text);
  if (!wait) {
    const auto until = parse_http_date(text);
    if (!until) return std::nullopt;
    const auto date = parse_http_date(trimmed(response.headers.find("date").value_or("")));
    wait = *until - date.value_or(now);
  }
  return std::clamp(*wait, wait_min, wait_max);
}

bool aborts(const HttpResponse& response) {
  const auto field = response.headers.find("webhook-delivery");
  return field && same_word(trimmed(*field), "abort-message");
}

DeliveryReason reason_of(const HttpResponse& response) {
  const int status = response.status;
  if (status >= 200 && status <= 299) return DeliveryReason::accepted;
  if (aborts(response)) return DeliveryReason::aborted;
  switch (status) {
    case 410:
      return DeliveryReason::sink_gone;
    case 429:
    case 502:
    case 503:
    case 504:
      return DeliveryReason::throttled;
    default:
      break;
  }
  if (status >= 300 && status <= 399) return DeliveryReason::redirected;
  if (status >= 400 && status <= 499) return DeliveryReason::rejected;
  if (status >= 500 && status <= 599) return DeliveryReason::server_failed;
  return DeliveryReason::odd_status;
}

DeliveryReason reason_of(const Error& error) {
  switch (error.code) {
    case Errc::refused:
      return DeliveryReason::target_refused;
    case Errc::malformed:
      return DeliveryReason::unreadable_answer;
    case Errc::transient:
    case Errc::rate_limited:
    case Errc::gone:
      break;
  }
  return DeliveryReason::no_answer;
}

// A gateway that answers 502 or 504 may have passed the message on before.
bool may_have_arrived(DeliveryReason reason, int status) {
  return reason == DeliveryReason::no_answer || reason == DeliveryReason::unreadable_answer ||
         status == 502 || status == 504;
}

bool exhausted(const Attempted& attempted) {
  return attempted.number >= scheduled_attempts &&
         attempted.now - attempted.enqueued_at >= schedule_length;
}

}  // namespace

Millis retry_delay(std::string_view delivery, int number) {
  const int index = std::clamp(number, 1, scheduled_attempts - 1);
  const Millis delay = delays[static_cast<std::size_t>(index)];
  const std::uint64_t mixed = mix64(delivery, static_cast<std::uint64_t>(number));
  const auto tenth = static_cast<std::uint64_t>(delay.count() / 10);
  return delay + Millis{static_cast<std::int64_t>(mixed % (tenth + 1))};
}

DeliveryStep step_after(const Result<Done>& fetched, const HttpResponse& response,
                        const Attempted& attempted) {
  using Next = DeliveryStep::Next;
  DeliveryStep step;
  step.reason = fetched ? reason_of(response) : reason_of(fetched.error());
  step.may_have_arrived = may_have_arrived(step.reason, fetched ? response.status : 0);
  step.at = attempted.now + retry_delay(attempted.delivery, attempted.number);
  if (step.reason == DeliveryReason::accepted) {
    step.next = Next::delivered;
  } else if (step.reason == DeliveryReason::sink_gone) {
    step.next = Next::disable;
    step.at = attempted.now;
  } else if (step.reason == DeliveryReason::aborted || exhausted(attempted)) {
    step.next = Next::dead;
  } else if (step.reason == DeliveryReason::throttled) {
    const auto wait = wait_asked_for(response, attempted.now);
    step.next = wait ? Next::pause : Next::retry;
    if (wait) step.at = attempted.now + *wait;
  }
  return step;
}

}  // namespace pw
