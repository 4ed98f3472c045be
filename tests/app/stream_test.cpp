// The daemon and its stream, in simulated time: what is heard brings a look
// forward, a reload changes for whom it listens, and a silence proves nothing.
#include <algorithm>
#include <deque>
#include <filesystem>
#include <set>

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <catch2/catch.hpp>

#include "connectors/registry.h"
#include "daemon/app/daemon.h"
#include "daemon/ledger/entry.h"
#include "daemon/rehearsal/mint.h"
#include "daemon/rehearsal/sim_network.h"
#include "daemon/runtime/sim_clock.h"
#include "daemon/store/store.h"
#include "tests/app/support/campaign.h"

using namespace pw;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

const Instant noon = *parse_rfc3339("2026-09-16T12:00:00Z");
const Interval window{noon + 30min, noon + 90min};
const std::string site = "http://127.0.0.1:8420/bluesky";

// One connection at a time to a stream that the test speaks for.
struct Line {
  std::deque<std::string> waiting;
  std::vector<std::string> sent;
  std::vector<asio::steady_timer*> sleepers;
  bool is_up = false;     // a socket is open
  bool declines = false;  // and no further one will be
  int opened = 0;

  void say(std::string message) {
    waiting.push_back(std::move(message));
    wake();
  }
  void drop() {
    is_up = false;
    wake();
  }
  void wake() {
    for (asio::steady_timer* sleeper : sleepers) sleeper->cancel();
  }
};

class LineSocket final : public MessageSocket {
 public:
  explicit LineSocket(Line& line) : line_(line) {}
  asio::awaitable<Result<Done>> send(std::string_view text) override {
    line_.sent.emplace_back(text);
    co_return Done{};
  }
  asio::awaitable<Result<Done>> receive(std::string& text) override {
    while (line_.is_up && line_.waiting.empty()) {
      asio::steady_timer gate(co_await asio::this_coro::executor,
                              asio::steady_timer::time_point::max());
      line_.sleepers.push_back(&gate);
      co_await gate.async_wait(asio::as_tuple(asio::use_awaitable));
      std::erase(line_.sleepers, &gate);
      const auto state = co_await asio::this_coro::cancellation_state;
      if (state.cancelled() != asio::cancellation_type::none) {
        throw boost::system::system_error(asio::error::operation_aborted);
      }
    }
    if (!line_.is_up) co_return Error{Errc::transient, "the peer is gone"};
    text = std::move(line_.waiting.front());
    line_.waiting.pop_front();
    co_return Done{};
  }

 private:
  Line& line_;
};

class LineOpener final : public SocketOpener {
 public:
  explicit LineOpener(Line& line) : line_(line) {}
  asio::awaitable<Result<std::unique_ptr<MessageSocket>>> open(const HttpRequest&) override {
    if (line_.declines) co_return Error{Errc::transient, "nobody answers"};
    ++line_.opened;
    line_.is_up = true;
    co_return std::unique_ptr<MessageSocket>(std::make_unique<LineSocket>(line_));
  }

 private:
  Line& line_;
};

SimAccount person(std::uint64_t serial) {
  SimAccount account;
  account.platform = "bluesky";
  account.handle = account.name = "person" + std::to_string(serial) + ".example.com";
  account.id = mint::did(serial);
  account.actor = "Person " + std::to_string(serial);
  return account;
}

SimPost post_of(const SimAccount& account, Instant created) {
  SimPost post;
  post.created = post.declared = created;
  post.serial = static_cast<std::uint64_t>(ms_of(created)) % 100'000;
  post.text = "post";
  post.id = "at://" + account.id + "/app.bsky.feed.post/" + mint::tid(created, post.serial);
  return post;
}

std::string event_of(const SimAccount& account, const SimPost& post) {
  const std::string key = post.id.substr(post.id.rfind('/') + 1);
  return R"({"did":")" + account.id + R"(","time_us":)" +
         std::to_string(ms_of(post.created) * 1000) + R"(,"kind":"commit","commit":{"rev":")" +
         key + R"(","operation":"create","collection":"app.bsky.feed.post","rkey":")" + key +
         R"(","record":{"text":"post","createdAt":")" + print_rfc3339(post.created) +
         R"("},"cid":"bafy"}})";
}

// The small campaign of the other tests, its accounts replaced by people of ours.
Setup campaign_of(const std::string& folder, const std::vector<SimAccount>& people) {
  Setup setup = test::small_campaign(folder, static_cast<int>(people.size()), window);
  setup.config.connectors.clear();
  setup.connectors.clear();
  setup.config.sinks.clear();
  setup.sink_conditions.clear();
  ConnectorConfig bluesky;
  bluesky.name = "bluesky";
  bluesky.base = bluesky.home = bluesky.directory = site;
  bluesky.allowance = {.hosts = {"127.0.0.1"}, .ports = {8420}};
  bluesky.stream = "jetstream";
  bluesky.stream_url = "ws://127.0.0.1:8421";
  bluesky.interval = std::chrono::minutes(10);
  ConnectorSettings settings;
  settings.base = settings.home = settings.directory = site;
  settings.allowance = bluesky.allowance;
  setup.connectors.emplace("bluesky", make_connector("bluesky", settings));
  setup.config.connectors.emplace("bluesky", std::move(bluesky));
  for (std::size_t i = 0; i < people.size(); ++i) {
    setup.roster.accounts[i].platform = "bluesky";
    setup.roster.accounts[i].handle = people[i].handle;
  }
  setup.plan = plan_campaign(setup.config, setup.roster, setup.connectors);
  return setup;
}

class StreamDay {
 public:
  explicit StreamDay(std::vector<SimAccount> people) : world_(population) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    population.accounts = std::move(people);
    Setup setup = campaign_of(folder.string(), population.accounts);
    World whole{io, clock, network, log, seeded_random(7)};
    whole.sockets = &opener;
    auto opened = Daemon::open(std::move(whole), std::move(setup));
    REQUIRE(opened);
    daemon = *std::move(opened);
    daemon->start(group, /*until_closed=*/false);
    clock.advance(io, 0ms);
  }
  ~StreamDay() { fs::remove_all(folder); }

  void pass(Millis span) { clock.advance(io, span); }

  // Ends the day; then its log can be read.
  std::vector<Entry> end() {
    bool joined = false;
    asio::co_spawn(io, group.join(), [&](std::exception_ptr) { joined = true; });
    group.stop();
    for (int i = 0; i < 10 && !joined; ++i) clock.advance(io, 1s);
    REQUIRE(joined);
    REQUIRE(daemon->finish("test"));
    daemon.reset();
    auto store = open_sqlite((folder / "state/pledgewatch.db").string(), OpenMode::read_only);
    REQUIRE(store);
    std::vector<Entry> entries;
    REQUIRE((*store)->each_leaf(0, 100'000, [&](std::uint64_t, std::string_view leaf) {
      entries.push_back(*decode(leaf));
      return true;
    }));
    return entries;
  }

  fs::path folder = fs::temp_directory_path() / ("pw-stream-" + std::to_string(::getpid()));
  Population population;
  asio::io_context io{1};
  SimClock clock{noon};
  SimWorld world_;
  SimNetwork network{world_, clock};
  Line line;
  LineOpener opener{line};
  std::vector<std::string> journal;
  Log log{[this](LogLevel, const std::string& text) { journal.push_back(text); }, LogLevel::info};
  TaskGroup group{io.get_executor()};
  std::unique_ptr<Daemon> daemon;
};

std::vector<PostEntry> appeared_in(const std::vector<Entry>& entries) {
  std::vector<PostEntry> posts;
  for (const Entry& entry : entries) {
    const PostEntry* post = std::get_if<PostEntry>(&entry);
    if (post && post->event == PostEvent::appeared) posts.push_back(*post);
  }
  return posts;
}

std::vector<Instant> looks_within(const std::vector<Entry>& entries, Interval span) {
  std::vector<Instant> times;
  for (const Entry& entry : entries) {
    const LooksEntry* looks = std::get_if<LooksEntry>(&entry);
    if (looks == nullptr) continue;
    for (const Look& look : looks->looks) {
      if (span.contains(look.received)) times.push_back(look.received);
    }
  }
  return times;
}

}  // namespace

TEST_CASE("what the stream says is looked at within seconds, not at the next turn") {
  SimAccount one = person(1);
  const Instant posted = noon + 43min + 10s;
  one.posts = {post_of(one, noon - 1h), post_of(one, posted)};
  StreamDay day({one});
  day.pass(posted - noon + 500ms);
  REQUIRE(day.line.is_up);
  day.line.say(event_of(one, one.posts[1]));
  day.pass(3s);
  const auto posts = appeared_in(day.end());
  REQUIRE(posts.size() == 1);
  // Looks alone are ten minutes apart.
  CHECK(posts[0].appeared.end <= posted + 3s);
  CHECK(posts[0].appeared.end >= posted);
}

TEST_CASE("a reload tells the stream of who came and who went") {
  const SimAccount stays = person(1);
  const SimAccount goes = person(2);
  const SimAccount comes = person(3);
  StreamDay day({stays, goes, comes});
  // The third leaves, and comes back in place of the second.
  REQUIRE(day.daemon->reload(campaign_of(day.folder.string(), {stays, goes}), "op", "first"));
  day.pass(15min);
  REQUIRE_FALSE(day.line.sent.empty());
  CHECK(day.line.sent.back().find(stays.id) != std::string::npos);
  CHECK(day.line.sent.back().find(goes.id) != std::string::npos);
  CHECK(day.line.sent.back().find(comes.id) == std::string::npos);

  REQUIRE(day.daemon->reload(campaign_of(day.folder.string(), {stays, comes}), "op", "changed"));
  day.pass(15min);
  CHECK(day.line.sent.back().find(stays.id) != std::string::npos);
  CHECK(day.line.sent.back().find(goes.id) == std::string::npos);
  CHECK(day.line.sent.back().find(comes.id) != std::string::npos);
  // On the connection that was there.
  CHECK(day.line.opened == 1);
  day.end();
}

TEST_CASE("while the stream is away only looks cover, and what went between two is not known") {
  SimAccount one = person(1);
  const Instant posted = noon + 42min;
  one.posts = {post_of(one, noon - 1h), post_of(one, posted)};
  one.posts[1].deleted = posted + 20s;
  StreamDay day({one});
  day.pass(40min);
  REQUIRE(day.line.is_up);
  day.line.declines = true;
  day.line.drop();
  day.pass(30min);
  day.line.declines = false;
  day.pass(20min);
  // It listens again; of what it missed nothing was replayed.
  CHECK(day.line.is_up);
  CHECK(day.line.opened == 2);
  const auto entries = day.end();
  CHECK(appeared_in(entries).empty());
  // No look was made up for the time in between: they are as far apart as planned.
  const auto looks = looks_within(entries, {noon + 40min, noon + 70min});
  CHECK(looks.size() >= 2);
  CHECK(looks.size() <= 4);
  for (std::size_t i = 1; i < looks.size(); ++i) CHECK(looks[i] - looks[i - 1] > 5min);
}

TEST_CASE("a post that came and went is known when the stream heard it") {
  SimAccount one = person(1);
  const Instant posted = noon + 42min;
  one.posts = {post_of(one, noon - 1h), post_of(one, posted)};
  one.posts[1].deleted = posted + 1s;
  StreamDay day({one});
  day.pass(posted - noon + 1s);
  REQUIRE(day.line.is_up);
  day.line.say(event_of(one, one.posts[1]));
  day.pass(1min);
  const auto entries = day.end();
  const auto posts = appeared_in(entries);
  REQUIRE(posts.size() == 1);
  CHECK(posts[0].appeared.end <= posted + 2s);
  const bool removed = std::any_of(entries.begin(), entries.end(), [](const Entry& entry) {
    const PostEntry* post = std::get_if<PostEntry>(&entry);
    return post && post->event == PostEvent::removed;
  });
  CHECK(removed);
}

TEST_CASE("no two posts share a salt, be they heard of or seen") {
  SimAccount one = person(1);
  const Instant posted = noon + 42min;
  one.posts = {post_of(one, noon - 1h), post_of(one, posted), post_of(one, posted + 15min),
               post_of(one, posted + 30min)};
  one.posts[1].deleted = posted + 1s;
  StreamDay day({one});
  day.pass(posted - noon + 1s);
  day.line.say(event_of(one, one.posts[1]));
  day.pass(1h);
  day.end();
  const auto store =
      open_sqlite((day.folder / "state/pledgewatch.db").string(), OpenMode::read_only);
  REQUIRE(store);
  constexpr AccountNumber first = 1;
  const auto posts = (*store)->posts_of({&first, 1});
  REQUIRE(posts);
  std::set<std::string> salts;
  for (const StoredPost& post : *posts) salts.insert(post.salt);
  CHECK(posts->size() == 4);
  CHECK(salts.size() == 4);
}

TEST_CASE("the habit that a first list tells of is said once, after its posts") {
  SimAccount one = person(1);
  one.posts = {post_of(one, noon - 30h), post_of(one, noon - 5h)};
  StreamDay day({one});
  day.pass(30min);
  const auto entries = day.end();
  std::vector<std::string> said;
  for (const Entry& entry : entries) {
    if (std::holds_alternative<PostEntry>(entry)) said.push_back("post");
    const HabitEntry* habit = std::get_if<HabitEntry>(&entry);
    if (habit)
      said.push_back(std::to_string(habit->silent) + " of " + std::to_string(habit->spans));
  }
  CHECK(said == std::vector<std::string>{"post", "post", "29 of 30"});
}
