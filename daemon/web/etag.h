// Validators: who has the newest version already is told so in 40 bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pw {

// Strong: equal tags, equal bytes.
std::string etag_of(std::string_view body);

// If-None-Match (RFC 9110 section 13.1.2): `*`, or a list with this tag in it,
// compared weakly.
bool has_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace pw
