// Limits that every decoder keeps.
#pragma once

#include <algorithm>
#include <cstddef>

#include "connectors/connector.h"

namespace pw {

// Items read of one page. No platform sends more than a hundred; more is an
// attack or a mistake, and the rest is counted as skipped.
inline constexpr std::size_t page_items_max = 1000;

// Adds an item to a list that is one account's: the first to name an owner decides whose,
// and what is another's, or cannot be read (no post), is counted.
inline void add_owned(Page& page, std::optional<Post> post, const std::string& owner) {
  if (page.owner_id.empty()) page.owner_id = owner;
  if (post && (owner.empty() || owner == page.owner_id)) {
    page.posts.push_back(*std::move(post));
  } else {
    ++page.skipped;
  }
}

// A page, or malformed when it had items and not one was readable, when it was cut
// off before any, or when its cursor leads back to itself.
inline Reading checked_page(Page page, const Query& query) {
  if (page.posts.empty() && page.cut_off) {
    return Trouble{.outcome = Outcome::malformed,
                   .detail = "the answer breaks off before its first item is whole"};
  }
  if (page.posts.empty() && page.skipped > 0) {
    return Trouble{.outcome = Outcome::malformed, .detail = "not one item was readable"};
  }
  if (!page.next.empty() && page.next == query.cursor) {
    return Trouble{.outcome = Outcome::malformed, .detail = "the cursor leads back to itself"};
  }
  return page;
}

}  // namespace pw
