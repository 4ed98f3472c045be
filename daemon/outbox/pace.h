// How often one sink is told: what waits for it, when it goes, and what of it goes
// in one message. Pure: what waits, what was told, and the time in; messages out.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/store.h"

namespace pw {

struct Flood {
  int messages = 0;  // at most so many about findings ...
  Millis span{0};    // ... in any such span
};

struct Pace {
  bool groups = false;
  Millis wait{0};      // from a group's first finding to its message
  Millis interval{0};  // between two messages of one group
  std::optional<Flood> flood{};
};

// From the first finding over the limit to the message that counts those over it,
// so that it counts more than one.
inline constexpr Millis over_limit_wait = std::chrono::minutes(1);

// What a sink was told, as its outbox says: a restart knows as much.
struct PaceMemory {
  std::map<std::string, Instant, std::less<>> told{};  // by group_mark: its last message
  std::vector<Instant> sent{};                         // messages about findings, in order
  std::optional<Instant> over_limit{};                 // the last message that counted
};

// One message.
struct Telling {
  std::string group;  // the key; empty where it counts what is over the limit
  bool over_limit = false;
};

// What is told now.
struct PaceTurn {
  std::vector<std::string> groups{};  // each in a message of its own, in this order
  bool counts = false;                // one message counts what is over the limit ...
  std::vector<std::string> over{};    // ... of these groups; where none are made, of all
  std::optional<Instant> next{};      // when to ask again, unless something new waits
};

// `waiting` are the groups that wait for one sink, in the order of their first
// findings; where findings are told one by one, at least as many of the first as there
// are places, and one more. A group goes `wait` after its first finding and `interval`
// after its last message. A message beyond the limit waits for a place, or is counted
// with all others like it in one message more: a minute after the first, and once in a
// span. So a flood of any size is `messages` and one, in any span, and everything that
// waits goes within it. What is over the limit is decided on once no group goes.
PaceTurn pace_turn(const Pace& pace, const PaceMemory& memory, std::string_view sink,
                   std::span<const HeldGroup> waiting, Instant now);
// How many messages about findings may go now.
int places_left(const Pace& pace, const PaceMemory& memory, Instant now);

void note_told(const Pace& pace, std::string_view sink, const Telling& telling, Instant now,
               PaceMemory& memory);

// Adds what deliveries of any sink, whatever their order, say of one, as far as its
// pace still asks; they come in parts, since a campaign has many.
void recall_pace(const Pace& pace, std::string_view sink, std::span<const Delivery> deliveries,
                 Instant now, PaceMemory& memory);

// What a delivery's id says of a group: the same for the same sink and key.
std::string group_mark(std::string_view sink, std::string_view group);
// Stable: of one finding, of a group at a time, of a count at a time.
std::string telling_id(const Pace& pace, std::string_view sink, const Telling& telling,
                       std::string_view first_finding, Instant now);

struct Reminder {
  std::vector<std::string> findings;  // empty: nothing is due
  std::optional<Instant> next;        // when the next can be
};

// Once the oldest was told `every` ago, and `every` after the last reminder: all of them.
Reminder remind(Millis every, std::optional<Instant> last, std::span<const ToldFinding> open,
                Instant now);
inline constexpr std::string_view reminder_prefix = "rep_";

}  // namespace pw
