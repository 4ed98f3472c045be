#include "daemon/rehearsal/world.h"

#include <algorithm>
#include <string_view>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/list_fault.h"

namespace pw {
namespace {

constexpr std::string_view html_type = "text/html; charset=utf-8";
constexpr std::string_view outage_page =
    "<!DOCTYPE html><html><head><title>503 Service Unavailable</title></head>"
    "<body><h1>Service Unavailable</h1><p>edge-7</p></body></html>\n";
constexpr std::string_view odd_page =
    "<!DOCTYPE html><html><head><title>Just a moment</title></head>"
    "<body><p>We are making things better.</p></body></html>\n";
constexpr std::string_view login_page =
    "<!DOCTYPE html><html><head><title>Log in</title></head><body><form method=\"post\" "
    "action=\"/login\"><input name=\"user\"><input type=\"password\" name=\"password\">"
    "<button>Log in</button></form></body></html>\n";
constexpr std::string_view missing_page =
    "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title><p>The requested URL "
    "was not found on this server.</p></html>\n";
constexpr std::string_view blocked_page =
    "<!DOCTYPE html><html><head><title>Access denied</title></head><body><h1>Error 1020</h1>"
    "<p>This website is using a security service to protect itself.</p></body></html>\n";
constexpr std::size_t swelled_bytes = 10'000'000;
constexpr std::string_view login_path = "/login";

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

std::string path_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t slash = scheme == std::string::npos ? scheme : url.find('/', scheme + 3);
  if (slash == std::string::npos) return "/";
  return url.substr(slash, url.find_first_of("?#", slash) - slash);
}

HttpResponse unmodified(const SimRequest& request) {
  HttpResponse response;
  response.status = 304;
  if (const auto tag = request.header("if-none-match")) response.headers.add("ETag", *tag);
  return response;
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

// White space behind JSON and XML alike changes the bytes and nothing else.
void pad(HttpResponse& response, std::size_t bytes, Instant now) {
  response.body.append(bytes, ' ');
  response.body.append(static_cast<std::size_t>(ms_of(now) % 97), '\n');
  response.headers.add("X-Served-By", "edge-" + std::to_string(ms_of(now) % 97));
}

HttpResponse redirect_to_login(const SimRequest& request) {
  HttpResponse response = answer_of(302, "", html_type);
  response.headers.add("Location", std::string(login_path) + "?next=" + path_of(request.http->url));
  return response;
}

// What comes in place of any answer of the platform's own.
std::optional<HttpResponse> answer_instead(const SimRequest& request, FaultKind kind) {
  switch (kind) {
    case FaultKind::outage:
      return answer_of(503, std::string(outage_page), html_type);
    case FaultKind::html:
      return answer_of(200, std::string(odd_page), html_type);
    case FaultKind::login_page:
      return answer_of(200, std::string(login_page), html_type);
    case FaultKind::login_redirect:
      return redirect_to_login(request);
    case FaultKind::unmodified:
      return unmodified(request);
    case FaultKind::missing:
      return answer_of(404, std::string(missing_page), html_type);
    case FaultKind::blocked:
      return answer_of(403, std::string(blocked_page), html_type);
    case FaultKind::bare_limit:
      return answer_of(429, "", "text/plain");
    default:
      return std::nullopt;
  }
}

// What becomes of the platform's own answer.
void spoil(SimAnswer& answer, FaultKind kind, Instant now) {
  std::string& body = answer.response.body;
  switch (kind) {
    case FaultKind::truncated:
      body.resize(body.size() * 3 / 5);
      break;
    case FaultKind::slow:
      answer.latency = Millis(300);
      answer.drip = Millis(900);
      break;
    case FaultKind::cut:
      answer.delivery = SimDelivery::cut;
      break;
    case FaultKind::garbled:
      answer.delivery = SimDelivery::garbled;
      break;
    case FaultKind::empty:
      body.clear();
      break;
    case FaultKind::restamped:
    case FaultKind::swelled:
      pad(answer.response, kind == FaultKind::swelled ? swelled_bytes : 1, now);
      break;
    default:
      body = with_list_fault(body, kind);
  }
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
    const bool login = path_of(request.url) == login_path;
    answer.response = login ? answer_of(200, std::string(login_page), html_type)
                            : answer_of(404, "nobody here\n", "text/plain");
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
    default:
      break;
  }
  HttpRequest unconditional;
  // Faults of a body: a 304 would not have it.
  const bool as_asked = fault.kind == FaultKind::slow;
  answer.response =
      platform.answer(as_asked ? request : without_conditions(request, unconditional), usage, now);
  spoil(answer, fault.kind, now);
  return answer;
}

}  // namespace pw
