// Everybody who lives on the simulated platforms, and everything that will ever
// happen to them, as data. A platform's answer at any time follows from it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/surface.h"
#include "daemon/core/time.h"
#include "daemon/rehearsal/account_index.h"
#include "daemon/rehearsal/fault.h"
#include "daemon/rehearsal/rhythm.h"

namespace pw {

struct SimPost {
  std::string id;  // as a connector has to read it
  Surface surface = Surface::post;
  Instant created{};   // when it became public
  Instant declared{};  // the time that the platform shows for it
  std::optional<Instant> deleted{};
  std::optional<Instant> edited{};
  std::optional<Instant> pinned{};
  std::string text{};
  std::string edited_text{};
  std::string media{};    // "image", "video", "album", or empty
  std::string answers{};  // id of the post it answers
  bool answers_own = false;
  bool quotes = false;       // somebody else's post stands below its own words
  bool statement = false;    // says what the campaign allows to be said
  std::uint64_t serial = 0;  // unique in the population
};

bool stands(const SimPost& post, Instant now);
const std::string& text_at(const SimPost& post, Instant now);

enum class SpellKind {
  not_visible,
  suspended,
  renamed,
  deleted,
  moved,  // to another server: Mastodon's account stays behind, Bluesky's goes with its id
};
inline constexpr std::array<std::string_view, 5> spell_names = {"not_visible", "suspended",
                                                                "renamed", "deleted", "moved"};
constexpr std::string_view name_of(SpellKind kind) {
  return spell_names[static_cast<std::size_t>(kind)];
}

// A time in which the account itself cannot be read as usual.
struct Spell {
  SpellKind kind = SpellKind::not_visible;
  Interval span{};
  std::string new_handle{};  // when renamed; when moved Bluesky's server, or Mastodon's account
};

enum class FeedFormat { rss, atom, json, rdf };
inline constexpr std::array<std::string_view, 4> feed_format_names = {"rss", "atom", "json", "rdf"};
constexpr std::string_view name_of(FeedFormat format) {
  return feed_format_names[static_cast<std::size_t>(format)];
}

// What an account's own pledge says, where it differs from the population's.
struct SimPledge {
  Interval window{};
  Interval possible{};    // wider where the actor's zone is only assumed
  SurfaceSet surfaces{};  // empty: the terms'
};

struct SimAccount {
  std::string platform;
  std::string handle;  // as the roster writes it; a feed's address
  std::string host{};  // Mastodon: home server
  std::string name{};  // what its platform calls it in a path
  std::string id{};
  std::string actor{};
  std::string role{};  // what it is here to show
  FeedFormat format = FeedFormat::rss;
  std::vector<SimPost> posts{};  // by `created`
  std::vector<Spell> spells{};
  std::optional<SimPledge> pledge{};
  std::optional<Rhythm> rhythm{};  // how it is looked at, where platforms differ
};

inline const Rhythm& rhythm_of(const SimAccount& account, const Rhythm& otherwise) {
  return account.rhythm ? *account.rhythm : otherwise;
}

const Spell* spell_at(const SimAccount& account, Instant now);

struct SimCredential {
  std::string label;
  std::string app;
  std::string user_id;  // Instagram's: the operator's own
  std::string token;
  std::string platform = "instagram";
  // Meta: when it ends, and when it reads nothing any more; nothing: never.
  std::optional<Instant> expires{};
  std::optional<Instant> data_access_expires{};
};

// The platforms' own limits, which a demo scales down with its day.
struct SimLimits {
  int instagram = 200;  // per token (platforms-meta 2.7)
  Millis instagram_window = std::chrono::hours(1);
  int facebook = 200;  // per token and hour; the Ad Library's too (platforms-meta 3.6)
  int threads = 1000;  // per token and day (platforms-meta 4.4)
  int mastodon = 300;  // per host (platforms-open 4.3)
  Millis mastodon_window = std::chrono::minutes(5);
  int mastodon_paging = 300;  // of requests with page, min_id, max_id or since_id
  Millis mastodon_paging_window = std::chrono::minutes(15);
  int bluesky = 3000;  // platforms-open 3.5
  Millis bluesky_window = std::chrono::minutes(5);
  int youtube = 10'000;  // units per key and day (platforms-open 7.1)
  int x = 10'000;        // per app in 15 minutes (platforms-open 6.2)
  int reddit = 1'000;    // per client in 10 minutes (platforms-open 9.1)
  int tiktok = 1'000;    // per client and day (platforms-open 9.4)
  int tumblr = 1'000;    // per key and hour (platforms-open 9.2)
  int telegram = 30;     // per bot and second (platforms-open 9.3)
};

struct Population {
  std::uint64_t seed = 0;
  Interval window{};      // of the pledges
  std::string hashtag{};  // of statements, with '#'
  std::vector<SimAccount> accounts{};
  std::vector<Fault> faults{};
  std::vector<SimCredential> credentials{};  // none: any token is welcome
  SimLimits limits{};
  mutable AccountIndex index{};  // of the accounts, filled by whoever looks for one
};

const SimAccount* find_by_name(const Population& population, std::string_view platform,
                               std::string_view host, std::string_view name);
const SimAccount* find_by_id(const Population& population, std::string_view platform,
                             std::string_view host, std::string_view id);

// All of it as JSON, without the tokens. Equal populations print equal bytes.
std::string print_population(const Population& population);

}  // namespace pw
