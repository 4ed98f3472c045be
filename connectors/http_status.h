// What an answer's status line and common headers say before anybody reads its
// body, and what a body is that is not what was asked for.
#pragma once

#include <optional>
#include <string>

#include "connectors/connector.h"

namespace pw {

// Retry-After in both forms (RFC 9110 section 10.2.3): seconds, or a date,
// counted from the answer's own Date where it has one, since the peer's clock
// made both. Between 0 and 7 days.
std::optional<Millis> retry_after(const HttpResponse& response);

// Nothing for 200; for every other status its class:
//   304 not modified; 401 refused (for `authority`: the credential, or the host
//   where none is used); 403 refused, or rate_limited where the limits' headers
//   say so; 404 and 451 not_visible; 410 gone; 408, 425 and 5xx unreachable (for
//   the host); 420 and 429 rate_limited (for `authority`); a redirect that was
//   not followed: refused when it leads to a login, else unreachable; other
//   4xx refused; any other 2xx malformed, since it is no whole answer.
std::optional<Trouble> trouble_of_status(const HttpResponse& response, Scope authority);

// For an answer of status 200 whose body is not in the expected format: refused
// when it is recognisably a login page or a challenge, else malformed.
Trouble trouble_of_body(const HttpResponse& response, std::string_view expected);

// True when the body starts like an HTML document.
bool is_html(const HttpResponse& response);

// The scope of a limit or refusal that concerns whoever asked.
inline Scope authority_of(const Query& query) {
  return query.credential ? Scope::credential : Scope::host;
}

}  // namespace pw
