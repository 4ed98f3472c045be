#include "connectors/meta_error.h"

#include <algorithm>
#include <array>
#include <string>

#include "connectors/http_status.h"
#include "connectors/json.h"
#include "connectors/rate_limit.h"

namespace pw {
namespace {

struct Row {
  std::int64_t code;
  std::int64_t subcode;  // 0: any
  Outcome outcome;
  Scope scope;
  std::string_view meaning;
};

// The first row that fits. Codes 4 and 341 stop the whole app, 17 and the token's
// own failures only the token; 613 is a limit of the app's making and is treated
// as the app's, since waiting too widely costs less than lengthening a block.
constexpr std::array rows = {
    Row{1, 0, Outcome::unreachable, Scope::account,
        "the platform failed, or the page is too large"},
    Row{2, 0, Outcome::unreachable, Scope::account, "the service is down for now"},
    Row{3, 0, Outcome::refused, Scope::app, "the app lacks the capability"},
    Row{4, 0, Outcome::rate_limited, Scope::app, "the app's limit is reached"},
    Row{10, 0, Outcome::refused, Scope::credential, "a permission is missing or not approved"},
    Row{17, 0, Outcome::rate_limited, Scope::credential, "the token's limit is reached"},
    Row{21, 0, Outcome::renamed, Scope::account,
        "the Page's id has migrated to another: the roster needs the new one"},
    Row{24, 0, Outcome::not_visible, Scope::account, "not found, or not permitted"},
    Row{25, 0, Outcome::refused, Scope::credential, "the operator's own account is restricted"},
    Row{32, 0, Outcome::rate_limited, Scope::credential, "the token's Pages limit is reached"},
    Row{100, 33, Outcome::not_visible, Scope::account, "no such object, or not visible to us"},
    Row{102, 0, Outcome::refused, Scope::credential, "the session is invalid"},
    Row{104, 0, Outcome::refused, Scope::credential, "no token was sent"},
    Row{110, 0, Outcome::not_visible, Scope::account,
        "no professional account of this name is visible"},
    Row{190, 458, Outcome::refused, Scope::credential, "the token's app was removed"},
    Row{190, 459, Outcome::refused, Scope::credential, "the token's owner must log in and confirm"},
    Row{190, 460, Outcome::refused, Scope::credential, "the token ended with a new password"},
    Row{190, 463, Outcome::refused, Scope::credential, "the token has expired"},
    Row{190, 464, Outcome::refused, Scope::credential, "the token's owner is not confirmed"},
    Row{190, 492, Outcome::refused, Scope::credential, "the token lost its role on the Page"},
    Row{190, 0, Outcome::refused, Scope::credential, "the token is invalid"},
    Row{341, 0, Outcome::rate_limited, Scope::app, "the app's limit is reached"},
    Row{368, 0, Outcome::refused, Scope::credential,
        "blocked for policy reasons: a person must look"},
    Row{613, 0, Outcome::rate_limited, Scope::app, "a custom limit of the app is reached"},
    Row{803, 0, Outcome::not_visible, Scope::account, "no Page of this name is visible"},
    Row{2500, 0, Outcome::refused, Scope::account, "the request's fields were not understood"},
};

std::string print_code(const MetaError& error) {
  std::string out = "Graph API error " + std::to_string(error.code);
  if (error.subcode != 0) out += '/' + std::to_string(error.subcode);
  return out;
}

std::optional<Millis> wait_of(const HttpResponse& response) {
  if (const auto wait = retry_after(response)) return wait;
  const Headroom room = headroom_of(response);
  if (!room.resets_at || *room.resets_at <= response.received) return std::nullopt;
  return *room.resets_at - response.received;
}

Trouble of_class(const MetaError& error, const HttpResponse& response, Outcome outcome, Scope scope,
                 std::string_view meaning) {
  Trouble trouble{.outcome = outcome, .scope = scope};
  trouble.detail = print_code(error) + ": " + std::string(meaning);
  if (outcome == Outcome::rate_limited) trouble.retry_after = wait_of(response);
  return trouble;
}

Trouble of_unknown_code(const MetaError& error, const HttpResponse& response) {
  // Pages 80001, Instagram 80002, the others those of advertising and messages.
  if (error.code >= 80000 && error.code <= 80014) {
    return of_class(error, response, Outcome::rate_limited, Scope::credential,
                    "the business limit is reached");
  }
  // Threads names some errors instead of counting them, all about what the app or
  // the token may not do (THREADS_API__FEATURE_NOT_AVAILABLE).
  if (error.is_named) {
    return of_class(error, response, Outcome::refused, Scope::credential,
                    "a feature is not available to this token");
  }
  if (error.code >= 200 && error.code <= 299) {
    return of_class(error, response, Outcome::refused, Scope::credential,
                    "a permission is missing");
  }
  if (error.transient) {
    return of_class(error, response, Outcome::unreachable, Scope::account, "said to pass");
  }
  if (auto trouble = trouble_of_status(response, Scope::credential)) {
    trouble->detail = print_code(error) + ", " + trouble->detail;
    return *trouble;
  }
  return of_class(error, response, Outcome::malformed, Scope::account, "an error with status 200");
}

}  // namespace

std::optional<MetaError> meta_error_in(std::string_view body) {
  const auto root = parse_json(body);
  JsonObject object;
  if (!root || root->get(object)) return std::nullopt;
  const auto error = json_object(object, "error");
  if (!error) return std::nullopt;
  MetaError read{.code = json_integer(*error, "code").value_or(0),
                 .subcode = json_integer(*error, "error_subcode").value_or(0),
                 .transient = json_flag(*error, "is_transient").value_or(false)};
  read.is_named = read.code == 0 && json_text(*error, "code").value_or("").starts_with("THREADS_");
  return read;
}

Trouble trouble_of(const MetaError& error, const HttpResponse& response, bool paging) {
  for (const Row& row : rows) {
    if (row.code != error.code || (row.subcode != 0 && row.subcode != error.subcode)) continue;
    return of_class(error, response, row.outcome, row.scope, row.meaning);
  }
  if (error.code == 100 && paging) {
    return of_class(error, response, Outcome::unreachable, Scope::account,
                    "the paging cursor has died; the list is read anew");
  }
  if (error.code == 100) {
    return of_class(error, response, Outcome::refused, Scope::account,
                    "an invalid parameter, or the app's proof is missing");
  }
  return of_unknown_code(error, response);
}

}  // namespace pw
