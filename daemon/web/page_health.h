// How the daemon itself does, in plain words first. Pure.
#pragma once

#include <string>

#include "daemon/web/html.h"
#include "daemon/web/model.h"

namespace pw {

std::string health_page(const PageContext& context, const HealthModel& health);

// One line, the worst first, with what to do next: `status --brief`.
std::string brief_of(const HealthModel& health, const BoardModel& board);

}  // namespace pw
