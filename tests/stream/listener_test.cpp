// The listener against a server that speaks the wire: nothing is lost between two
// connections, and nothing that is sent takes it down.
#include "tests/stream/support/listening.h"

using namespace pw;

namespace {

constexpr JetstreamCursor noon = 1'789'567'408'101'223;
constexpr JetstreamCursor second = 1'000'000;

bool has(const std::vector<std::string>& lines, std::string_view word) {
  for (const std::string& line : lines) {
    if (line.find(word) != std::string::npos) return true;
  }
  return false;
}

using Heard = std::vector<std::string>;

}  // namespace

TEST_CASE("the server sends nothing before it knows for whom") {
  Listening day;
  day.start();
  REQUIRE(day.until([&] { return day.server.filters() == 1; }));
  CHECK(day.server.asked().front() == "/subscribe?requireHello=true");
  CHECK(day.server.filter() == Heard{brandco});
  day.server.publish(bakery, noon, post_event(bakery, noon, "3a", "not-ours"));
  day.server.publish(brandco, noon, post_event(brandco, noon, "3a", "ours"));
  REQUIRE(day.until([&] { return !day.heard.empty(); }));
  CHECK(day.heard == Heard{"1 ours"});
  CHECK(day.listener->is_connected());
  CHECK(day.stop());
}

TEST_CASE("an account that comes later is told to the server that is connected") {
  Listening day;
  Listener& listener = day.start();
  REQUIRE(day.until([&] { return day.server.filters() == 1; }));
  listener.add(2, bakery);
  REQUIRE(day.until([&] { return day.server.filters() == 2; }));
  CHECK(day.server.connections() == 1);
  day.server.publish(bakery, noon, post_event(bakery, noon, "3a", "bread"));
  REQUIRE(day.until([&] { return !day.heard.empty(); }));
  CHECK(day.heard == Heard{"2 bread"});
  CHECK(day.stop());
}

TEST_CASE("what happened between two connections is heard once, by the cursor") {
  Listening day;
  day.start();
  REQUIRE(day.until([&] { return day.server.filters() == 1; }));
  day.server.publish(brandco, noon, post_event(brandco, noon, "3a", "first"));
  REQUIRE(day.until([&] { return day.heard.size() == 1; }));
  day.server.cut_all();
  REQUIRE(day.until([&] { return !day.listener->is_connected(); }));
  day.server.publish(brandco, noon + second, post_event(brandco, noon + second, "3b", "missed"));
  REQUIRE(day.until([&] { return day.heard.size() == 2; }));
  // The replay begins before the last event; what was heard is not heard again.
  CHECK(day.server.asked().back() ==
        "/subscribe?requireHello=true&cursor=" + std::to_string(noon - jetstream_rewind_us));
  day.server.publish(brandco, noon + 2 * second,
                     post_event(brandco, noon + 2 * second, "3c", "missed", "delete"));
  REQUIRE(day.until([&] { return day.heard.size() == 3; }));
  CHECK(day.heard == Heard{"1 first", "1 missed", "1 missed"});
  CHECK(day.kept_cursor >= noon);
  CHECK(has(day.journal, "stream_closed"));
  CHECK(day.stop());
}

TEST_CASE("a restart resumes from the stored cursor") {
  Listening day(noon);
  day.server.publish(brandco, noon + second, post_event(brandco, noon + second, "3b", "asleep"));
  day.start();
  REQUIRE(day.until([&] { return !day.heard.empty(); }));
  CHECK(day.heard == Heard{"1 asleep"});
  // Years later the server has none of it: that is said, and looks cover it.
  CHECK(has(day.journal, "stream_lost") ==
        (ms_of(day.clock.now()) * 1000 - noon > jetstream_lookback_us));
  CHECK(day.stop());
}

TEST_CASE("closes, refusals and nonsense end in another connection, not in silence") {
  Listening day;
  day.start();
  REQUIRE(day.until([&] { return day.server.filters() == 1; }));
  day.server.say("{");
  day.server.say(R"({"kind":"sync"})");
  REQUIRE(day.until([&] { return day.listener->unreadable() == 2; }));
  CHECK(has(day.journal, "stream_unreadable"));
  for (const int number : {1001, 1007, 1008}) {
    const auto code = static_cast<std::uint16_t>(number);
    const int before = day.server.connections();
    day.server.close_all(code, "going away");
    REQUIRE(day.until([&] { return day.server.connections() == before + 1; }));
    REQUIRE(day.until([&] { return day.listener->is_connected(); }));
    day.server.say("{");  // a word from the server: this connection works
    const auto unreadable = day.listener->unreadable();
    REQUIRE(day.until([&] { return day.listener->unreadable() > unreadable; }));
  }
  CHECK(has(day.journal, "closed with 1001 going away"));
  day.server.decline(503, 1);
  day.server.cut_all();
  const int before = day.server.connections();
  REQUIRE(day.until([&] { return day.server.connections() == before + 1; }));
  CHECK(day.stop());
}

// zstd is off, and a frame of it cannot be what was asked for; nor can sixteen megabytes.
TEST_CASE("a frame that is no text, or beyond all measure, ends in another connection") {
  Listening day;
  day.start();
  REQUIRE(day.until([&] { return day.server.filters() == 1; }));
  day.server.say_bytes("\x28\xb5\x2f\xfd of a dictionary that nobody has");
  REQUIRE(day.until([&] { return day.server.connections() == 2; }));
  CHECK(has(day.journal, "a message that is no text"));
  REQUIRE(day.until([&] { return day.server.filters() == 2; }));
  day.server.say(std::string(16 * 1024 * 1024 + 1, 'x'));
  REQUIRE(day.until([&] { return day.server.connections() == 3; }));
  REQUIRE(day.until([&] { return day.server.filters() == 3; }));
  day.server.publish(brandco, noon, post_event(brandco, noon, "3a", "after"));
  REQUIRE(day.until([&] { return !day.heard.empty(); }));
  CHECK(day.heard == Heard{"1 after"});
  CHECK(day.stop());
}

TEST_CASE("a peer that answers pings is there though it says nothing; one that does not is gone") {
  Listening day(std::nullopt, Millis{200});
  day.start();
  REQUIRE(day.until([&] { return day.server.filters() == 1; }));
  // Two pings are a silence's length.
  REQUIRE(day.until([&] { return day.server.pings() >= 5; }));
  CHECK(day.server.connections() == 1);
  CHECK(day.listener->is_connected());
  day.server.freeze();
  REQUIRE(day.until([&] { return day.server.connections() == 2; }));
  CHECK(has(day.journal, "stream_closed"));
  REQUIRE(day.until([&] { return day.server.filters() == 2; }));
  // Whatever the filter says, news of others is no news; nor does it hold for what is no post.
  day.server.say(post_event(bakery, noon, "3a", "of somebody else"));
  for (const char* kind : {"identity", "account"}) {
    day.server.say(R"({"did":")" + bakery + R"(","time_us":)" + std::to_string(noon) +
                   R"(,"kind":")" + kind + R"(",")" + kind + R"(":{"active":false}})");
  }
  day.server.publish(brandco, noon, post_event(brandco, noon, "3a", "after"));
  REQUIRE(day.until([&] { return !day.heard.empty(); }));
  CHECK(day.heard == Heard{"1 after"});
  CHECK(day.stop());
}

TEST_CASE("with nobody to listen for there is no connection: no filter means everyone") {
  Listening day;
  ListenerParts parts{.clock = day.clock, .sockets = *day.sockets, .log = day.log};
  parts.base = day.server.address();
  parts.load_cursor = [] { return std::nullopt; };
  parts.save_cursor = [](JetstreamCursor) {};
  day.listener = std::make_unique<Listener>(std::move(parts));
  day.group.spawn("stream", day.listener->run());
  for (int i = 0; i < 20; ++i) day.io.run_one_for(std::chrono::milliseconds(5));
  CHECK(day.server.asked().empty());
  CHECK(day.stop());
}

TEST_CASE("one socket takes ten thousand accounts and not one more") {
  Listening day;
  ListenerParts parts{.clock = day.clock, .sockets = *day.sockets, .log = day.log};
  parts.base = day.server.address();
  parts.allowance = allow(day.server);
  parts.load_cursor = [] { return std::nullopt; };
  parts.save_cursor = [](JetstreamCursor) {};
  day.listener = std::make_unique<Listener>(std::move(parts));
  for (AccountNumber i = 0; i < jetstream_accounts_max; ++i) {
    std::string did = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
    for (AccountNumber rest = i, at = 31; rest > 0; rest /= 26, --at)
      did[at] = static_cast<char>('a' + rest % 26);
    REQUIRE(day.listener->add(i + 1, did));
  }
  CHECK_FALSE(day.listener->add(20'000, "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz"));
  day.group.spawn("stream", day.listener->run());
  REQUIRE(day.until([&] { return day.server.filters() == 1; }));
  CHECK(day.server.filter().size() == jetstream_accounts_max);
  CHECK(day.stop());
}
