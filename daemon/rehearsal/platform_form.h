// What each simulated platform makes of a person and of what that person says: ids,
// kinds of publication, whose clock dates a post.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/rehearsal/population.h"

namespace pw {

// Where a real roster's accounts can be played.
inline constexpr std::array<std::string_view, 13> played_platforms = {
    "instagram", "mastodon", "bluesky", "feed",     "youtube",  "x",           "reddit",
    "tiktok",    "tumblr",   "threads", "facebook", "telegram", "facebook_ads"};
bool is_played(std::string_view platform);

// The platform dates posts itself; the poster has no say.
bool server_stamps(std::string_view platform);

// The id of an account that has a name already; `serial` is its own in the population.
std::string account_id_on(const SimAccount& account, std::uint64_t serial);

// The id of the account's post at that place among its own, oldest first.
std::string post_id_on(const SimAccount& account, const SimPost& post, std::size_t place);

// What the platform makes of a kind of publication; nothing where it has no place for it.
std::optional<Surface> surface_on(std::string_view platform, Surface surface);
// A quote is a post of its own, but on Tumblr, where it is a reblog with words added.
std::optional<Surface> surface_on(std::string_view platform, const SimPost& post);
bool has_quotes(std::string_view platform);

}  // namespace pw
