// Who takes part: accounts with names, ids and the role each is there to play.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "daemon/core/account.h"
#include "daemon/rehearsal/population.h"

namespace pw {

struct Mix {
  int instagram = 25;
  int mastodon = 15;
  int bluesky = 10;
  int feed = 10;
};

struct CastOptions {
  std::uint64_t seed = 1;
  Mix mix{};
  std::vector<std::string> hosts{"river.example", "harbour.example", "hill.example"};
  std::string feed_base = "http://127.0.0.1:8423/feed";  // without a slash at its end
};

// Of every platform first one account of each role that the platform knows, then
// mostly quiet ones.
std::vector<SimAccount> cast_of(const CastOptions& options);

// The same roles for the accounts of a real roster. Accounts of platforms that
// cannot be played (is_played) are left out.
std::vector<SimAccount> cast_of(std::uint64_t seed, std::span<const Account> accounts);

}  // namespace pw
