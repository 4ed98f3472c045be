#include "daemon/core/finding.h"

#include <algorithm>

#include "daemon/core/hash.h"

namespace pw {
namespace {

template <class Enum, std::size_t N>
std::optional<Enum> parse_name(const std::array<std::string_view, N>& names,
                               std::string_view name) {
  const auto it = std::find(names.begin(), names.end(), name);
  if (it == names.end()) return std::nullopt;
  return static_cast<Enum>(it - names.begin());
}

}  // namespace

std::optional<Severity> parse_severity(std::string_view name) {
  return parse_name<Severity>(severity_names, name);
}
std::optional<Mode> parse_mode(std::string_view name) { return parse_name<Mode>(mode_names, name); }
std::optional<FindingState> parse_finding_state(std::string_view name) {
  return parse_name<FindingState>(finding_state_names, name);
}

std::string finding_id(std::string_view campaign, AccountNumber account, std::string_view post_id,
                       std::string_view rule) {
  // NUL separates: none of the four may contain it.
  std::string bytes(campaign);
  bytes += '\0';
  bytes += std::to_string(account);
  bytes += '\0';
  bytes += post_id;
  bytes += '\0';
  bytes += rule;
  return print_base32(sha256(bytes)).substr(0, 26);
}

}  // namespace pw
