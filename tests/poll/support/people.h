// Who is looked at on a simulated platform, whichever it is.
#pragma once

#include <sstream>

#include "daemon/rehearsal/open_twins.h"
#include "tests/poll/support/day.h"

namespace pw {

inline SimPost hourly(int hours_before) {
  SimPost made = post(std::uint64_t(100 - hours_before), noon - hours_before * 1h);
  made.text += " – größer, 日本";
  return made;
}

inline SimAccount person(const std::string& platform) {
  SimAccount account;
  account.platform = platform;
  account.handle = account.name = "brandco";
  account.actor = "BrandCo";
  return account;
}

inline bool is_of_meta(const std::string& platform) {
  return platform == "facebook" || platform == "threads" || platform == "facebook_ads";
}

inline SimAccount on_meta(const std::string& platform) {
  SimAccount account = person(platform);
  account.id = platform == "threads" ? account.name : "100000000000001";
  if (platform == "facebook_ads") account.handle = account.name = account.id;
  return account;
}

// Somebody with a post an hour since the morning of the day before, and `burst` more
// from the sixth minute after noon on, one a tenth of a second or as far apart as said.
inline SimAccount on(const std::string& platform, int burst = 0, Millis apart = 100ms) {
  SimAccount account = person(platform);
  if (platform == "bluesky") account = brandco();
  if (platform == "instagram") account.id = mint::instagram_user_id(1);
  if (platform == "feed") account.id = account.handle = site + "feed/brandco";
  if (is_of_meta(platform)) account = on_meta(platform);
  const bool twin = platform != "bluesky" && platform != "instagram" && platform != "feed" &&
                    !is_of_meta(platform);
  if (twin) {
    account.platform = "mastodon";
    account.handle = "brandco@m.example";
    account.host = "m.example";
    account.id = "109500000000000001";
  }
  for (int i = 30; i > -burst; --i) {
    SimPost made = i > 0 ? hourly(i) : post(std::uint64_t(2000 - i), noon + 6min - i * apart);
    if (platform == "instagram") made.id = mint::media_id(made.serial);
    if (is_of_meta(platform)) made.id = mint::media_id(made.serial);
    if (platform == "facebook") made.id = account.id + '_' + made.id;
    if (platform == "facebook_ads") made.surface = Surface::ad;
    if (platform == "feed") made.id = "https://brand.example/?p=" + std::to_string(made.serial);
    if (twin) made.id = mint::snowflake(made.created, made.serial);
    account.posts.push_back(std::move(made));
  }
  return twin && platform != "mastodon" ? open_twin_of(account, platform) : account;
}

inline std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> all;
  std::istringstream in{std::string(text)};
  for (std::string word; in >> word;) all.push_back(word);
  return all;
}

// Those whose list is asked for on every look; Bluesky is asked for a revision first.
inline constexpr const char* lists =
    "instagram mastodon youtube x reddit tiktok tumblr telegram facebook threads facebook_ads";

}  // namespace pw
