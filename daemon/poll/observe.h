// What one look saw. Pure: from the pages read, what was known before and the
// answer's age to an outcome, the posts that are new, changed or gone, and when
// each of them can have happened. Everything a verdict later rests on is decided
// here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "connectors/connector.h"
#include "daemon/core/look.h"
#include "daemon/poll/sight.h"
#include "daemon/store/store.h"

namespace pw {

// What is remembered of an account between two looks, in memory only; made anew
// from the log after a restart.
struct Memory {
  Instant answered{};         // effective time of the last answer, whatever its outcome
  Instant observed{};         // ... of the last look that observed; epoch: none yet
  Instant whole{};            // ... that observed and could read every item
  int skipped = 0;            // items that the last decoded list had and that could not be read
  std::uint64_t missing = 0;  // digest of the posts that were missing last time; 0: none
  Instant last_with{};        // `observed` of the last look that still had them
};

// A look that observed, and how many items of the list could not be read; of the same
// bytes as before: as many as before.
void note_observed(Memory& memory, Instant effective, int skipped);

// Older than what the account was already seen to be: a cache answered. Date
// counts whole seconds, so a second backwards is no sign of age.
bool is_stale(const Memory& memory, Instant effective);

// The pages of one look, newest first, as far as they were read.
struct Reach {
  std::vector<Post> posts{};  // of all pages, without the ones listed twice
  int skipped = 0;
  bool list_ended = false;                // the last page named no older one
  bool cut_off = false;                   // a page ended before its end
  int first_page = 0;                     // posts on the first page
  std::unordered_set<std::string> ids{};  // of a long list's posts; kept by who reads it
};

struct Before {
  const Account& account;
  const AccountState& state;
  const std::vector<KnownPost>& known;
  const Memory& memory;
  const Declaration& declaration;
};

// Whether a further (older) page has to be read for this look to observe: until
// it meets what was known, and on a sweep until the frozen depth.
bool wants_more(const Before& before, const Reach& reach, Purpose purpose);

struct Observation {
  Look look{};
  AccountState state{};  // to resume from; kept in memory where there is no news
  Memory memory{};
  // Nothing: there is nothing to store but the look. Shared with the commit that stores it.
  std::shared_ptr<LookCommit> news{};
  // In the order of news->posts and news->removed, what happened to each.
  std::vector<std::string> edited_ids{};
  std::vector<std::string> restored_ids{};
  // Between the last look without the restored ones and this one.
  Interval restored{};
};

// The look read a list. What is new of it moves into the observation.
Observation observe(const Before& before, Reach reach, const Sight& sight);

// The look got an answer that proves the list is as it was: 304, the same bytes
// as last time, or the same list.
Observation observe_unchanged(AccountNumber account, const AccountState& state,
                              const Memory& memory, const Sight& sight);

// When a post appeared that the look at `without` did not show and the answer
// received at `with` did, narrowed by a server's stamp where there is one. A stamp
// that contradicts the looks (a post restored from an archive) widens the interval
// over both.
Interval appeared_between(const Post& post, Instant without, Instant with, Millis lag);

}  // namespace pw
