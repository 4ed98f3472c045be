// What a person saw: recorded once, with its picture's digest in the log, and
// through the inbox while a daemon holds the store.
#include "daemon/app/observations.h"

#include <catch2/catch.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/core/observation.h"
#include "daemon/ledger/entry.h"
#include "daemon/runtime/sim_clock.h"
#include "tests/store/support/temp_folder.h"

namespace pw {
namespace {

const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");

Observed story(std::string witness = "anna") {
  Observed observed;
  observed.account = "instagram:riverbank.bakery";
  observed.url = "https://www.instagram.com/stories/riverbank.bakery/1/";
  observed.seen = noon;
  observed.witness = std::move(witness);
  observed.note = "An advert #sale";
  observed.file = "ab.png";
  observed.digest = sha256("picture");
  return observed;
}

Roster roster_of_one() {
  Roster roster;
  Account account;
  account.platform = "instagram";
  account.handle = "riverbank.bakery";
  roster.accounts = {account};
  return roster;
}

std::vector<std::string> leaves_of(Store& store) {
  std::vector<std::string> leaves;
  const auto count = store.leaf_count();
  REQUIRE(count);
  REQUIRE(store.each_leaf(0, *count, [&](std::uint64_t, std::string_view leaf) {
    leaves.emplace_back(leaf);
    return true;
  }));
  return leaves;
}

}  // namespace

TEST_CASE("an observation is written and read back, and nothing else is taken for one") {
  Observed observed = story();
  observed.without = noon - std::chrono::hours(1);
  const auto again = parse_observed(print_observed(observed));
  REQUIRE(again);
  CHECK(print_observed(*again) == print_observed(observed));
  for (const char* field : {"account", "surface", "url", "seen", "witness", "sha256"}) {
    std::string text = print_observed(observed);
    const std::size_t at = text.find('"' + std::string(field) + '"');
    REQUIRE(at != std::string::npos);
    text[at + 1] = '_';
    INFO(field);
    CHECK_FALSE(parse_observed(text));
  }
  Observed elsewhere = story();
  elsewhere.file = "../../log.key";
  CHECK_FALSE(parse_observed(print_observed(elsewhere)));
  CHECK_FALSE(parse_observed("[]"));
  CHECK_FALSE(parse_observed(""));
}

TEST_CASE("a story goes back a day, a live eight hours, unless somebody looked before") {
  Observed observed = story();
  CHECK(appeared_of(observed).start == noon - std::chrono::hours(24));
  CHECK(appeared_of(observed).end == noon);
  observed.surface = Surface::live;
  CHECK(appeared_of(observed).start == noon - std::chrono::hours(8));
  observed.without = noon - std::chrono::minutes(20);
  CHECK(appeared_of(observed).start == noon - std::chrono::minutes(20));
  observed.surface = Surface::post;
  observed.without.reset();
  CHECK(appeared_of(observed).start == Instant{});
}

TEST_CASE("an observation becomes a post that no look can miss, and two entries of the log") {
  const TempFolder folder;
  auto store = open_sqlite(folder.file("p.db"), OpenMode::read_write);
  REQUIRE(store);
  Roster roster = roster_of_one();
  REQUIRE((*store)->enrol(roster.accounts, {}));
  const AccountNumber number = roster.accounts[0].number;
  REQUIRE(record_observation(**store, number, story(), std::string(16, 's'), noon));
  REQUIRE(record_observation(**store, number, story(), std::string(16, 't'), noon));
  REQUIRE(record_observation(**store, number, story("ben"), std::string(16, 'u'), noon));
  const auto posts = (*store)->posts_of(std::vector<AccountNumber>{number});
  REQUIRE(posts);
  REQUIRE(posts->size() == 2);
  CHECK(is_observed((*posts)[0].post.id));
  CHECK((*posts)[0].post.surface == Surface::story);
  CHECK_FALSE((*posts)[0].baseline);
  CHECK((*store)->unscreened(10)->size() == 2);
  const auto leaves = leaves_of(**store);
  REQUIRE(leaves.size() == 4);
  for (const std::string& leaf : leaves) CHECK(decode(leaf));
  CHECK(leaves[1].find(print_hex(sha256("picture"))) != std::string::npos);
  CHECK(leaves[1].find("anna") == std::string::npos);
}

TEST_CASE("the daemon takes observations from its inbox, and moves aside what is none") {
  const TempFolder folder;
  auto store = open_sqlite(folder.file("p.db"), OpenMode::read_write);
  REQUIRE(store);
  auto state = open_folder(folder.file("state"));
  REQUIRE(state);
  Roster roster = roster_of_one();
  REQUIRE((*store)->enrol(roster.accounts, {}));
  boost::asio::io_context io(1);
  SimClock clock(noon);
  std::vector<std::string> lines;
  Log log([&](LogLevel, const std::string& line) { lines.push_back(line); });
  int news = 0;
  InboxParts parts{**state,        **store, clock, log, roster, [] { return std::string(16, 's'); },
                   [&] { ++news; }};
  boost::asio::cancellation_signal stop;
  boost::asio::co_spawn(
      io, read_inbox(std::move(parts)),
      boost::asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
  clock.advance(io, std::chrono::seconds(3));
  CHECK(lines.empty());
  Observed stranger = story();
  stranger.account = "instagram:nobody";
  REQUIRE((*state)->replace("inbox/a.json", print_observed(story())));
  REQUIRE((*state)->replace("inbox/b.json", print_observed(stranger)));
  REQUIRE((*state)->replace("inbox/c.json", "not JSON"));
  clock.advance(io, std::chrono::seconds(2));
  CHECK(news == 1);
  CHECK((*store)->unscreened(10)->size() == 1);
  CHECK((*state)->list("inbox")->empty());
  CHECK((*state)->list("inbox-refused")->size() == 2);
  CHECK(lines.size() == 3);
  stop.emit(boost::asio::cancellation_type::terminal);
  clock.advance(io, Millis{0});
}

}  // namespace pw
