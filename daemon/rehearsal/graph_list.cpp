#include "daemon/rehearsal/graph_list.h"

#include <algorithm>

#include "daemon/core/hash.h"
#include "daemon/rehearsal/mint.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_plain(c)) {
      out += c;
      continue;
    }
    const std::uint8_t byte[1] = {static_cast<std::uint8_t>(c)};
    std::string hex = print_hex(byte);
    std::transform(hex.begin(), hex.end(), hex.begin(),
                   [](char h) { return h >= 'a' ? static_cast<char>(h - 'a' + 'A') : h; });
    out += '%' + hex;
  }
  return out;
}

// The asker's own request, with the token and another place in the list.
std::string page_address(const SimRequest& request, const char* where, const std::string& cursor) {
  std::string out = request.base + request.path + "?access_token=" + encoded(request.token);
  for (const auto& [name, value] : request.query) {
    if (name == "access_token" || name == "after" || name == "before") continue;
    out += '&' + encoded(name) + '=' + encoded(value);
  }
  return out + '&' + where + '=' + encoded(cursor);
}

}  // namespace

std::optional<ordered_json> print_graph_list(
    const SimRequest& request, const GraphListing& listing,
    const std::function<ordered_json(const SimPost&)>& print) {
  const std::vector<const SimPost*>& posts = listing.posts;
  std::size_t first = 0;
  if (const auto after = request.parameter("after")) {
    const std::string id = mint::media_id_in(std::string(*after));
    const auto it = std::find_if(posts.begin(), posts.end(),
                                 [&](const SimPost* post) { return post->id == id; });
    // Cursors die when what they point to is deleted (platforms-meta 1.5).
    if (it == posts.end()) return std::nullopt;
    first = static_cast<std::size_t>(it - posts.begin()) + 1;
  }
  const std::size_t end = std::min(posts.size(), first + static_cast<std::size_t>(listing.limit));
  ordered_json out;
  out["data"] = ordered_json::array();
  for (std::size_t i = first; i < end; ++i) out["data"].push_back(print(*posts[i]));
  if (first == end) return out;
  const std::string before = mint::graph_cursor(posts[first]->id);
  const std::string after = mint::graph_cursor(posts[end - 1]->id);
  const bool goes_on = listing.ends_empty || end < posts.size();
  if (listing.gives_next || first > 0) out["paging"]["cursors"]["before"] = before;
  if (listing.gives_next || goes_on) out["paging"]["cursors"]["after"] = after;
  if (!listing.gives_next) return out;
  if (goes_on) out["paging"]["next"] = page_address(request, "after", after);
  if (first > 0) out["paging"]["previous"] = page_address(request, "before", before);
  return out;
}

}  // namespace pw
