// What a connector can and cannot see, as data: printed by `check`, the report
// and the log, and read by whatever decides how much a look proves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/surface.h"
#include "daemon/core/time.h"

namespace pw {

// What a platform's list of posts can be trusted with.
enum class ListKind : std::uint8_t {
  complete,       // newest first by the server's own order, nothing left out
  ranked,         // the platform leaves out or reorders as it likes
  capped,         // complete, but only so many items deep
  claimed_order,  // ordered by a time the poster declares; a backdated post hides deep
  whole,          // in any order, but every look that reads it reads it to its end
};

enum class PostClock : std::uint8_t { server, poster, site };  // who sets a post's time

// How a platform tells of news without being asked.
enum class Push : std::uint8_t { none, stream, websub, webhook };

// What the answers of a connector's cheap check (Connector::probe_request) prove.
// It is believed only as far as this goes: most counters move late, or count less
// than the list shows, so that two equal ones mean nothing.
enum class ProbeProves : std::uint8_t {
  nothing,  // there is no cheap check
  change,   // a token that differs from the last one: something changed
  silence,  // and an equal one: nothing was published, edited or taken down since
  lists,    // no token but the lists themselves (Connector::batch_request): a look
};

struct Declaration {
  std::string_view name;  // "instagram"
  SurfaceSet sees;
  SurfaceSet never_sees;  // surfaces that exist there and stay invisible
  ListKind list = ListKind::complete;
  PostClock clock = PostClock::site;
  Millis clock_precision{1000};
  Millis lag{0};          // publication to visibility, at worst as documented or assumed
  bool stable_id = true;  // false: its findings are always needs_review
  bool shows_edits = false;
  bool shows_deletions = false;   // a post that is taken down disappears from the list
  bool shows_pins = false;        // a pinned post is marked as one, or stands in its own place
  bool shows_backdating = false;  // a post dated into the past is seen as the new one it is
  // Its time is its upload's, by the platform's clock; it may have become public long after.
  bool dates_uploads = false;
  bool has_home = false;  // the account's own server has to be found (home_request)
  bool needs_credential = false;
  int page_size = 20;                        // items one request returns
  int pages_max = 5;                         // pages one look may read, unless configured
  int cost = 1;                              // requests of budget one look takes
  int batch_size = 1;                        // accounts one cheap check covers; 1: no batches
  bool batch_counts_each = false;            // such a check counts once for each account
  ProbeProves probe = ProbeProves::nothing;  // what a cheap check proves
  Push push = Push::none;                    // what the connector can listen to
  Millis interval_floor{0};                  // politeness: never look more often
  int host_requests_max = 0;                 // the platform's own limit per host ...
  Millis host_window{0};                     // ... in this span; 0: none documented
  std::string_view blind_spots;              // one sentence for people
  std::string_view source;                   // the document and the date it was read
  // Whose permission this use needs, which the operator has to attest in the
  // configuration; empty: nobody's.
  std::string_view terms{};
};

std::string_view name_of(ListKind list);
std::string_view name_of(PostClock clock);
std::string_view name_of(Push push);
std::string_view name_of(ProbeProves proves);

// Each capability with its value, in words for people: ("edits", "shown").
std::vector<std::pair<std::string, std::string>> print_capabilities(const Declaration& declared);

}  // namespace pw
