// Names of time zones as people get them wrong.
#pragma once

#include <string>
#include <string_view>

namespace pw {

// The zone that was likely meant, or `also` where that is nearer, or empty: a
// typo of an IANA name, or a city without its continent.
std::string nearest_zone(std::string_view name, std::string_view also);

}  // namespace pw
