// Populations for tests: one that is small and written by hand, and the demo's.
#pragma once

#include "daemon/rehearsal/populate.h"
#include "daemon/rehearsal/world.h"

namespace pw {

inline Instant at(std::string_view text) { return parse_rfc3339(text).value(); }

// The accounts and posts of the reference documents' samples.
Population sample_population();

// As the demo makes it: sixty accounts, a window of two minutes.
PopulationOptions demo_options(std::uint64_t seed);

HttpRequest get(std::string url, std::vector<HttpHeader> headers = {});

// One exchange without limits or faults.
HttpResponse ask(const Population& population, const HttpRequest& request, Instant now);

std::string header_of(const HttpResponse& response, std::string_view name);

}  // namespace pw
