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
enum class Role : std::uint8_t {
  everybody,  // "public": counts without names, the log's checkpoints
  reader,     // sees everything, findings before review too
  reviewer,   // decides on findings
  operator_,  // also pauses and ends the campaign, silences, sends again
};
inline constexpr std::array<std::string_view, 4> reviewer_role_names = {"public", "reader",
                                                                        "reviewer", "operator"};
constexpr std::string_view name_of(Role role) {
  return reviewer_role_names[static_cast<std::size_t>(role)];
}

struct Reviewer {
  std::string name;                    // no colon, see is_person
  std::optional<Digest> token{};       // SHA-256 of it; the token itself is not kept
  std::optional<std::uint32_t> uid{};  // of a peer on the daemon's own socket
  Role role = Role::reviewer;
};

// Null when it is nobody's. Takes the same time whatever differs.
const Reviewer* find_by_token(std::span<const Reviewer> people, std::string_view token);
const Reviewer* find_by_uid(std::span<const Reviewer> people, std::uint32_t uid);
const Reviewer* find_by_name(std::span<const Reviewer> people, std::string_view name);
// By the token's digest; null when it is nobody's any more.
const Reviewer* find_by_digest(std::span<const Reviewer> people, const Digest& token);

// Who somebody on this machine is, known by uid alone: the reviewer of that uid, or
// else an operator called "uid 1000". Nobody but the daemon's own user and root gets
// that far, so that this is no promotion; but only a reviewer's name may decide on
// findings.
Reviewer local_person(std::span<const Reviewer> people, std::uint32_t uid);

}  // namespace pw
