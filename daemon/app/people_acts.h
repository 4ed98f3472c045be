// The API's routes for what people do beyond reading pages and deciding there: the
// outbox, silences, the campaign's state. The same for the daemon's
// socket and for commands while no daemon runs.
#pragma once

#include "daemon/app/people.h"
#include "daemon/web/backend.h"

namespace pw {

// The caller's role was checked against the route's.
ActionDone act(People& people, const ActionAsk& ask);

// Findings and reviews too, which in the daemon are the site's: for commands that
// work on the store. `needs`: how many people must confirm.
ActionDone act_at_rest(People& people, const ActionAsk& ask, int needs);

// A finding as pages and the API show it.
FindingModel model_of(const FindingView& view, int needs);

}  // namespace pw
