// A day of one account as a line of text, and the verdict as another. The window
// is 10:00 to 20:00 UTC, the promise a gap of 30 minutes, sweeps are due one hour
// and one day after the end, the case closes after 72 hours.
//
//   look 09:50..20:20/20m          unchanged looks, every 20 minutes
//   look 12:00 rate_limited        one look with that outcome
//   sweep 21:00, again 44:00       sweeps that observe; hours count on after 24
//   find f 12:00..12:10 [warning|note|shadow] [story]
//   review ann confirmed f [open]  her word, and the finding's state after it
//   lag 10m, unpinned, unproved, blind, assumed, exempt 10:00..20:00 [story],
//   promise 2h, late, rumoured, unknown, pin 09:00, skip 12:00, clock 9000,
//   amend 12:00 [gone|new]         terms change; gone: the account is not in them
//   now 40:00                      else the log's own last moment
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/ledger/judge.h"

namespace pw {

struct Day {
  Terms terms;
  std::vector<Entry> entries;  // in order of time
  bool has_unknown = false;
  std::optional<Instant> now;
};

Day parse_day(const std::string& script);
Judgement judge_day(const Day& day, std::unique_ptr<Shelf> shelf = std::make_unique<MemoryShelf>());
// "kept final N=31 D=20 min", "unproven N=3 D=8 h: baseline gap".
std::string verdict_line(const Judgement& judgement);
inline std::string verdict_of(const std::string& script) {
  return verdict_line(judge_day(parse_day(script)));
}

}  // namespace pw
