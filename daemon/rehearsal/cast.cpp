#include "daemon/rehearsal/cast.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "daemon/rehearsal/platform_form.h"
#include "daemon/rehearsal/random.h"
#include "daemon/rehearsal/words.h"

namespace pw {
namespace {

using Roles = std::span<const std::string_view>;

constexpr std::array<std::string_view, 15> instagram_roles = {
    "breaks", "reel",     "statement", "burst", "edges",   "quick",  "later",     "edits",
    "twice",  "restored", "album",     "pins",  "renamed", "hidden", "afterwards"};
constexpr std::array<std::string_view, 13> mastodon_roles = {
    "breaks",  "statement", "shares", "thread",    "replies", "quick",  "edges",
    "removes", "edits",     "later",  "suspended", "twice",   "returns"};
constexpr std::array<std::string_view, 8> bluesky_roles = {
    "breaks", "shares", "replies", "backdated", "statement", "postdated", "suspended", "twice"};
constexpr std::array<std::string_view, 6> feed_roles = {"breaks", "backdated", "statement",
                                                        "edits",  "undated",   "edges"};
constexpr std::array<std::string_view, 7> youtube_roles = {
    "breaks", "statement", "later", "edits", "twice", "backdated", "afterwards"};
constexpr std::array<std::string_view, 10> x_roles = {"breaks",    "statement", "shares", "replies",
                                                      "edges",     "quick",     "later",  "twice",
                                                      "suspended", "afterwards"};
constexpr std::array<std::string_view, 9> reddit_roles = {
    "breaks", "statement", "shares", "replies", "edges", "quick", "later", "edits", "twice"};
// Both show posts a day late or more: what depends on when a look comes cannot be told.
constexpr std::array<std::string_view, 4> late_roles = {"breaks", "statement", "chatty", "twice"};
constexpr std::array<std::string_view, 7> tumblr_roles = {
    "breaks", "statement", "shares", "later", "twice", "backdated", "afterwards"};
constexpr std::array<std::string_view, 8> threads_roles = {
    "breaks", "statement", "shares", "edges", "quick", "later", "edits", "twice"};
constexpr std::array<std::string_view, 6> telegram_roles = {"breaks", "statement", "shares",
                                                            "edges",  "edits",     "twice"};
constexpr std::array<std::string_view, 6> ads_roles = {"breaks", "runs_on", "stops_late",
                                                       "pauses", "chatty",  "afterwards"};
// What the rest do: most keep their word.
constexpr std::array<std::string_view, 10> other_roles = {"quiet",  "quiet", "quiet", "quiet",
                                                          "quiet",  "quiet", "quiet", "afterwards",
                                                          "breaks", "chatty"};

Roles roles_of(std::string_view platform) {
  if (platform == "instagram") return instagram_roles;
  if (platform == "mastodon") return mastodon_roles;
  if (platform == "bluesky") return bluesky_roles;
  if (platform == "feed") return feed_roles;
  if (platform == "youtube") return youtube_roles;
  if (platform == "x") return x_roles;
  if (platform == "reddit") return reddit_roles;
  if (platform == "tiktok" || platform == "facebook") return late_roles;
  if (platform == "tumblr") return tumblr_roles;
  if (platform == "threads") return threads_roles;
  if (platform == "telegram") return telegram_roles;
  if (platform == "facebook_ads") return ads_roles;
  return {};
}

// After one of each role come some who do nothing, for the faults to strike.
std::string_view role_at(Roles roles, std::size_t place, Dice& dice) {
  constexpr std::size_t quiet_ones = 6;
  if (place < roles.size()) return roles[place];
  if (place < roles.size() + quiet_ones) return "quiet";
  return dice.pick(std::span<const std::string_view>(other_roles));
}

// Gives the account everything that its place among its platform's decides.
void finish(SimAccount& account, std::size_t place, Dice& dice) {
  const Roles roles = roles_of(account.platform);
  account.role = role_at(roles, place, dice);
  account.format = static_cast<FeedFormat>(place % feed_format_names.size());
  if (account.id.empty()) account.id = account_id_on(account, dice.next());
}

SimAccount new_account(const CastOptions& options, std::string_view platform, std::size_t place,
                       const std::string& actor) {
  SimAccount account{.platform = std::string(platform), .handle = {}, .actor = actor};
  if (platform == "instagram") account.name = handle_of(actor, ".");
  if (platform == "mastodon") {
    account.name = handle_of(actor, "_");
    account.host = options.hosts[place % options.hosts.size()];
  }
  if (platform == "bluesky") account.name = handle_of(actor, "-") + ".bsky.example";
  if (platform == "feed") account.name = handle_of(actor, "-");
  account.handle = account.name;
  if (platform == "mastodon") account.handle += '@' + account.host;
  if (platform == "feed") account.handle = options.feed_base + '/' + account.name;
  return account;
}

// One actor says its statement on two platforms: its second account.
void pair_statements(std::vector<SimAccount>& accounts) {
  const auto speaker = [&](std::string_view platform) {
    return std::find_if(accounts.begin(), accounts.end(), [&](const SimAccount& account) {
      return account.platform == platform && account.role == "statement";
    });
  };
  const auto first = speaker("instagram");
  const auto second = speaker("mastodon");
  if (first != accounts.end() && second != accounts.end()) second->actor = first->actor;
}

}  // namespace

std::vector<SimAccount> cast_of(const CastOptions& options) {
  const std::array<std::pair<std::string_view, int>, 4> counts = {
      {{"instagram", options.mix.instagram},
       {"mastodon", options.mix.mastodon},
       {"bluesky", options.mix.bluesky},
       {"feed", options.mix.feed}}};
  std::vector<SimAccount> accounts;
  for (const auto& [platform, count] : counts) {
    Dice dice = Dice(options.seed).fork(platform);
    for (int i = 0; i < count; ++i) {
      const auto place = static_cast<std::size_t>(i);
      accounts.push_back(new_account(options, platform, place, actor_name(accounts.size())));
      finish(accounts.back(), place, dice);
    }
  }
  pair_statements(accounts);
  return accounts;
}

namespace {

// What the platform itself calls it.
std::string name_in(const Account& given) {
  constexpr std::string_view own_host = ".tumblr.com";
  if (given.platform == "mastodon") return given.handle.substr(0, given.handle.find('@'));
  if (given.platform == "tumblr" && given.handle.ends_with(own_host))
    return given.handle.substr(0, given.handle.size() - own_host.size());
  return given.handle;
}

}  // namespace

std::vector<SimAccount> cast_of(std::uint64_t seed, std::span<const Account> accounts) {
  std::vector<SimAccount> cast;
  std::map<std::string_view, std::size_t> places;
  for (const Account& given : accounts) {
    if (!is_played(given.platform)) continue;
    SimAccount account{.platform = given.platform, .handle = given.handle};
    if (given.platform == "mastodon") account.host = given.host;
    account.name = name_in(given);
    account.actor = "pledge " + std::to_string(given.pledge);
    account.id = given.id;
    Dice dice = Dice(seed).fork(print_account(given));
    finish(account, places[given.platform]++, dice);
    cast.push_back(std::move(account));
  }
  return cast;
}

}  // namespace pw
