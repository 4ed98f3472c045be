#include "connectors/http_status.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "connectors/rate_limit.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

constexpr Millis wait_max = std::chrono::days(7);

Millis within_limits(Millis wait) { return std::clamp(wait, Millis{0}, wait_max); }

// How long until the limit's own reset, where the answer says so.
std::optional<Millis> until_reset(const HttpResponse& response) {
  const Headroom room = headroom_of(response);
  if (!room.resets_at || *room.resets_at <= response.received) return std::nullopt;
  return within_limits(*room.resets_at - response.received);
}

std::optional<Millis> wait_of(const HttpResponse& response) {
  if (const auto wait = retry_after(response)) return wait;
  return until_reset(response);
}

bool is_spent(const HttpResponse& response) {
  const Headroom room = headroom_of(response);
  return response.headers.find("retry-after").has_value() || room.remaining == 0 ||
         room.used.value_or(0) >= 1;
}

std::string say(int status, std::string_view what) {
  return "HTTP " + std::to_string(status) + ": " + std::string(what);
}

Trouble redirected(const HttpResponse& response) {
  const std::string_view target = response.headers.find("location").value_or("");
  if (is_login_address(target)) {
    return {.outcome = Outcome::refused,
            .scope = Scope::host,
            .detail = say(response.status, "redirected to a login page")};
  }
  return {.outcome = Outcome::unreachable,
          .scope = Scope::account,
          .detail = say(response.status, "a redirect that was not followed")};
}

Trouble forbidden(const HttpResponse& response, Scope authority) {
  if (is_spent(response)) {
    return {.outcome = Outcome::rate_limited,
            .scope = authority,
            .retry_after = wait_of(response),
            .detail = say(response.status, "over the limit")};
  }
  return {.outcome = Outcome::refused,
          .scope = Scope::account,
          .detail = say(response.status, "forbidden")};
}

Trouble server_failure(const HttpResponse& response) {
  return {.outcome = Outcome::unreachable,
          .scope = Scope::host,
          .retry_after = retry_after(response),
          .detail = say(response.status, "the server failed")};
}

constexpr std::array<std::string_view, 7> login_marks = {
    "type=\"password\"", "type='password'", "type=password",          "g-recaptcha",
    "h-captcha",         "cf-challenge",    "cf-browser-verification"};

bool has_login_mark(std::string_view html) {
  constexpr std::size_t looked_at = 256 * 1024;
  html = html.substr(0, looked_at);
  return std::any_of(login_marks.begin(), login_marks.end(), [&](std::string_view mark) {
    return find_ignoring_case(html, mark) != std::string_view::npos;
  });
}

}  // namespace

std::optional<Millis> retry_after(const HttpResponse& response) {
  const auto field = response.headers.find("retry-after");
  if (!field) return std::nullopt;
  const std::string_view text = trimmed(*field);
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc{} && end == text.data() + text.size()) {
    if (!(seconds >= 0)) return std::nullopt;
    const double capped = std::min(seconds, 604'800.0);
    return within_limits(Millis{static_cast<std::int64_t>(capped * 1000)});
  }
  const auto until = parse_http_date(text);
  if (!until) return std::nullopt;
  const auto date = response.headers.find("date");
  const auto sent = date ? parse_http_date(trimmed(*date)) : std::nullopt;
  return within_limits(*until - sent.value_or(response.received));
}

std::optional<Trouble> trouble_of_status(const HttpResponse& response, Scope authority) {
  const int status = response.status;
  const auto trouble = [&](Outcome outcome, Scope scope, std::string_view what) {
    return Trouble{.outcome = outcome, .scope = scope, .detail = say(status, what)};
  };
  if (status == 200) return std::nullopt;
  if (status == 304) {
    return Trouble{.outcome = Outcome::malformed, .detail = "not modified", .not_modified = true};
  }
  if (status == 420 || status == 429) {
    return Trouble{.outcome = Outcome::rate_limited,
                   .scope = authority,
                   .retry_after = wait_of(response),
                   .detail = say(status, "asked to wait")};
  }
  if (status == 401) return trouble(Outcome::refused, authority, "not authorised");
  if (status == 403) return forbidden(response, authority);
  if (status == 404) return trouble(Outcome::not_visible, Scope::account, "not found");
  if (status == 410) return trouble(Outcome::gone, Scope::account, "gone");
  if (status == 451) return trouble(Outcome::not_visible, Scope::account, "withheld by law");
  if (status >= 500 || status == 408 || status == 425) return server_failure(response);
  if (status >= 400) return trouble(Outcome::refused, Scope::account, "the request was refused");
  if (status >= 300) return redirected(response);
  if (status >= 200) return trouble(Outcome::malformed, Scope::account, "no whole answer");
  return trouble(Outcome::unreachable, Scope::account, "no answer");
}

bool is_html(const HttpResponse& response) {
  std::string_view body = std::string_view(response.body).substr(0, 4096);
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  body = trimmed(body);
  while (body.starts_with("<!--")) {
    const std::size_t end = body.find("-->");
    if (end == std::string_view::npos) return false;
    body = trimmed(body.substr(end + 3));
  }
  return find_ignoring_case(body.substr(0, 14), "<!doctype html") == 0 ||
         find_ignoring_case(body.substr(0, 5), "<html") == 0 ||
         find_ignoring_case(body.substr(0, 5), "<head") == 0 ||
         find_ignoring_case(body.substr(0, 5), "<body") == 0;
}

Trouble trouble_of_body(const HttpResponse& response, std::string_view expected) {
  if (is_html(response) &&
      (is_login_address(response.final_url) || has_login_mark(response.body))) {
    return {.outcome = Outcome::refused,
            .scope = Scope::host,
            .detail = "a login page or a challenge instead of " + std::string(expected)};
  }
  const std::string_view what = response.body.empty() ? "an empty body"
                                : is_html(response)   ? "an HTML page"
                                                      : "something else";
  return {.outcome = Outcome::malformed,
          .scope = Scope::account,
          .detail = std::string(what) + " instead of " + std::string(expected)};
}

}  // namespace pw
