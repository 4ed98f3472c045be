#include "daemon/rehearsal/graph_answer.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/json_bytes.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

std::string trace_id(const SimRequest& request, Instant now) {
  return "A" + print_hex(sha256(request.path + std::to_string(ms_of(now)))).substr(0, 22);
}

// How much of its hour the asker has used, as whole percentages.
std::string usage_of(int percent) {
  return json_bytes(ordered_json{
      {"call_count", percent}, {"total_cputime", percent / 3}, {"total_time", percent * 2 / 5}});
}

const SimCredential* credential_of(const Population& population, std::string_view token) {
  const auto& known = population.credentials;
  const auto it = std::find_if(known.begin(), known.end(),
                               [&](const SimCredential& one) { return one.token == token; });
  return it == known.end() ? nullptr : &*it;
}

std::int64_t seconds_of(std::optional<Instant> t) { return t ? ms_of(*t) / 1000 : 0; }

}  // namespace

HttpResponse print_graph_error(const GraphError& error, const SimRequest& request, Instant now) {
  ordered_json body;
  body["message"] = error.message;
  body["type"] = error.type;
  if (error.transient) body["is_transient"] = true;
  body["code"] = error.code;
  if (error.subcode != 0) body["error_subcode"] = error.subcode;
  if (!error.title.empty()) body["is_transient"] = error.transient;
  if (!error.title.empty()) body["error_user_title"] = error.title;
  if (!error.text.empty()) body["error_user_msg"] = error.text;
  body["fbtrace_id"] = trace_id(request, now);
  HttpResponse response = answer_of(error.status, json_bytes(ordered_json{{"error", body}}),
                                    "application/json; charset=UTF-8");
  if (error.code == 190) {
    response.headers.add("WWW-Authenticate",
                         "OAuth \"Facebook Platform\" \"invalid_token\" \"" + error.message + '"');
  }
  return response;
}

std::optional<GraphError> token_error(const SimRequest& request, const Population& population,
                                      Instant now) {
  if (request.token.empty()) {
    return GraphError{.code = 104,
                      .message = "An access token is required to request this resource."};
  }
  if (population.credentials.empty()) return std::nullopt;
  const SimCredential* known = credential_of(population, request.token);
  if (known == nullptr)
    return GraphError{.code = 190,
                      .message = "Invalid OAuth access token - Cannot parse access token"};
  if (known->expires && now >= *known->expires) return graph_refusal(FaultKind::token_expired, 0);
  return std::nullopt;
}

bool asks_of_token(const SimRequest& request) {
  const auto parts = split_path(request.path);
  return parts.size() == 2 && parts[1] == "debug_token";
}

HttpResponse tell_of_token(const SimRequest& request, const Population& population, Instant now) {
  if (const auto error = token_error(request, population, now))
    return print_graph_error(*error, request, now);
  const std::string token(request.parameter("input_token").value_or(""));
  const SimCredential* known = credential_of(population, token);
  ordered_json data;
  if (known == nullptr && !population.credentials.empty()) {
    data = {{"error", {{"code", 190}, {"message", "Invalid OAuth access token."}}},
            {"is_valid", false},
            {"scopes", ordered_json::array()}};
  } else {
    const SimCredential any;
    const SimCredential& credential = known ? *known : any;
    data = {{"app_id", "4217"},
            {"type", "USER"},
            {"application", credential.app},
            {"data_access_expires_at", seconds_of(credential.data_access_expires)},
            {"expires_at", seconds_of(credential.expires)},
            {"is_valid", !credential.expires || now < *credential.expires},
            {"scopes", {"instagram_basic", "pages_read_engagement"}},
            {"user_id", credential.user_id}};
  }
  return answer_of(200, json_bytes(ordered_json{{"data", data}}),
                   "application/json; charset=UTF-8");
}

GraphError unknown_object(std::string_view id) {
  return {.code = 100,
          .subcode = 33,
          .message = "Unsupported get request. Object with ID '" + std::string(id) +
                     "' does not exist, cannot be loaded due to missing permissions, or does not "
                     "support this operation",
          .type = "GraphMethodException"};
}

GraphError over_limit(bool app, int code) {
  if (app) {
    return {.status = 403,
            .code = 4,
            .message = "(#4) Application request limit reached",
            .transient = true};
  }
  const std::string who = code == 32 ? "Page" : "User";
  return {.code = code,
          .message = "(#" + std::to_string(code) + ") " + who + " request limit reached",
          .transient = true};
}

GraphError graph_refusal(FaultKind kind, int limit_code) {
  if (kind == FaultKind::token_expired || kind == FaultKind::closed) {
    return {.code = 190,
            .subcode = 463,
            .message = "Error validating access token: Session has expired."};
  }
  return over_limit(kind == FaultKind::app_limited, limit_code);
}

HttpResponse answer_within_limit(const SimRequest& request, const LimitState& limit, int code,
                                 Instant now, const std::function<HttpResponse()>& within) {
  HttpResponse response = limit.exceeded()
                              ? print_graph_error(over_limit(/*app=*/false, code), request, now)
                              : within();
  add_graph_headers(response, request, now, limit.used * 100 / std::max(1, limit.rule.requests));
  return response;
}

std::string print_graph_time(Instant t) { return print_rfc3339(t).substr(0, 19) + "+0000"; }

void add_graph_headers(HttpResponse& response, const SimRequest& request, Instant now,
                       int percent) {
  // Sent only once enough calls were made (platforms-meta 1.3).
  if (percent >= 5) response.headers.add("x-app-usage", usage_of(percent));
  response.headers.add("facebook-api-version", "v25.0");
  response.headers.add("x-fb-request-id", trace_id(request, now));
  response.headers.add("x-fb-trace-id", trace_id(request, now).substr(0, 11));
}

}  // namespace pw
