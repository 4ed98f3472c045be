// Errors of Meta's Graph API, shared by its connectors.
#pragma once

#include <cstdint>
#include <optional>

#include "connectors/connector.h"

namespace pw {

struct MetaError {
  std::int64_t code = 0;     // 0: the body names none that is a number
  std::int64_t subcode = 0;  // 0: none
  bool transient = false;
  bool is_named = false;  // Threads: a name in the code's place
};

// The error that a body reports, whatever the status; nothing when it has none.
std::optional<MetaError> meta_error_in(std::string_view body);

// By code, then subcode, then status (platforms-meta.md 1.6, from the Graph API
// error reference, read 2026-10). Statuses are unreliable there: limits come as
// 400 and 403, bad tokens as 400, 401 and 500. `paging` says that the request
// carried a cursor, which dies when items come or go.
Trouble trouble_of(const MetaError& error, const HttpResponse& response, bool paging);

}  // namespace pw
