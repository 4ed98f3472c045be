// The people who may decide, as the configuration names them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/hash.h"

namespace pw {

// Each may do what those before it may.
enum class ReviewerRole {
  everybody,  // "public": what anybody may see
  reader,     // sees findings before review
  reviewer,   // decides on findings
  organiser,  // "operator": also pauses and ends the campaign, silences, sends again
};
inline constexpr std::array<std::string_view, 4> reviewer_role_names = {"public", "reader",
                                                                        "reviewer", "operator"};
constexpr std::string_view name_of(ReviewerRole role) {
  return reviewer_role_names[static_cast<std::size_t>(role)];
}

struct Reviewer {
  std::string name;                    // no colon, see is_person
  std::optional<Digest> token{};       // SHA-256 of it; the token itself is not kept
  std::optional<std::uint32_t> uid{};  // of a peer on the daemon's own socket
  ReviewerRole role = ReviewerRole::reviewer;
};

// Null when it is nobody's. Takes the same time whatever differs.
const Reviewer* find_by_token(std::span<const Reviewer> people, std::string_view token);
const Reviewer* find_by_uid(std::span<const Reviewer> people, std::uint32_t uid);
const Reviewer* find_by_name(std::span<const Reviewer> people, std::string_view name);

}  // namespace pw
