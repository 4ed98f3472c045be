// How far a stream has been heard, and what that covers.
#include "daemon/stream/progress.h"

#include <catch2/catch.hpp>

#include "daemon/stream/listener.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

constexpr JetstreamCursor noon = 1'789'567'408'101'223;

JetstreamEvent event(std::string rev, JetstreamCursor at, std::string post_id = "p") {
  JetstreamEvent made;
  made.post_id = std::move(post_id);
  made.did = "did:plc:k3zq7yexampleacct2pledg3";
  made.at = at;
  made.rev = std::move(rev);
  return made;
}

}  // namespace

TEST_CASE("what comes again after a reconnect is known by its revision") {
  StreamProgress progress(std::nullopt);
  CHECK_FALSE(progress.resume_from());
  CHECK(progress.hear(1, event("3b", noon)));
  CHECK(progress.hear(1, event("3d", noon + 10)));
  CHECK_FALSE(progress.hear(1, event("3b", noon)));
  // A commit may write several records.
  CHECK(progress.hear(1, event("3d", noon + 10, "q")));
  CHECK_FALSE(progress.hear(1, event("3d", noon + 10, "q")));
  // Another account's revisions are its own.
  CHECK(progress.hear(2, event("3a", noon + 20)));
  // An identity or account event has none.
  CHECK(progress.hear(1, event("", noon + 30)));
  CHECK(progress.cursor() == noon + 30);
  CHECK(progress.resume_from() == noon + 30 - jetstream_rewind_us);
  // A replay does not move the cursor back.
  progress.hear(1, event("3e", noon));
  CHECK(progress.cursor() == noon + 30);
}

TEST_CASE("a gap that the server does not keep is known as one") {
  const StreamProgress progress(noon);
  const Instant then = instant_of_ms(noon / 1000);
  CHECK_FALSE(progress.has_lost(then + 35h));
  CHECK(progress.has_lost(then + 37h));
  CHECK_FALSE(StreamProgress(std::nullopt).has_lost(then));
}

TEST_CASE("an account is covered until its server named the last revision heard of it") {
  StreamProgress progress(std::nullopt);
  const Instant at = instant_of_ms(noon / 1000);
  // A connection alone covers nothing.
  CHECK_FALSE(progress.compare(1, "3a", at));
  CHECK_FALSE(progress.covered_until(1));
  progress.hear(1, event("3a", noon));
  CHECK(progress.compare(1, "3a", at));
  CHECK(progress.covered_until(1) == at);
  // The server is further than the stream: nothing new is covered.
  CHECK_FALSE(progress.compare(1, "3b", at + 1min));
  CHECK(progress.covered_until(1) == at);
  progress.hear(1, event("3b", noon + 60));
  CHECK(progress.compare(1, "3b", at + 2min));
  CHECK(progress.covered_until(1) == at + 2min);
  CHECK_FALSE(progress.covered_until(2));
}

TEST_CASE("reconnecting slows down to a minute, and not for everybody at once") {
  Millis last{0};
  for (int failures = 1; failures <= 12; ++failures) {
    const Millis pause = reconnect_after(failures, 7);
    CHECK(pause >= 750ms);
    CHECK(pause <= 1min);
    if (failures <= 6) CHECK(pause > last);
    last = pause;
  }
  CHECK(reconnect_after(8, 7) >= 45s);
  CHECK(reconnect_after(3, 1) != reconnect_after(3, 2));
}
