// What all simulated platforms of Meta answer alike: errors, tokens, usage
// (platforms-meta 1, read 2026-10).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/rehearsal/platform.h"

namespace pw {

struct GraphError {
  int status = 400;
  int code = 0;
  int subcode = 0;
  std::string message{};
  std::string type = "OAuthException";
  bool transient = false;
  std::string title{};
  std::string text{};
};

HttpResponse print_graph_error(const GraphError& error, const SimRequest& request, Instant now);

// A missing token, or one that is none of the population's or has run out; nothing
// when it is welcome.
std::optional<GraphError> token_error(const SimRequest& request, const Population& population,
                                      Instant now);

// GET /debug_token: what is known of the token in `input_token`. Nothing: another
// question.
bool asks_of_token(const SimRequest& request);
HttpResponse tell_of_token(const SimRequest& request, const Population& population, Instant now);

// 100/33: the answer for what is not there and for what must not be seen.
GraphError unknown_object(std::string_view id);

// Code 4 for the app, else `code` for the token.
GraphError over_limit(bool app, int code);

// What a fault asks for: a limit, or a token that has run out.
GraphError graph_refusal(FaultKind kind, int limit_code);

// "2026-09-16T14:02:39+0000": whole seconds, no colon.
std::string print_graph_time(Instant t);

// What `within` answers, or a refusal with `code` once the limit is passed; with the
// headers of every answer, which say how much of it is used.
HttpResponse answer_within_limit(const SimRequest& request, const LimitState& limit, int code,
                                 Instant now, const std::function<HttpResponse()>& within);

// The headers of every answer, with `percent` of the budget used; a usage below
// 5 % is not sent.
void add_graph_headers(HttpResponse& response, const SimRequest& request, Instant now, int percent);

}  // namespace pw
