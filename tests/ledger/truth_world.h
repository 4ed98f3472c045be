// A small world with a known truth, looked at through the daemon's own eyes: a
// plan of posts and looks, drawn from a seed, goes through `age_of`, `observe`
// and the judge, with caches that are late, clocks that are wrong, pages that are
// shuffled, posts that come back, and looks that are lost. What is printed in the
// end can be held against the plan.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/ledger/judge.h"

namespace pw::test {

// One post as the plan has it; it may come back once after it went.
struct TruePost {
  std::string id;
  Interval stands;
  std::optional<Interval> again{};
};

struct Trouble {
  double failed = 0;  // share of looks that see nothing
  double cached = 0;  // share of answers from a cache, up to `cache_age` old
  Millis cache_age{0};
  double shuffled = 0;      // share of pages with two neighbours exchanged
  double lost = 0;          // share of looks that the log lost afterwards
  Millis lag{0};            // declared; each post takes up to so long to show
  Millis host_slow{0};      // the account's server's clock is behind by so much
  Millis clock_wrong{0};    // ours is ahead (or behind, below zero) ...
  Interval wrong_during{};  // ... at these true times
};

struct Truth {
  std::vector<TruePost> posts;
  Interval window;
  Judgement judgement;
  std::vector<std::string> found;      // ids with a finding
  std::vector<std::string> confirmed;  // ... that two people confirmed
};

// Short posts under a fair sky: `planned` of life `life` came at any time of the
// window, and so many were found. `spacing` is the mean time between looks.
struct Caught {
  int planned = 0;
  int found = 0;
};
Caught catch_short_posts(std::uint64_t seed, Millis life, Millis spacing);

// `spacing` between looks; people confirm what the daemon is sure of and dismiss
// the rest.
Truth live_through(std::uint64_t seed, const Trouble& trouble, Millis spacing);

}  // namespace pw::test
