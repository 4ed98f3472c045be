// From a list of people to a Roster: CSV as spreadsheets write it, YAML, JSON.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "daemon/core/issue.h"
#include "daemon/core/pledge.h"

namespace pw {

inline constexpr std::size_t roster_csv_bytes_max = 67'108'864;
inline constexpr std::size_t roster_yaml_bytes_max = 16'777'216;
inline constexpr std::size_t roster_rows_max = 1'000'000;
inline constexpr std::size_t roster_issues_max = 1'000;  // further ones are counted, not listed

// The columns of a roster, in any order. actor, platform and handle must be
// there. Several lines of one actor are one pledge with several accounts; what
// one of them says of the pledge holds for all, and they must not disagree.
//   zone          IANA name; empty: the campaign's default zone, then assumed
//   status        confirmed, declared (default), rumoured, withdrawn
//   source        where and when the pledge was given
//   scope         surfaces, as "post+reel"; empty: the campaign's
//   id            the account's stable id, where it is known
//   text_version  which pledge text
//   statements    how many are allowed; empty: the campaign's
//   exemptions    "story 2020-09-16T10:00Z/2020-09-16T12:00Z: why", several
//                 separated by "|"; without a surface: all; a time without an
//                 offset is one in the actor's zone
enum class RosterColumn : std::uint8_t {
  actor,
  platform,
  handle,
  zone,
  status,
  source,
  scope,
  id,
  text_version,
  statements,
  exemptions
};
inline constexpr std::array<std::string_view, 11> roster_column_names = {
    "actor", "platform", "handle",       "zone",       "status",    "source",
    "scope", "id",       "text_version", "statements", "exemptions"};
constexpr std::string_view name_of(RosterColumn column) {
  return roster_column_names[static_cast<std::size_t>(column)];
}

// One cell: where its words are in the RosterFile, and where it stood in the
// file (from 1; the column in bytes). Line 0: the file has no such cell.
struct RosterCell {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  int line = 0;
  int column = 0;
};

struct RosterRow {
  int line = 0;
  std::array<RosterCell, roster_column_names.size()> cells{};
};

struct RosterFile {
  std::string file;  // as the operator named it
  std::string words;
  std::vector<RosterRow> rows;

  const RosterCell& cell(const RosterRow& row, RosterColumn column) const {
    return row.cells[static_cast<std::size_t>(column)];
  }
  // Trimmed; empty where there is no such cell.
  std::string_view text(const RosterRow& row, RosterColumn column) const;
};

// By the name's ending: .yaml, .yml and .json, everything else is CSV. Nothing
// when no row could be read at all; otherwise the rows that could, with the
// others' mistakes in `issues`.
std::optional<RosterFile> read_roster(std::string_view file, std::string_view text, Issues& issues);

// What a platform's connector makes of an account as the roster names it, or
// why it cannot be one of its accounts.
using NormaliseAccount = std::function<std::optional<Account>(Account account, std::string& why)>;

// Accounts come in the file's order, without numbers; addresses of profiles are
// turned into handles. Every mistake is an issue; the roster is whole only if
// none of them is an error.
Roster make_roster(const RosterFile& file, const CampaignConfig& campaign,
                   std::span<const std::string_view> platforms, Issues& issues,
                   const NormaliseAccount& normalise = {});

// The configuration's roster from disk. Nothing when it has a mistake. Warns of
// platforms without an entry under `connectors`: nobody looks there.
std::optional<Roster> load_roster_file(const Config& config,
                                       std::span<const std::string_view> platforms, Issues& issues,
                                       const NormaliseAccount& normalise = {});

// The window of the campaign in `zone`; `certain` and `possible` differ from it
// only when the zone is assumed. Nothing when it is empty there, as one within
// an hour that a clock change skips.
std::optional<Window> window_in(const WindowConfig& window, Millis grace, std::string_view zone,
                                bool zone_assumed);

// One line per account, for people: aligned by characters.
std::string print_roster_table(const Roster& roster);

}  // namespace pw
