// A site's feed in the four dialects (platforms-open 8).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/rehearsal/population.h"

namespace pw {

struct FeedDocument {
  std::string address;  // of this page
  std::string next{};   // of the page of older entries, or empty
  Instant changed{};
  std::vector<const SimPost*> posts{};
};

// The same bytes as long as nothing in it changes.
std::string print_feed(const SimAccount& account, const FeedDocument& document, Instant now);
std::string_view media_type_of(FeedFormat format);

}  // namespace pw
