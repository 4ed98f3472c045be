// Human observations as a source: a story or a live that no interface shows, seen
// by a person who gives its address, the time and a picture of it. Pure: the
// record, and the post it stands for. `pledgewatch observe` writes such records.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connectors/declaration.h"
#include "daemon/core/hash.h"
#include "daemon/core/post.h"
#include "daemon/core/result.h"

namespace pw {

struct Observed {
  std::string account;  // "instagram:riverbank.bakery"
  Surface surface = Surface::story;
  std::string url;
  Instant seen{};                    // when the person saw it
  std::optional<Instant> without{};  // when they last looked and it was not there
  std::string witness;               // a name, for the reviewers
  std::string note{};                // the person's own words
  std::string file{};                // the picture's name below the state folder
  Digest digest{};                   // of its bytes
};

inline constexpr std::size_t observed_text_bytes_max = 2'000;

// One JSON object; parsing refuses what printing would not have written.
std::string print_observed(const Observed& observed);
Result<Observed> parse_observed(std::string_view text);

// Its id is made of account, address and witness: reporting the same thing again
// is one observation, another person's is another.
Post post_of(const Observed& observed);

// From when it can have been there. Without a look that did not show it, a story
// goes back the day that it lives, a live the eight hours that none outlasts, and
// anything else to the beginning of time.
Interval appeared_of(const Observed& observed);

// What people can see, beside what interfaces do; its source gives no stable id.
const Declaration& observer_declaration();

}  // namespace pw
