#include "config/roster_claims.h"

#include <algorithm>
#include <charconv>

#include "config/text.h"
#include "config/zone_name.h"

namespace pw {
namespace {

constexpr int statements_max = 100;
constexpr std::size_t words_bytes_max = 4'096;
}  // namespace

void ClaimReader::read(const RosterRow& row, PledgeClaims& claims) {
  claim(row, RosterColumn::zone, claims.zone, zone(row));
  claim(row, RosterColumn::status, claims.status, status(row));
  claim(row, RosterColumn::scope, claims.scope, scope(row));
  claim(row, RosterColumn::statements, claims.statements, statements(row));
  claim(row, RosterColumn::text_version, claims.text_version,
        words(row, RosterColumn::text_version));
  const bool had_exemptions = claims.exemptions.value.has_value();
  claim(row, RosterColumn::exemptions, claims.exemptions, words(row, RosterColumn::exemptions));
  if (!had_exemptions) claims.exemptions_cell = file_.cell(row, RosterColumn::exemptions);
  if (const auto source = words(row, RosterColumn::source); source && claims.source.empty())
    claims.source = *source;
}

template <class T>
void ClaimReader::claim(const RosterRow& row, RosterColumn column, Claim<T>& claim,
                        std::optional<T> value) {
  if (!value) return;
  if (!claim.value) {
    claim = {std::move(value), row.line};
  } else if (!(*claim.value == *value)) {
    report_.error(file_.cell(row, column), std::string(name_of(column)) +
                                               " of the same actor is another in line " +
                                               std::to_string(claim.line));
  }
}

std::optional<std::string> ClaimReader::words(const RosterRow& row, RosterColumn column) {
  const std::string_view text = file_.text(row, column);
  if (text.empty()) return std::nullopt;
  std::string line = one_line(text);
  if (line.size() <= words_bytes_max && !has_controls(line)) return line;
  report_.error(file_.cell(row, column), std::string(name_of(column)) + " is longer than " +
                                             std::to_string(words_bytes_max) +
                                             " bytes or has control characters");
  return std::nullopt;
}

std::optional<std::string> ClaimReader::zone(const RosterRow& row) {
  std::string name(file_.text(row, RosterColumn::zone));
  if (name.empty()) return std::nullopt;
  const auto [it, is_new] = zones_.try_emplace(name, false);
  if (is_new) it->second = is_zone(name);
  if (it->second) return name;
  report_.error(file_.cell(row, RosterColumn::zone), "unknown time zone " + in_quotes(name),
                report_.is_full() ? "" : nearest_zone(name, ""));
  return std::nullopt;
}

std::optional<PledgeStatus> ClaimReader::status(const RosterRow& row) {
  const std::string_view text = file_.text(row, RosterColumn::status);
  if (text.empty()) return std::nullopt;
  const std::string name = lower_text(text);
  const auto it = std::find(pledge_status_names.begin(), pledge_status_names.end(), name);
  if (it != pledge_status_names.end())
    return static_cast<PledgeStatus>(it - pledge_status_names.begin());
  report_.misnamed(file_.cell(row, RosterColumn::status), "status", name, pledge_status_names);
  return std::nullopt;
}

std::optional<SurfaceSet> ClaimReader::scope(const RosterRow& row) {
  const std::string_view text = file_.text(row, RosterColumn::scope);
  if (text.empty()) return std::nullopt;
  return read_scope(text, file_.cell(row, RosterColumn::scope), report_);
}

std::optional<int> ClaimReader::statements(const RosterRow& row) {
  const std::string_view text = file_.text(row, RosterColumn::statements);
  if (text.empty()) return std::nullopt;
  int count = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, count);
  if (failure == std::errc{} && stop == end && count >= 0 && count <= statements_max) return count;
  report_.error(
      file_.cell(row, RosterColumn::statements),
      "statements must be 0 to " + std::to_string(statements_max) + ", not " + in_quotes(text));
  return std::nullopt;
}

std::optional<SurfaceSet> read_scope(std::string_view text, const RosterCell& cell,
                                     RosterReport& report) {
  constexpr std::string_view separators = " \t\r\n+,;/|&";
  SurfaceSet scope;
  bool all_known = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find_first_of(separators));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (word.empty()) continue;
    const std::string name = lower_text(word);
    if (const auto surface = parse_surface(name)) {
      scope.add(*surface);
      continue;
    }
    all_known = false;
    report.misnamed(cell, "surface", name, surface_names);
  }
  if (!all_known) return std::nullopt;
  if (!scope.empty()) return scope;
  report.error(cell, "scope names no surface");
  return std::nullopt;
}

}  // namespace pw
