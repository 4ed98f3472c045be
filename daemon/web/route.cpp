#include "daemon/web/route.h"

#include <array>

namespace pw {
namespace {

constexpr std::array rows = {
    RouteRow{WebPage::board, "GET", "/", Role::everybody},
    RouteRow{WebPage::account, "GET", "/accounts/{number}", Role::reader},
    RouteRow{WebPage::queue, "GET", "/review", Role::reader},
    RouteRow{WebPage::queue_decide, "POST", "/review/{id}", Role::reviewer},
    RouteRow{WebPage::health, "GET", "/health", Role::reader},
    RouteRow{WebPage::sign_in, "GET", "/sign-in", Role::everybody},
    RouteRow{WebPage::sign_in_try, "POST", "/sign-in", Role::everybody},
    RouteRow{WebPage::sign_out, "POST", "/sign-out", Role::everybody},
    RouteRow{WebPage::asset, "GET", "/assets/{name}", Role::everybody},
    RouteRow{WebPage::events, "GET", "/events", Role::everybody},
    RouteRow{WebPage::api_openapi, "GET", "/api/v1/openapi.json", Role::everybody},
    RouteRow{WebPage::api_me, "GET", "/api/v1/me", Role::everybody},
    RouteRow{WebPage::api_board, "GET", "/api/v1/board", Role::everybody},
    RouteRow{WebPage::api_cells, "GET", "/api/v1/cells", Role::reader},
    RouteRow{WebPage::api_accounts, "GET", "/api/v1/accounts", Role::reader},
    RouteRow{WebPage::api_account, "GET", "/api/v1/accounts/{number}", Role::reader},
    RouteRow{WebPage::api_verdicts, "GET", "/api/v1/verdicts", Role::reader},
    RouteRow{WebPage::api_findings, "GET", "/api/v1/findings", Role::reader},
    RouteRow{WebPage::api_finding, "GET", "/api/v1/findings/{id}", Role::reader},
    RouteRow{WebPage::api_reviews, "GET", "/api/v1/findings/{id}/reviews", Role::reader},
    RouteRow{WebPage::api_review, "POST", "/api/v1/findings/{id}/reviews", Role::reviewer},
    RouteRow{WebPage::api_health, "GET", "/api/v1/health", Role::reader},
    RouteRow{WebPage::api_sinks, "GET", "/api/v1/sinks", Role::reader},
    RouteRow{WebPage::api_connectors, "GET", "/api/v1/connectors", Role::reader},
    RouteRow{WebPage::api_action, "GET", "/api/v1/outbox", Role::reader},
    RouteRow{WebPage::api_action, "POST", "/api/v1/outbox/resend", Role::operator_},
    RouteRow{WebPage::api_action, "GET", "/api/v1/silences", Role::reader},
    RouteRow{WebPage::api_action, "POST", "/api/v1/silences", Role::operator_},
    RouteRow{WebPage::api_action, "POST", "/api/v1/silences/{id}/end", Role::operator_},
    RouteRow{WebPage::api_action, "GET", "/api/v1/campaign", Role::reader},
    RouteRow{WebPage::api_action, "POST", "/api/v1/campaign/{event}", Role::operator_},
    RouteRow{WebPage::api_action, "POST", "/api/v1/observations", Role::reviewer},
    // Whatever else the daemon offers.
    RouteRow{WebPage::api_action, "GET", "/api/v1/**", Role::operator_},
    RouteRow{WebPage::api_action, "POST", "/api/v1/**", Role::operator_},
    RouteRow{WebPage::api_action, "DELETE", "/api/v1/**", Role::operator_},
    RouteRow{WebPage::metrics, "GET", "/metrics", Role::reader},
    RouteRow{WebPage::healthz, "GET", "/healthz", Role::everybody},
    RouteRow{WebPage::readyz, "GET", "/readyz", Role::everybody},
    RouteRow{WebPage::log_checkpoint, "GET", "/log/checkpoint", Role::everybody},
    RouteRow{WebPage::log_key, "GET", "/log/log.vkey", Role::everybody},
    RouteRow{WebPage::log_file, "GET", "/log/**", Role::everybody},
    // A WebSub hub: whoever knows the key. X: whoever can sign.
    RouteRow{WebPage::hub, "GET", "/hub/{key}", Role::everybody},
    RouteRow{WebPage::hub, "POST", "/hub/{key}", Role::everybody},
};

std::string_view next_part(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view part = path.substr(0, path.find('/'));
  path.remove_prefix(part.size());
  return part;
}

// What stands in the row's place, when the path is the row's.
std::optional<std::string> match(std::string_view path, const std::vector<std::string>& segments) {
  std::string rest;
  std::size_t at = 0;
  while (path.size() > 1) {
    const std::string_view part = next_part(path);
    if (at == segments.size()) return std::nullopt;
    if (part == "**") {
      for (; at < segments.size(); ++at) rest += (rest.empty() ? "" : "/") + segments[at];
      return rest;
    }
    if (part.starts_with('{')) {
      rest = segments[at];
    } else if (part != segments[at]) {
      return std::nullopt;
    }
    ++at;
  }
  return at == segments.size() ? std::optional(rest) : std::nullopt;
}

}  // namespace

std::span<const RouteRow> route_rows() { return rows; }

std::optional<WebRoute> route_of(std::string_view method, const WebTarget& target,
                                 NoWebRoute& none) {
  const std::string_view asked = method == "HEAD" ? "GET" : method;
  for (const RouteRow& row : rows) {
    auto rest = match(row.path, target.segments);
    if (!rest) continue;
    if (row.method == asked) return WebRoute{row.page, row.least, *std::move(rest)};
    none.status = 405;
    none.allow += (none.allow.empty() ? "" : ", ") + std::string(row.method);
  }
  return std::nullopt;
}

}  // namespace pw
