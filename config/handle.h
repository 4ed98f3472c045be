// Handles as people paste them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pw {

inline constexpr std::size_t handle_bytes_max = 2'048;

// "@name", "https://www.instagram.com/name/", "https://mastodon.social/@name"
// and the like as the platform's handle; a feed's address stays as it is.
// Otherwise nothing, and `why`. Whether the platform allows such a handle is its
// connector's to say.
std::optional<std::string> handle_from(std::string_view platform, std::string_view text,
                                       std::string& why);

}  // namespace pw
