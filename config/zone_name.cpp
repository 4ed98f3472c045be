#include "config/zone_name.h"

#include <algorithm>

#include "config/text.h"
#include "daemon/core/issue.h"
#include "daemon/core/time.h"

namespace pw {

std::string nearest_zone(std::string_view name, std::string_view also) {
  std::vector<std::string_view> names = zone_names();
  if (!also.empty()) names.push_back(also);
  std::string wanted = lower_text(name);
  std::replace(wanted.begin(), wanted.end(), ' ', '_');
  for (const std::string_view zone : names) {
    const std::string lower = lower_text(zone);
    if (lower == wanted || (wanted.size() > 2 && lower.ends_with('/' + wanted)))
      return std::string(zone);
  }
  return nearest_of(name, names);
}

}  // namespace pw
