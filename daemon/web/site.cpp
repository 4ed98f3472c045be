#include "daemon/web/site.h"

#include <algorithm>

#include "daemon/web/etag.h"
#include "daemon/web/json_views.h"

namespace pw {
namespace {

// Script and style come from this server alone, none stands in a page; nobody
// frames a page, no form leaves (CSP Level 3).
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
    "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

bool is_api(const WebTarget& target) {
  return !target.segments.empty() &&
         (target.segments[0] == "api" || target.segments[0] == "metrics" ||
          target.segments[0] == "events" || target.segments[0] == "log");
}

}  // namespace

void add_guards(WebAnswer& answer) {
  answer.set("Content-Security-Policy", policy);
  answer.set("X-Content-Type-Options", "nosniff");
  // Not no-referrer: with it browsers send `Origin: null` from our own forms.
  answer.set("Referrer-Policy", "same-origin");
  answer.set("Cross-Origin-Opener-Policy", "same-origin");
  answer.set("Cross-Origin-Resource-Policy", "same-origin");
  answer.set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
  const bool has_cache = std::any_of(answer.headers.begin(), answer.headers.end(),
                                     [](const WebHeader& h) { return h.name == "Cache-Control"; });
  if (!has_cache) answer.set("Cache-Control", "no-store");
}

void validate(WebAnswer& answer, const WebRequest& request) {
  if (answer.status != 200 || answer.stream) return;
  const std::string tag = etag_of(answer.body);
  answer.set("ETag", tag);
  answer.set("Cache-Control", "private, no-cache");
  const auto known = request.header("if-none-match");
  if (!known || !has_etag(*known, tag)) return;
  answer.status = 304;
  answer.body.clear();
}

WebAnswer json_answer(std::string body, int status) {
  WebAnswer answer;
  answer.status = status;
  answer.type = "application/json";
  answer.body = std::move(body);
  return answer;
}

WebAnswer problem(int status, std::string_view detail) {
  WebAnswer answer = json_answer(problem_json(status, detail), status);
  answer.type = "application/problem+json";
  return answer;
}

bool Site::has_wrong_token(const WebRequest& request) const {
  const bool has_field =
      std::any_of(request.headers.begin(), request.headers.end(),
                  [](const WebHeader& field) { return field.name == "authorization"; });
  if (!has_field) return false;
  const auto token = bearer_in(request);
  return !token || find_by_token(backend_.reviewers(), *token) == nullptr;
}

Caller Site::caller_of(const WebRequest& request) const {
  if (const auto token = bearer_in(request)) {
    const Reviewer* person = find_by_token(backend_.reviewers(), *token);
    if (person != nullptr) return {person->role, person->name, ShownBy::bearer, {}};
  }
  // The socket's mode lets in nobody but the daemon's own user and root.
  if (request.peer.local_socket) {
    Reviewer person = local_person(backend_.reviewers(), request.peer.uid);
    return {person.role, std::move(person.name), ShownBy::local_socket, {}};
  }
  if (const auto cookie = cookie_in(request)) {
    const auto token = sessions_.find(*cookie, backend_.now());
    const Reviewer* person = token ? find_by_digest(backend_.reviewers(), *token) : nullptr;
    if (person != nullptr) return {person->role, person->name, ShownBy::cookie, *cookie};
  }
  return {options_.anonymous, {}, ShownBy::nothing, {}};
}

WebAnswer Site::refuse(const WebTarget& target, const Caller& caller, int status,
                       std::string_view why) {
  if (is_api(target)) {
    WebAnswer answer = problem(status, why);
    if (status == 401) answer.set("WWW-Authenticate", "Bearer realm=\"pledgewatch\"");
    return answer;
  }
  WebAnswer answer;
  answer.status = status;
  answer.body = error_page(context_of(caller, ""), status, why);
  return answer;
}

WebAnswer Site::answer(const WebRequest& request) {
  WebAnswer answer;
  const auto target = parse_web_target(request.target);
  NoWebRoute none;
  std::optional<WebRoute> found;
  if (target) found = route_of(request.method, *target, none);
  const Caller caller = caller_of(request);
  const WebTarget nowhere;
  if (const std::string trouble = host_trouble(request, options_.hosts); !trouble.empty()) {
    answer = problem(421, trouble);
  } else if (!target) {
    answer = problem(400, "the target is not one path of this server");
  } else if (has_wrong_token(request)) {
    answer = problem(401, "this token is nobody's");
    answer.set("WWW-Authenticate", "Bearer realm=\"pledgewatch\", error=\"invalid_token\"");
  } else if (!found) {
    answer = refuse(*target, caller, none.status,
                    none.status == 405 ? "not by this method" : "nothing goes by that name here");
    if (none.status == 405) answer.set("Allow", none.allow);
  } else if (caller.role < found->least) {
    answer = refuse(*target, caller, caller.name.empty() ? 401 : 403,
                    "this takes the role of " + std::string(name_of(found->least)) +
                        "; sign in with a token of one");
  } else {
    answer = route({request, *target, *found, caller});
  }
  add_guards(answer);
  return answer;
}

WebAnswer Site::route(const Ask& ask) {
  switch (ask.route.page) {
    case WebPage::board:
    case WebPage::account:
    case WebPage::queue:
    case WebPage::queue_decide:
    case WebPage::health:
    case WebPage::sign_in:
    case WebPage::sign_in_try:
    case WebPage::sign_out:
      return page(ask);
    case WebPage::asset:
    case WebPage::events:
    case WebPage::metrics:
    case WebPage::healthz:
    case WebPage::readyz:
    case WebPage::log_checkpoint:
    case WebPage::log_key:
    case WebPage::log_file:
    case WebPage::hub:
      return plain(ask);
    default:
      return api(ask);
  }
}

}  // namespace pw
