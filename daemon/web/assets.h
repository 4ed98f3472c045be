// The files of daemon/web/assets, inside the program: no folder to install, no
// path to lead out of.
#pragma once

#include <span>
#include <string_view>

namespace pw {

struct Asset {
  std::string_view name;
  std::string_view type;
  std::string_view bytes;
};

std::span<const Asset> assets();
// Null when nothing is called so.
const Asset* find_asset(std::string_view name);

}  // namespace pw
