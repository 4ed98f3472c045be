#include "daemon/rehearsal/platform_form.h"

#include <algorithm>

#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/words.h"

namespace pw {

bool is_played(std::string_view platform) {
  return std::find(played_platforms.begin(), played_platforms.end(), platform) !=
         played_platforms.end();
}

bool server_stamps(std::string_view platform) {
  constexpr std::array<std::string_view, 8> stamping = {
      "instagram", "mastodon", "x", "reddit", "tiktok", "threads", "facebook", "telegram"};
  return std::find(stamping.begin(), stamping.end(), platform) != stamping.end();
}

std::string account_id_on(const SimAccount& account, std::uint64_t serial) {
  const std::string& platform = account.platform;
  if (platform == "instagram") return mint::instagram_user_id(serial);
  if (platform == "bluesky") return mint::did(serial);
  // Account ids are snowflakes of the day the account was made: 2022-12-12.
  if (platform == "mastodon") return mint::snowflake(instant_of_ms(1'670'803'200'000), serial);
  if (platform == "x") return mint::x_id(instant_of_ms(1'400'000'000'000), serial);
  if (platform == "youtube") return mint::channel_id(serial);
  if (platform == "reddit") return "t2_" + mint::reddit_id(serial);
  if (platform == "tumblr") return mint::blog_id(serial);
  if (platform == "telegram") return mint::chat_id(serial);
  if (platform == "facebook")
    return "1" + std::to_string(100'000'000'000'000 + serial % 899'999'999'999'999);
  if (platform == "feed") return account.handle;
  return account.name;
}

std::string post_id_on(const SimAccount& account, const SimPost& post, std::size_t place) {
  const std::string& platform = account.platform;
  if (platform == "instagram" || platform == "threads") return mint::media_id(post.serial);
  if (platform == "facebook") return account.id + '_' + mint::media_id(post.serial);
  if (platform == "mastodon") return mint::snowflake(post.created, post.serial);
  if (platform == "bluesky") {
    const bool repost = post.surface == Surface::repost;
    return "at://" + account.id + (repost ? "/app.bsky.feed.repost/" : "/app.bsky.feed.post/") +
           mint::tid(post.created, post.serial);
  }
  if (platform == "x") return mint::x_id(post.created, post.serial);
  if (platform == "youtube") return mint::video_id(post.serial);
  if (platform == "tiktok") return mint::tiktok_id(post.created, post.serial);
  if (platform == "tumblr") return mint::tumblr_id(post.serial);
  if (platform == "telegram") return std::to_string(100 + place);
  if (platform == "facebook_ads") return mint::library_id(post.serial);
  if (platform == "reddit")
    return (post.surface == Surface::comment ? "t1_" : "t3_") + mint::reddit_id(post.serial);
  return "https://" + handle_of(account.actor, "-") + ".example/?p=" + std::to_string(post.serial);
}

std::optional<Surface> surface_on(std::string_view platform, Surface surface) {
  const bool repost = surface == Surface::repost;
  const bool reply = surface == Surface::reply;
  if (platform == "facebook_ads") return Surface::ad;
  if (platform == "instagram" || platform == "mastodon" || platform == "bluesky" ||
      platform == "feed") {
    return surface;
  }
  if (surface == Surface::story) return std::nullopt;
  if (platform == "tiktok" && (repost || reply)) return std::nullopt;
  if (platform == "tiktok") return Surface::reel;
  if (repost && platform != "youtube") return Surface::repost;
  if (reply && platform == "x") return Surface::reply;
  if ((reply || surface == Surface::comment) && platform == "reddit") return Surface::comment;
  if (reply || repost) return std::nullopt;
  return Surface::post;
}

std::optional<Surface> surface_on(std::string_view platform, const SimPost& post) {
  const bool reblog = post.quotes && post.surface == Surface::post && platform == "tumblr";
  return surface_on(platform, reblog ? Surface::repost : post.surface);
}

bool has_quotes(std::string_view platform) {
  constexpr std::array<std::string_view, 5> quoting = {"mastodon", "bluesky", "x", "threads",
                                                       "tumblr"};
  return std::find(quoting.begin(), quoting.end(), platform) != quoting.end();
}

}  // namespace pw
