#include "daemon/rehearsal/cast.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/random.h"
#include "daemon/rehearsal/words.h"

namespace pw {
namespace {

using Roles = std::span<const std::string_view>;

constexpr std::array<std::string_view, 15> instagram_roles = {
    "breaks", "reel",     "statement", "burst", "edges",   "quick",  "later",     "edits",
    "twice",  "restored", "album",     "pins",  "renamed", "hidden", "afterwards"};
constexpr std::array<std::string_view, 13> mastodon_roles = {
    "breaks",  "statement", "repost", "thread",    "replies", "quick",  "edges",
    "removes", "edits",     "later",  "suspended", "twice",   "returns"};
constexpr std::array<std::string_view, 8> bluesky_roles = {
    "breaks", "repost", "replies", "backdated", "statement", "postdated", "suspended", "twice"};
constexpr std::array<std::string_view, 6> feed_roles = {"breaks", "backdated", "statement",
                                                        "edits",  "undated",   "edges"};
// What the rest do: most keep their word.
constexpr std::array<std::string_view, 10> other_roles = {"quiet",  "quiet", "quiet", "quiet",
                                                          "quiet",  "quiet", "quiet", "afterwards",
                                                          "breaks", "chatty"};

Roles roles_of(std::string_view platform) {
  if (platform == "instagram") return instagram_roles;
  if (platform == "mastodon") return mastodon_roles;
  if (platform == "bluesky") return bluesky_roles;
  if (platform == "feed") return feed_roles;
  return {};
}

std::string id_of(const SimAccount& account, std::uint64_t serial) {
  if (account.platform == "instagram") return mint::instagram_user_id(serial);
  if (account.platform == "bluesky") return mint::did(serial);
  // Account ids are snowflakes of the day the account was made: 2022-12-12.
  const Instant made = instant_of_ms(1'670'803'200'000);
  if (account.platform == "mastodon") return mint::snowflake(made, serial);
  return account.handle;
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
  if (account.id.empty()) account.id = id_of(account, dice.next());
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

std::vector<SimAccount> cast_of(std::uint64_t seed, std::span<const Account> accounts) {
  std::vector<SimAccount> cast;
  std::array<std::size_t, 4> places{};
  constexpr std::array<std::string_view, 4> platforms = {"instagram", "mastodon", "bluesky",
                                                         "feed"};
  for (const Account& given : accounts) {
    const auto platform = std::find(platforms.begin(), platforms.end(), given.platform);
    if (platform == platforms.end()) continue;
    SimAccount account{.platform = given.platform, .handle = given.handle};
    if (given.platform == "mastodon") account.host = given.host;
    account.name = given.platform == "mastodon" ? given.handle.substr(0, given.handle.find('@'))
                                                : given.handle;
    account.actor = "pledge " + std::to_string(given.pledge);
    account.id = given.id;
    Dice dice = Dice(seed).fork(print_account(given));
    const auto index = static_cast<std::size_t>(platform - platforms.begin());
    finish(account, places[index]++, dice);
    cast.push_back(std::move(account));
  }
  return cast;
}

}  // namespace pw
