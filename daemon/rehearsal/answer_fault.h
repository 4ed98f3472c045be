// What a fault makes of an answer, or puts in its place.
#pragma once

#include <optional>
#include <string>

#include "daemon/rehearsal/fault.h"
#include "daemon/rehearsal/world.h"

namespace pw {

// Somebody's login page, at its own path.
bool is_login(const HttpRequest& request);
HttpResponse login_answer();

// What comes in place of any answer of the platform's own; nothing where the fault
// spoils one, or where the platform has its own words for it.
std::optional<HttpResponse> answer_instead(const SimRequest& request, FaultKind kind);

// What becomes of the platform's own answer to `request`, given at `now`.
void spoil(SimAnswer& answer, FaultKind kind, Instant now);

// The same request for the first page, whatever the platform calls its cursor.
HttpRequest without_cursor(const HttpRequest& request);

// That cursor; empty for a request of the first page.
std::string cursor_in(const HttpRequest& request);

}  // namespace pw
