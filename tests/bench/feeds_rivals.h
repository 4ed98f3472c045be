// Other programs that poll feeds, run as their users run them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/feeds_site.h"

namespace pw::bench {

// Feeds a second, over all feeds of the site.
struct Passes {
  std::string name;
  double first = 0;  // nothing is known yet
  double again = 0;  // nothing has changed since
};

// Each in `folder`, free to use every core, two passes. Throws
// std::runtime_error where one cannot be started or read fewer items than the
// site has.
Passes run_newsboat(const std::filesystem::path& folder, const FeedSite& site);
Passes run_sfeed(const std::filesystem::path& folder, const FeedSite& site);
Passes run_feedparser(const std::filesystem::path& folder, const FeedSite& site);

}  // namespace pw::bench
