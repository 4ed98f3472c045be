#include <algorithm>

#include "config/roster_claims.h"
#include "config/text.h"

namespace pw {
namespace {

constexpr std::size_t exemptions_max = 1'000;  // of one pledge

std::optional<Instant> read_time(std::string_view text, std::string_view zone) {
  if (const auto instant = parse_rfc3339(text)) return instant;
  if (const auto local = parse_local_time(text)) return in_zone(*local, zone);
  // RFC 3339 without seconds, as people write it.
  if (text.ends_with('Z') || text.ends_with('z')) {
    if (const auto local = parse_local_time(text.substr(0, text.size() - 1)))
      return in_zone(*local, "Etc/UTC");
  }
  return std::nullopt;
}

// "story 2020-09-16T10:00Z/2020-09-16T12:00Z: why"
std::optional<Exemption> read_one(std::string_view text, const RosterCell& cell,
                                  std::string_view zone, RosterReport& report) {
  const auto refuse = [&](std::string_view why) {
    report.error(cell, "exemption " + in_quotes(text) + ' ' + std::string(why));
    return std::nullopt;
  };
  // The reason starts at a colon that is followed by a space; those in times are not.
  const std::size_t colon = text.find(": ");
  if (colon == std::string_view::npos) return refuse("needs ': ' and a reason");
  const std::string_view head = trim_text(text.substr(0, colon));
  const std::size_t space = head.rfind(' ');
  const std::string_view span = space == std::string_view::npos ? head : head.substr(space + 1);
  Exemption exemption{.surfaces = {}, .span = {}, .reason = one_line(text.substr(colon + 2))};
  if (exemption.reason.empty()) return refuse("needs a reason");
  const std::size_t slash = span.find('/');
  if (slash == std::string_view::npos) return refuse("needs a span such as START/END");
  const auto start = read_time(span.substr(0, slash), zone);
  const auto end = read_time(span.substr(slash + 1), zone);
  if (!start || !end) return refuse("has a time that cannot be read");
  exemption.span = {*start, *end};
  if (exemption.span.empty()) return refuse("must end after its start");
  if (space == std::string_view::npos) return exemption;
  const auto surfaces = read_scope(head.substr(0, space), cell, report);
  if (!surfaces) return std::nullopt;
  exemption.surfaces = *surfaces;
  return exemption;
}

}  // namespace

std::vector<Exemption> read_exemptions(std::string_view text, const RosterCell& cell,
                                       std::string_view zone, RosterReport& report) {
  std::vector<Exemption> exemptions;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('|'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    if (trim_text(part).empty()) continue;
    if (exemptions.size() == exemptions_max) {
      report.error(cell, "more than " + std::to_string(exemptions_max) + " exemptions");
      break;
    }
    if (auto exemption = read_one(trim_text(part), cell, zone, report))
      exemptions.push_back(*std::move(exemption));
  }
  return exemptions;
}

}  // namespace pw
