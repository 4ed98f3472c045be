// Verdicts in words. Never a "kept" without its surfaces and its gap, never a
// number without what it is a part of. Times are UTC, so that the words are the
// same on any machine. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/ledger/judgement.h"

namespace pw {

// One sentence, as the design states it: what was looked for, where and how well,
// or why nothing can be said.
std::string sentence_of(const AccountVerdict& verdict);

// One phrase for each reason why the account cannot be called kept.
std::vector<std::string> reasons_of(const AccountVerdict& verdict);

// What a table shows: "kept (provisional)", "nothing seen so far", "broken".
std::string headline_of(const AccountVerdict& verdict);
std::string headline_of(const ActorVerdict& verdict, const Judgement& judgement);

// "12 of 60 pledges judged: kept (…)": each verdict's count with its denominator,
// surfaces and longest gap where it is kept.
std::vector<std::string> counts_of(const Judgement& judgement);

// "mastodon saw nothing from … to … (48 of 50 looks) while others saw: …".
std::string sentence_of(const Outage& outage);

// What the account's connector never shows, of what was pledged: "story, nor a post
// dated back beyond the list's end".
std::string print_never_visible(const AccountVerdict& verdict);

// A span rounded up to what is printed, so that "at least so long" stays true.
std::string print_span_up(Millis span);
// "2020-09-16 04:00 UTC", with seconds where there are any.
std::string print_utc(Instant t);

}  // namespace pw
