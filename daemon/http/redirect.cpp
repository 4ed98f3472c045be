#include "daemon/http/redirect.h"

#include <algorithm>
#include <string_view>

#include "daemon/core/redact.h"

namespace pw {
namespace {

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool becomes_get(int status, std::string_view method) {
  if (method == "HEAD" || method == "GET") return false;
  return status == 303 || ((status == 301 || status == 302) && method == "POST");
}

// RFC 9110 section 15.4: fields that describe a body go with it.
bool describes_body(std::string_view name) {
  constexpr std::string_view prefix = "content-";
  return name.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), name.begin(),
                    [](char a, char b) { return a == b || (b >= 'A' && b <= 'Z' && a == b + 32); });
}

// The next request's target is judged with the allowance only where it is the
// same origin; a port that only the allowance opens is closed to others.
Result<Target> next_target(const std::string& url, const HttpRequest& request, const Target& from) {
  auto same = parse_target(url, request.allowance);
  if (same && same_origin(*same, from)) return same;
  return parse_target(url, nullptr);
}

}  // namespace

Result<std::optional<HttpRequest>> redirected(const HttpRequest& request, const Target& from,
                                              const HttpResponse& response,
                                              const std::vector<std::string>& visited) {
  const auto location = response.headers.find("location");
  if (!is_redirect(response.status) || !location || request.redirects == Redirects::refuse) {
    return std::optional<HttpRequest>{};
  }
  if (visited.size() > redirects_max) return Error{Errc::malformed, "more than five redirects"};
  const auto url = resolve_reference(from, *location);
  if (!url) return url.error();
  const auto target = next_target(*url, request, from);
  if (!target) return Error{target.error().code, "redirect: " + target.error().detail};
  if (from.scheme == Scheme::https && target->scheme == Scheme::http) {
    return Error{Errc::refused, "redirect from https to http"};
  }

  HttpRequest next = request;
  next.url = print_url(*target);
  if (becomes_get(response.status, request.method)) {
    next.method = "GET";
    next.body.clear();
    std::erase_if(next.headers,
                  [](const HttpHeader& header) { return describes_body(header.name); });
  }
  if (!same_origin(from, *target)) {
    if (!next.body.empty()) return Error{Errc::refused, "redirect of a body to another origin"};
    next.allowance = nullptr;
    next.key.reset();
    std::erase_if(next.headers,
                  [](const HttpHeader& header) { return is_secret_header(header.name); });
  }
  if (std::find(visited.begin(), visited.end(), next.url) != visited.end()) {
    return Error{Errc::malformed, "a redirect loop"};
  }
  return std::optional<HttpRequest>{std::move(next)};
}

}  // namespace pw
