// One account as the map shows it: a single state, told by its shape as well as
// by its colour. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/ledger/judgement.h"

namespace pw {

enum class CellState : std::uint8_t {
  broken,       // confirmed by as many people as it takes
  review,       // a breach awaits people's decision
  blind,        // the last look saw nothing: we cannot tell
  quiet,        // nothing seen so far
  waiting,      // the window has not opened
  sweep,        // the window is over, its sweep still due
  kept,         // within the promise, provisional or final
  unproven,     // our looks do not suffice
  unavailable,  // the platform itself shows it to nobody
  exempt,
  unjudged,  // a rumour, or withdrawn: stays in the denominators
};
inline constexpr std::array<std::string_view, 11> cell_state_names = {
    "broken", "review",   "blind",       "quiet",  "waiting", "sweep",
    "kept",   "unproven", "unavailable", "exempt", "unjudged"};
// What people read beside the shape.
inline constexpr std::array<std::string_view, 11> cell_state_labels = {
    "broken",       "awaits review", "not seen now", "nothing seen so far",
    "not open yet", "sweep due",     "kept",         "unproven",
    "unavailable",  "exempt",        "not judged"};
// One letter each: a whole map is one short text.
inline constexpr std::string_view cell_state_letters = "xrbqwskunej";
constexpr std::string_view name_of(CellState state) {
  return cell_state_names[static_cast<std::size_t>(state)];
}
constexpr std::string_view label_of(CellState state) {
  return cell_state_labels[static_cast<std::size_t>(state)];
}
constexpr char letter_of(CellState state) {
  return cell_state_letters[static_cast<std::size_t>(state)];
}
std::optional<CellState> parse_cell_state(std::string_view name);

// Of all windows of one account the one that matters now: open, else next, else
// last. `verdicts` is not empty and in order of windows.
const AccountVerdict& current_of(std::span<const AccountVerdict> verdicts, Instant now);

// What the map shows of an account: the gravest of all its windows where that is
// broken or awaits review, else the current one. `sees`: the last look observed.
CellState cell_state_of(std::span<const AccountVerdict> verdicts, bool sees, Instant now);

}  // namespace pw
