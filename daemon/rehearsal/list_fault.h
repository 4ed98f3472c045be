// What a platform's own mistakes make of the list in an answer of JSON.
#pragma once

#include <string>

#include "daemon/rehearsal/fault.h"

namespace pw {

// `body` with its first list of objects (by depth, then by order) changed as the
// kind says: emptied, shuffled, doubled, strange, unreadable, mangled, nextless,
// keyless, partial, one_unreadable or half_unreadable. As it was where it is no JSON or has no such
// list; of XML only the first title can be mangled.
std::string with_list_fault(const std::string& body, FaultKind kind);

// `body` with the last item of `page`'s list in front of its own, as it comes when
// something was published between the two requests.
std::string with_last_item_of(const std::string& page, const std::string& body);

}  // namespace pw
