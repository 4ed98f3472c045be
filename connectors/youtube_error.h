// Errors of Google's Data API as Trouble. Included by youtube's sources only,
// since it shows the JSON library.
#pragma once

#include "connectors/connector.h"
#include "connectors/json.h"

namespace pw {

// Quota comes back at midnight Pacific time, which is 07:00 or 08:00 UTC by the
// season: the nearer of the two is the time to ask again.
Millis until_quota_returns(Instant now);

// Nothing when the answer is no error. The error's `reason` decides where there
// is one, the status otherwise.
std::optional<Trouble> trouble_of_google(const Query& query, const HttpResponse& response);

}  // namespace pw
