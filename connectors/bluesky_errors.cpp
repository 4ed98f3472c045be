#include "connectors/bluesky_errors.h"

#include <algorithm>
#include <array>

#include "connectors/http_status.h"
#include "connectors/json.h"
#include "connectors/utf8.h"

namespace pw {
namespace {

struct Row {
  std::string_view error;
  Outcome outcome;
  Scope scope;
};

// By the error's name, whatever the status (XRPC; lexicons and server, read
// 2026-08). The account's own owner may deactivate it and come back.
constexpr std::array rows = {
    Row{"AccountTakedown", Outcome::suspended, Scope::account},
    Row{"RepoTakendown", Outcome::suspended, Scope::account},
    Row{"RepoSuspended", Outcome::suspended, Scope::account},
    Row{"AccountSuspended", Outcome::suspended, Scope::account},
    Row{"AccountDeactivated", Outcome::not_visible, Scope::account},
    Row{"RepoDeactivated", Outcome::not_visible, Scope::account},
    Row{"RepoNotFound", Outcome::not_visible, Scope::account},
    Row{"HandleNotFound", Outcome::not_visible, Scope::account},
    Row{"DidNotFound", Outcome::not_visible, Scope::account},
    Row{"BlockedActor", Outcome::not_visible, Scope::account},
    Row{"BlockedByActor", Outcome::not_visible, Scope::account},
    Row{"RateLimitExceeded", Outcome::rate_limited, Scope::host},
    Row{"AuthMissing", Outcome::refused, Scope::host},
    Row{"AuthenticationRequired", Outcome::refused, Scope::host},
    Row{"InvalidToken", Outcome::refused, Scope::host},
    Row{"ExpiredToken", Outcome::refused, Scope::host},
    Row{"Forbidden", Outcome::refused, Scope::account},
    Row{"XRPCNotSupported", Outcome::refused, Scope::host},
    Row{"MethodNotImplemented", Outcome::refused, Scope::host},
    Row{"UpstreamFailure", Outcome::unreachable, Scope::host},
    Row{"UpstreamTimeout", Outcome::unreachable, Scope::host},
    Row{"NotEnoughResources", Outcome::unreachable, Scope::host},
    Row{"InternalServerError", Outcome::unreachable, Scope::host},
};

// All of our parameters are valid, so what the server finds invalid is the
// account ("Profile not found", "Unable to resolve handle") or a dead cursor; the
// error's name tells them no further apart.
Trouble invalid_request(const Query& query, std::string_view message) {
  if (!query.cursor.empty() && find_ignoring_case(message, "cursor") != std::string_view::npos) {
    return {.outcome = Outcome::unreachable,
            .detail = "InvalidRequest: the paging cursor has died; the list is read anew"};
  }
  return {.outcome = Outcome::not_visible,
          .detail = "InvalidRequest: no such account, or taken down or deactivated"};
}

}  // namespace

std::optional<Trouble> bluesky_trouble(const Query& query, const HttpResponse& response) {
  auto trouble = trouble_of_status(response, authority_of(query));
  if (!trouble || trouble->not_modified) return trouble;
  const auto root = parse_json(response.body);
  JsonObject body;
  if (!root || root->get(body)) return trouble;
  const std::string error = json_id(body, "error").value_or("");
  // The reference AppView answers so to a cursor it can not read (captured
  // 2026-11-24, real_feed_bad_cursor.json); that concerns nobody else.
  if (error == "InternalServerError" && !query.cursor.empty()) {
    trouble->scope = Scope::account;
    return trouble;
  }
  if (error == "InvalidRequest" && response.status == 400) {
    return invalid_request(query, json_text(body, "message").value_or(""));
  }
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.error == error; });
  if (row == rows.end()) return trouble;
  trouble->outcome = row->outcome;
  trouble->scope = row->outcome == Outcome::rate_limited ? authority_of(query) : row->scope;
  trouble->detail = "HTTP " + std::to_string(response.status) + ": " + error;
  return trouble;
}

}  // namespace pw
