// The dialects in which platforms say how much of their limits is left.
#pragma once

#include "connectors/connector.h"

namespace pw {

// Reads, and where several are present combines to the tightest:
//   RateLimit-Limit, -Remaining, -Reset and their X-RateLimit- and X-Rate-Limit-
//   forms, the reset being Unix seconds (Bluesky, X), Unix milliseconds, ISO 8601
//   with any fraction (Mastodon), or seconds from now (Reddit, as float text);
//   the structured fields RateLimit and RateLimit-Policy of the IETF httpapi
//   drafts, old ("limit=100, remaining=50, reset=5") and new ("a";r=50;t=5);
//   Meta's X-App-Usage, X-Page-Usage, X-Business-Use-Case-Usage and
//   X-Ad-Account-Usage, JSON with percentages, minutes and seconds. An absent header is unknown,
//   not zero.
// `response.received` anchors what counts from now. Values that make no sense
// are left out.
Headroom headroom_of(const HttpResponse& response);

}  // namespace pw
