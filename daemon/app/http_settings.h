// How this program speaks HTTP, from its configuration and environment.
#pragma once

#include "config/config.h"
#include "daemon/http/client.h"

namespace pw {

HttpOptions http_options(const Config& config);

}  // namespace pw
