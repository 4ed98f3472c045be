// What an answer says before its list is compared with anything.
#include <catch2/catch.hpp>

#include "daemon/poll/sight.h"

using namespace pw;

TEST_CASE("an equal first page says nothing of a list in any order that goes on") {
  Page page;
  page.posts.resize(1);
  page.posts[0].id = "a";
  Sight sight;
  AccountState state;
  state.has_baseline = true;
  state.body_digest = sight.body_digest;
  state.list_digest = digest_of_list(page.posts);
  CHECK(same_bytes(state, sight, ListKind::complete));
  CHECK(same_list(state, sight, page, ListKind::whole));
  page.next = "cursor";
  CHECK(same_list(state, sight, page, ListKind::complete));
  CHECK_FALSE(same_list(state, sight, page, ListKind::whole));
  CHECK_FALSE(same_bytes(state, sight, ListKind::whole));
}
