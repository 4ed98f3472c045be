// Which question a request asks. One table: the least role, the method, the
// path; the OpenAPI document and its test go by the same. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/web/access.h"
#include "daemon/web/target.h"

namespace pw {

enum class WebPage : std::uint8_t {
  board,
  account,
  queue,
  queue_decide,
  health,
  sign_in,
  sign_in_try,
  sign_out,
  asset,
  events,
  api_openapi,
  api_board,
  api_cells,
  api_accounts,
  api_account,
  api_verdicts,
  api_findings,
  api_finding,
  api_reviews,
  api_review,
  api_health,
  api_sinks,
  api_connectors,
  api_me,
  api_action,
  metrics,
  healthz,
  readyz,
  log_checkpoint,
  log_key,
  log_file,
  hub,
};

struct RouteRow {
  WebPage page;
  std::string_view method;
  std::string_view path;  // "{number}" one segment; "**" at the end: one or more
  Role least = Role::reader;
};
std::span<const RouteRow> route_rows();

struct WebRoute {
  WebPage page = WebPage::board;
  Role least = Role::reader;
  std::string rest{};  // what stands in the place of {…} or **
};

struct NoWebRoute {
  int status = 404;  // or 405
  std::string allow{};
};

// HEAD asks what GET asks.
std::optional<WebRoute> route_of(std::string_view method, const WebTarget& target,
                                 NoWebRoute& none);

}  // namespace pw
