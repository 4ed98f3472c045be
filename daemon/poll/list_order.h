// In whose order the list stands that a look has read.
#pragma once

#include "daemon/poll/observe.h"

namespace pw {

// As declared, unless the platform's server ought to stamp every post and has not: then
// it may have let the poster choose the time, and with it the place.
ListKind order_of(const Before& before, const Reach& reach);

}  // namespace pw
