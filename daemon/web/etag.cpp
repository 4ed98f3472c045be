#include "daemon/web/etag.h"

#include "daemon/core/hash.h"

namespace pw {

std::string etag_of(std::string_view body) {
  return '"' + print_hex(sha256(body)).substr(0, 32) + '"';
}

bool has_etag(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const std::size_t start = list.find_first_not_of(" \t,");
    if (start == list.npos) return false;
    list.remove_prefix(start);
    if (list.starts_with('*')) return true;
    if (list.starts_with("W/")) list.remove_prefix(2);
    if (!list.starts_with('"')) return false;
    const std::size_t end = list.find('"', 1);
    if (end == list.npos) return false;
    if (list.substr(0, end + 1) == etag) return true;
    list.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace pw
