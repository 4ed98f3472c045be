// A judgement as JSON; internal to the ledger, since it shows the JSON library.
#pragma once

#include <nlohmann/json.hpp>

#include "daemon/ledger/judgement.h"

namespace pw {

// What everybody must come to: no prose, times in UTC.
nlohmann::json judgement_json(const Judgement& judgement);
nlohmann::json account_json(const AccountVerdict& verdict);

}  // namespace pw
