// One account: what may be said of it now, and what that rests on. Pure.
#pragma once

#include <string>

#include "daemon/web/html.h"
#include "daemon/web/model.h"

namespace pw {

std::string account_page(const PageContext& context, const AccountModel& account, Instant now);

// A post with its text, its link and what the platform claims.
std::string print_post(const FindingModel& finding);
// Who said what; where people disagree, that too.
std::string print_words(const FindingModel& finding);
// "1 of 2 people confirm".
std::string standing_words(const FindingModel& finding);

}  // namespace pw
