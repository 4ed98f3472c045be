#include <algorithm>

#include "daemon/web/assets.h"

namespace pw {

const Asset* find_asset(std::string_view name) {
  const auto all = assets();
  const auto it =
      std::find_if(all.begin(), all.end(), [&](const Asset& asset) { return asset.name == name; });
  return it == all.end() ? nullptr : &*it;
}

}  // namespace pw
