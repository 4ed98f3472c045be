#include "daemon/rehearsal/answer_fault.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include <boost/url.hpp>

#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/list_fault.h"

namespace pw {
namespace {

constexpr std::string_view html_type = "text/html; charset=utf-8";
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
constexpr Millis skew = std::chrono::seconds(90);
constexpr std::string_view cached_for_s = "900";

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

// A server's own failure, as something in front of it words it.
HttpResponse failure(int status, const std::string& reason) {
  return answer_of(status,
                   "<!DOCTYPE html><html><head><title>" + std::to_string(status) + ' ' + reason +
                       "</title></head><body><h1>" + reason + "</h1><p>edge-7</p></body></html>\n",
                   html_type);
}

// What the platforms call the place in a list where reading goes on.
constexpr const char* cursor_names[] = {"max_id",     "cursor", "pageToken", "pagination_token",
                                        "after",      "offset", "page",      "before",
                                        "page_number"};

// "media.after(CURSOR).limit(25)": from its point to behind its bracket, and what is
// inside.
struct ExpandedCursor {
  std::size_t open;
  std::size_t from;
  std::size_t to;
  std::size_t end;
};
std::optional<ExpandedCursor> expanded_cursor(const std::string& url) {
  for (const std::string_view open : {".after(", ".after%28"}) {
    const std::size_t at = url.find(open);
    if (at == std::string::npos) continue;
    const std::string_view close = open.ends_with('(') ? ")" : "%29";
    const std::size_t end = url.find(close, at);
    if (end != std::string::npos)
      return ExpandedCursor{at, at + open.size(), end, end + close.size()};
  }
  return std::nullopt;
}

void remove_header(HttpHeaders& headers, std::string_view name) {
  HttpHeaders kept;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (headers.name(i) != name) kept.add(headers.name(i), headers.value(i));
  }
  headers = std::move(kept);
}

// The same bytes under a charset that they are not in.
void misname_charset(HttpHeaders& headers) {
  const std::string type(headers.find("content-type").value_or("text/plain"));
  remove_header(headers, "Content-Type");
  headers.add("Content-Type", type.substr(0, type.find(';')) + "; charset=iso-8859-1");
}

constexpr std::string_view midnight = "00:00:00";
// The day before, in the form of "2026-09-16T" and of "Wed, 16 Sep 2026 ".
std::string day_before(std::string_view day) {
  const bool is_rfc3339 = day.ends_with('T');
  std::string whole(day);
  const auto at =
      is_rfc3339 ? parse_rfc3339(whole + "00:00:00Z") : parse_http_date(whole + "00:00:00 GMT");
  if (!at) return whole;
  const Instant before = *at - std::chrono::hours(24);
  return is_rfc3339 ? print_rfc3339(before).substr(0, day.size())
                    : print_http_date(before).substr(0, day.size());
}

// Every date at midnight, in the two forms that platforms and feeds write.
std::string with_odd_midnights(std::string body, std::string_view clock) {
  for (std::size_t at = body.find(midnight); at != std::string::npos;
       at = body.find(midnight, at + midnight.size())) {
    const std::size_t length = at > 0 && body[at - 1] == 'T' ? 11 : 17;
    if (at < length) continue;
    const std::string day = day_before(std::string_view(body).substr(at - length, length));
    body.replace(at - length, length + midnight.size(), day + std::string(clock));
  }
  return body;
}

}  // namespace

bool is_login(const HttpRequest& request) { return path_of(request.url) == login_path; }

HttpResponse login_answer() { return answer_of(200, std::string(login_page), html_type); }

std::optional<HttpResponse> answer_instead(const SimRequest& request, FaultKind kind) {
  switch (kind) {
    case FaultKind::outage:
      return failure(503, "Service Unavailable");
    case FaultKind::internal_error:
      return failure(500, "Internal Server Error");
    case FaultKind::bad_gateway:
      return failure(502, "Bad Gateway");
    case FaultKind::late_gateway:
      return failure(504, "Gateway Timeout");
    case FaultKind::html:
      return answer_of(200, std::string(odd_page), html_type);
    case FaultKind::login_page:
      return login_answer();
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
    case FaultKind::trickle:
      answer.drip = std::chrono::minutes(10);
      break;
    case FaultKind::midnight_24:
    case FaultKind::leap_second:
      body = with_odd_midnights(body, kind == FaultKind::leap_second ? "23:59:60" : "24:00:00");
      break;
    case FaultKind::cut:
      answer.delivery = SimDelivery::cut;
      break;
    case FaultKind::garbled:
      answer.delivery = SimDelivery::garbled;
      break;
    case FaultKind::bomb:
      answer.delivery = SimDelivery::bomb;
      break;
    case FaultKind::wrong_charset:
      misname_charset(answer.response.headers);
      pad(answer.response, 1, now);
      break;
    case FaultKind::clock_behind:
    case FaultKind::clock_ahead:
      answer.response.headers.add(
          "Date", print_http_date(kind == FaultKind::clock_ahead ? now + skew : now - skew));
      break;
    case FaultKind::cached:
      answer.response.headers.add("Age", cached_for_s);
      break;
    case FaultKind::empty:
      body.clear();
      break;
    case FaultKind::restamped:
    case FaultKind::swelled:
      pad(answer.response, kind == FaultKind::swelled ? swelled_bytes : 1, now);
      break;
    case FaultKind::nextless:
      remove_header(answer.response.headers, "Link");
      body = with_list_fault(body, kind);
      break;
    case FaultKind::one_unreadable:
      // The item itself is broken, and so no validator is the sound list's.
      remove_header(answer.response.headers, "ETag");
      remove_header(answer.response.headers, "Last-Modified");
      body = with_list_fault(body, kind);
      break;
    default:
      body = with_list_fault(body, kind);
  }
}

HttpRequest without_cursor(const HttpRequest& request) {
  HttpRequest first = request;
  auto url = boost::urls::parse_uri(request.url);
  if (url) {
    boost::urls::url stripped(*url);
    for (const char* name : cursor_names) stripped.params().erase(name);
    first.url = std::string(stripped.buffer());
  }
  if (const auto at = expanded_cursor(first.url)) first.url.erase(at->open, at->end - at->open);
  auto body = nlohmann::ordered_json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  if (body.is_object()) {
    for (const char* name : {"cursor", "search_id"}) body.erase(name);
    first.body = json_bytes(body);
  }
  return first;
}

std::string cursor_in(const HttpRequest& request) {
  if (const auto at = expanded_cursor(request.url))
    return request.url.substr(at->from, at->to - at->from);
  const auto url = boost::urls::parse_uri(request.url);
  if (url) {
    for (const auto parameter : url->params()) {
      const auto is_it = [&](const char* name) { return parameter.key == name; };
      if (std::any_of(std::begin(cursor_names), std::end(cursor_names), is_it))
        return parameter.value;
    }
  }
  const auto body =
      nlohmann::ordered_json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object() || !body.contains("cursor")) return {};
  return body["cursor"].is_string() ? body["cursor"].get<std::string>() : body["cursor"].dump();
}

}  // namespace pw
