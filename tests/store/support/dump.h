// All that a store says, as one text, for comparing stores.
#pragma once

#include <string>

#include "daemon/store/store.h"

namespace pw {

std::string dump(Store& store);

}  // namespace pw
