#include "daemon/poll/list_order.h"

#include <algorithm>

namespace pw {

// GoToSocial answers as Mastodon does, and dates a post and its id as the author says
// (platforms-open 1.2).
ListKind order_of(const Before& before, const Reach& reach) {
  const Declaration& declared = before.declaration;
  const bool stamps = declared.list == ListKind::complete && declared.clock == PostClock::server;
  const bool unstamped =
      stamps && std::any_of(reach.posts.begin(), reach.posts.end(),
                            [](const Post& post) { return !post.pinned && !post.server_at; });
  return unstamped ? ListKind::claimed_order : declared.list;
}

}  // namespace pw
