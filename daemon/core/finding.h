// A rule that matched a post, open until people have reviewed it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/account.h"
#include "daemon/core/time.h"

namespace pw {

enum class Severity { breach, warning, note };
inline constexpr std::array<std::string_view, 3> severity_names = {"breach", "warning", "note"};
constexpr std::string_view name_of(Severity s) {
  return severity_names[static_cast<std::size_t>(s)];
}
std::optional<Severity> parse_severity(std::string_view name);

enum class Mode { alert, shadow };
inline constexpr std::array<std::string_view, 2> mode_names = {"alert", "shadow"};
constexpr std::string_view name_of(Mode m) { return mode_names[static_cast<std::size_t>(m)]; }
std::optional<Mode> parse_mode(std::string_view name);

enum class FindingState { open, confirmed, excused, dismissed };
inline constexpr std::array<std::string_view, 4> finding_state_names = {"open", "confirmed",
                                                                        "excused", "dismissed"};
constexpr std::string_view name_of(FindingState s) {
  return finding_state_names[static_cast<std::size_t>(s)];
}
std::optional<FindingState> parse_finding_state(std::string_view name);

struct Finding {
  // Stable over restarts: made from campaign, account, post and rule, so that
  // finding the same thing twice is one finding. 26 characters, [a-z2-7].
  std::string id;
  AccountNumber account = 0;
  std::string post_id;
  std::string rule;
  Severity severity = Severity::breach;
  Mode mode = Mode::alert;
  FindingState state = FindingState::open;
  // True when the rule's answer was unknown, or the identity is not pinned:
  // people decide before anything is concluded. `why` says what was unknown.
  bool needs_review = false;
  std::string why{};
  std::string summary{};  // the rule's own sentence, rendered
  Interval appeared{};    // of the post
  Instant found_at{};
};

std::string finding_id(std::string_view campaign, AccountNumber account, std::string_view post_id,
                       std::string_view rule);

}  // namespace pw
