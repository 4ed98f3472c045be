// The texts of a demo's files, in the formats that an operator writes.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/rehearsal/expectation.h"
#include "daemon/rehearsal/population.h"

namespace pw {

std::string print_campaign_file(const Population& population, const PlanTerms& terms,
                                std::uint16_t port);
std::string print_roster_file(const Population& population);
std::string print_rule_file(const std::string& rule);

}  // namespace pw
