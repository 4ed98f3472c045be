// What tells a person's observation from what a platform showed us.
#pragma once

#include <string_view>

namespace pw {

// Posts that a person reported carry ids of this form. No list shows them, so no
// look can miss them, and their findings always wait for a second witness.
inline constexpr std::string_view observed_prefix = "observed:";

inline bool is_observed(std::string_view post_id) { return post_id.starts_with(observed_prefix); }

// Why such a finding is never more than one person's word, for people.
inline constexpr std::string_view observed_doubt = "seen by one person: a second witness is needed";

}  // namespace pw
