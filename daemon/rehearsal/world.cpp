#include "daemon/rehearsal/world.h"

#include <algorithm>
#include <string_view>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/answer_fault.h"
#include "daemon/rehearsal/list_fault.h"

namespace pw {
namespace {

// Between 15 and 90 ms, the same for the same request at the same time.
Millis latency_of(const HttpRequest& request, Instant now) {
  return Millis(15 +
                static_cast<int>(mix64(request.url, static_cast<std::uint64_t>(ms_of(now))) % 76));
}

void set_date(HttpResponse& response, Instant now) {
  if (!response.headers.find("date")) response.headers.add("Date", print_http_date(now));
}

bool asks_if_changed(const SimRequest& request) {
  return request.header("if-none-match") || request.header("if-modified-since");
}

bool fits(const std::string& wanted, const std::string& has) {
  return wanted.empty() || wanted == has;
}

bool fits_credential(const Population& population, const Fault& fault, const SimRequest& request) {
  if (fault.user_id.empty()) return true;
  return std::any_of(population.credentials.begin(), population.credentials.end(),
                     [&](const SimCredential& credential) {
                       return credential.user_id == fault.user_id &&
                              credential.token == request.token;
                     });
}

// Asked as if nothing were known, so that an answer has its body; `kept` holds what
// the request then is.
SimRequest without_conditions(const SimRequest& request, HttpRequest& kept) {
  kept = *request.http;
  std::erase_if(kept.headers,
                [](const HttpHeader& field) { return field.name.starts_with("If-"); });
  SimRequest asked = request;
  asked.http = &kept;
  return asked;
}

}  // namespace

const Fault* fault_at(const Population& population, const SimRequest& request,
                      const SimAccount* account, Instant now) {
  for (const Fault& fault : population.faults) {
    if (!fault.span.contains(now) || !fits(fault.platform, request.platform)) continue;
    const bool here = fits(fault.host, request.host) &&
                      (fault.handle.empty() || (account && account->handle == fault.handle));
    if (!here || !fits_credential(population, fault, request)) continue;
    if (fault.kind == FaultKind::unmodified && !asks_if_changed(request)) continue;
    return &fault;
  }
  return nullptr;
}

SimWorld::SimWorld(const Population& population)
    : population_(population),
      platforms_{simulate_instagram(population), simulate_mastodon(population),
                 simulate_bluesky(population),   simulate_feed(population),
                 simulate_facebook(population),  simulate_threads(population),
                 simulate_ads(population),       simulate_youtube(population),
                 simulate_x(population),         simulate_reddit(population),
                 simulate_tiktok(population),    simulate_tumblr(population),
                 simulate_telegram(population)} {}

const SimPlatform* SimWorld::platform_named(const std::string& name) const {
  constexpr std::array<std::string_view, 13> names = {
      "instagram", "mastodon", "bluesky", "feed",   "facebook", "threads", "facebook_ads",
      "youtube",   "x",        "reddit",  "tiktok", "tumblr",   "telegram"};
  const auto it = std::find(names.begin(), names.end(), name);
  return it == names.end() ? nullptr
                           : platforms_[static_cast<std::size_t>(it - names.begin())].get();
}

SimAnswer SimWorld::answer(const HttpRequest& request, Instant now, RequestCounts& counts) const {
  SimAnswer answer{.latency = latency_of(request, now)};
  const auto read = read_request(population_, request);
  const SimPlatform* platform = read ? platform_named(read->platform) : nullptr;
  if (platform == nullptr) {
    answer.response =
        is_login(request) ? login_answer() : answer_of(404, "nobody here\n", "text/plain");
    set_date(answer.response, now);
    return answer;
  }
  std::vector<LimitState> usage;
  for (const LimitRule& rule : platform->limits(*read)) usage.push_back(counts.take(rule, now));
  const Fault* fault = fault_at(population_, *read, platform->account_of(*read), now);
  if (fault != nullptr) {
    const Millis latency = answer.latency;
    answer = answer_faulty(*platform, *read, *fault, usage, now);
    answer.latency += latency;
  } else {
    answer.response = platform->answer(*read, usage, now);
  }
  set_date(answer.response, now);
  return answer;
}

SimAnswer SimWorld::answer_faulty(const SimPlatform& platform, const SimRequest& request,
                                  const Fault& fault, const std::vector<LimitState>& usage,
                                  Instant now) const {
  SimAnswer answer;
  if (auto instead = answer_instead(request, fault.kind)) {
    answer.response = *std::move(instead);
    return answer;
  }
  switch (fault.kind) {
    case FaultKind::rate_limited:
    case FaultKind::app_limited:
    case FaultKind::token_expired:
    case FaultKind::closed:
      answer.response = platform.refusal(request, fault.kind, fault.span.end, now);
      return answer;
    case FaultKind::dated_limit:
      answer.response = answer_of(429, "Too Many Requests", "text/plain");
      answer.response.headers.add("Retry-After", print_http_date(fault.span.end));
      return answer;
    case FaultKind::reset:
      answer.delivery = SimDelivery::reset;
      return answer;
    case FaultKind::hang:
      answer.delivery = SimDelivery::hang;
      return answer;
    case FaultKind::stale:
      answer.response = platform.answer(request, usage, fault.span.start);
      answer.response.headers.add("Date", print_http_date(fault.span.start));
      answer.response.headers.add("Age", std::to_string((now - fault.span.start).count() / 1000));
      return answer;
    case FaultKind::looped:
    case FaultKind::repeated:
    case FaultKind::circled:
      answer.response = answer_misled(platform, request, fault.kind, usage, now);
      return answer;
    default:
      break;
  }
  HttpRequest unconditional;
  // Faults of a body: a 304 would not have it.
  const bool as_asked = fault.kind == FaultKind::slow || fault.kind == FaultKind::trickle ||
                        fault.kind == FaultKind::clock_behind ||
                        fault.kind == FaultKind::clock_ahead || fault.kind == FaultKind::cached;
  answer.response =
      platform.answer(as_asked ? request : without_conditions(request, unconditional), usage, now);
  spoil(answer, fault.kind, now);
  return answer;
}

// Whose cursors lead elsewhere than on.
HttpResponse SimWorld::answer_misled(const SimPlatform& platform, const SimRequest& request,
                                     FaultKind kind, const std::vector<LimitState>& usage,
                                     Instant now) const {
  const std::string cursor = cursor_in(*request.http);
  if (cursor.empty()) return platform.answer(request, usage, now);
  HttpRequest uncursored = without_cursor(*request.http);
  std::erase_if(uncursored.headers,
                [](const HttpHeader& field) { return field.name.starts_with("If-"); });
  const auto asked = read_request(population_, uncursored);
  HttpResponse first = platform.answer(asked.value_or(request), usage, now);
  const std::string link(first.headers.find("link").value_or(""));
  const bool is_second =
      first.body.find(cursor) != std::string::npos || link.find(cursor) != std::string::npos;
  if (kind == FaultKind::looped || (kind == FaultKind::circled && !is_second)) return first;
  HttpResponse further = platform.answer(request, usage, now);
  if (kind == FaultKind::repeated) further.body = with_last_item_of(first.body, further.body);
  return further;
}

}  // namespace pw
