// Everything the poller holds of one watched account between looks. 100,000 of
// them fit in 200 MB (measured: `./dev bench poll`), so it has no maps of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "daemon/core/account.h"
#include "daemon/core/pledge.h"
#include "daemon/poll/agenda.h"
#include "daemon/poll/habit.h"
#include "daemon/poll/observe.h"
#include "daemon/store/store.h"

namespace pw {

// When the posts came, as far as their platform says.
inline std::vector<Instant> times_of(const std::vector<StoredPost>& posts) {
  std::vector<Instant> times;
  for (const StoredPost& one : posts) {
    const auto at = one.post.server_at ? one.post.server_at : one.post.claimed_at;
    if (at) times.push_back(*at);
  }
  return times;
}

struct Watch {
  Account account;
  AccountState state;
  Memory memory;
  Agenda agenda;
  std::uint32_t turns = 0;     // looks so far: the jitter's counter
  std::uint16_t failures = 0;  // looks in a row that observed nothing
  Outcome last = Outcome::unchanged;
  std::string batch_token{};  // of the last check of many accounts at once
  double posts_per_day = posts_per_day_usual;
  Millis interval{0};             // by its habit; 0: as the lane's
  Tick asked = Tick{0};           // when its last turn ended
  bool hastened = false;          // news came while it was being looked at: look again at once
  Tick home_asked = tick_never;   // when the account's own server was last asked for
  Tick read_whole = Tick::min();  // when the list was last asked for without conditions
};

// What a stream says of one account.
struct HeardNews {
  std::optional<Post> post{};  // written; nothing: deleted, or its record unreadable
  bool moved = false;          // its server or its handle may have changed
};

// One connector as a campaign uses it: what its accounts share.
// What an answer's headers said of a budget, and when it was read.
struct HeadroomSeen {
  Headroom room;
  Instant at{};
  Tick read = tick_never;
};

struct Lane {
  std::string name;                      // "instagram", "mastodon at m.example"
  const Connector* connector = nullptr;  // not owned
  Allowance allowance;
  std::vector<Credential> credentials;  // one per meter of the schedule's lane, or none
  std::vector<int> strikes;             // refusals in a row, per meter
  std::vector<HeadroomSeen> rooms;      // what the platform last said, per meter
  Millis interval{0};
  LookShare share{};                     // nothing to share out: all alike
  std::vector<std::uint32_t> members{};  // schedule indexes of its accounts
  bool habits_changed = false;           // since the looks were shared out
  Tick share_due = Tick::min();          // not again before
  Tick lost_until = Tick::min();         // a budget of it is blocked so long: all alike
  int pages_max = 5;
  Millis batch_every{0};         // between two rounds of cheap checks; 0: none
  Tick batch_due = Tick::min();  // when the next one begins
  std::size_t batch_from = 0;    // the account at which it begins: the last one had to end there
};

}  // namespace pw
