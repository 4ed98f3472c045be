#include "daemon/core/look.h"

#include <algorithm>

namespace pw {

std::optional<Outcome> parse_outcome(std::string_view name) {
  const auto it = std::find(outcome_names.begin(), outcome_names.end(), name);
  if (it == outcome_names.end()) return std::nullopt;
  return static_cast<Outcome>(it - outcome_names.begin());
}

std::optional<Purpose> parse_purpose(std::string_view name) {
  const auto it = std::find(purpose_names.begin(), purpose_names.end(), name);
  if (it == purpose_names.end()) return std::nullopt;
  return static_cast<Purpose>(it - purpose_names.begin());
}

}  // namespace pw
