#include <catch2/catch.hpp>

#include "daemon/core/http.h"
#include "daemon/core/post.h"

using namespace pw;

TEST_CASE("a post's digest changes with whatever a reader could see, and with nothing else") {
  Post post;
  post.id = "1";
  post.text = "ab";
  const Digest before = digest_of(post);
  Post other = post;
  other.server_at = Instant{Millis{5}};
  other.pinned = true;
  CHECK(digest_of(other) == before);
  const auto changed = [&](auto&& change) {
    Post copy = post;
    change(copy);
    return digest_of(copy) != before;
  };
  CHECK(changed([](Post& p) { p.text = "ac"; }));
  CHECK(changed([](Post& p) { p.surface = Surface::reel; }));
  CHECK(changed([](Post& p) { p.edited_at = Instant{}; }));
  CHECK(changed([](Post& p) { p.tags = {"x"}; }));
  CHECK(changed([](Post& p) { p.links = {"x"}; }));
  CHECK(changed([](Post& p) { p.paid_partnership = false; }));
  // Fields cannot flow into each other.
  CHECK(changed([](Post& p) { p.text = "a", p.url = "b"; }));
}

TEST_CASE("headers are found without case, the first of a name") {
  HttpHeaders headers;
  headers.add("ETag", "W/\"1\"");
  headers.add("X-Thing", "");
  headers.add("etag", "2");
  CHECK(headers.find("etag") == "W/\"1\"");
  CHECK(headers.find("x-thing") == "");
  CHECK_FALSE(headers.find("x-thin"));
  CHECK(headers.size() == 3);
  headers.clear();
  CHECK_FALSE(headers.find("etag"));
}
