// Cheap checks of many accounts at once: how often, and what one says. Pure.
#pragma once

#include <span>

#include "connectors/connector.h"
#include "daemon/poll/meter.h"

namespace pw {

// What an answer says of an account whose last token is `known`.
enum class ProbeWord {
  unchanged,  // and the platform's facts make that a proof: a look may say so
  changed,    // look at it
  no_proof,   // as before, which proves nothing here: look at it as planned
  no_answer,  // for this account at least
};
ProbeWord word_of(ProbeProves proves, const std::string& known, const ProbeReading& reading);

// Half a minute between two rounds, or as long as a tenth of the lane's budget
// allows where that is known per call; zero where the connector has no such
// checks, or they would save nothing.
Millis batch_spacing(const Declaration& declared, std::span<const Budget> budgets);

}  // namespace pw
