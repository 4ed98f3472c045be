// When findings that wait are told, over simulated time: one row, one morning.
#include <algorithm>
#include <map>
#include <memory>

#include <rapidcheck.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "daemon/core/hash.h"
#include "daemon/outbox/pace.h"
#include "daemon/outbox/tell_held.h"
#include "daemon/outbox/together.h"
#include "tests/store/support/memory_store.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

const Instant nine = *parse_rfc3339("2020-09-16T09:00:00Z");
const std::string sink = "chat";

struct Arrival {
  Millis at;
  std::string group;
};

// A silence about one finding; they are named f0, f1 in the order of their coming.
struct Quiet {
  Millis from;
  Millis to;
  std::string finding;
};

// Plays the arrivals, asking whenever something comes or is due, and prints what was
// told: "30s a:2" is one message of group a about two findings, "+9" one that counts
// nine over the limit, "-f0" a finding that a silence held back.
struct Morning {
  Pace pace;
  std::vector<Quiet> silences{};
  PaceMemory memory{};
  std::shared_ptr<Store> store = std::make_shared<MemoryStore>();
  std::map<std::string, std::string> group_of{};  // by finding
  std::int64_t noted = 0;                         // place of the last delivery in `text`
  std::string text{};
  int number = 0;

  std::string silenced(const HeldAlert& alert, Instant now) const {
    for (const Quiet& quiet : silences) {
      if (quiet.finding == alert.finding && now >= nine + quiet.from && now < nine + quiet.to)
        return "silenced";
    }
    return {};
  }

  void come(const std::string& group, Instant now) {
    const std::string finding = "f" + std::to_string(number++);
    group_of[finding] = group;
    REQUIRE(store->commit_screening({.held = {{sink, group, finding, "", now}}}));
  }

  std::optional<Instant> tell(Instant now) {
    const auto told = tell_held(
        *store, {sink, false, pace}, now,
        [&](const HeldAlert& alert) { return silenced(alert, now); }, memory);
    REQUIRE(told);
    const auto deliveries = *store->deliveries({.beyond = noted});
    CHECK(told->any == !deliveries.empty());
    for (const Delivery& delivery : deliveries) note(delivery, now);
    return told->next;
  }

  void note(const Delivery& delivery, Instant now) {
    const OutboxRow& row = delivery.row;
    const std::string size = std::to_string(1 + row.also.size());
    text += (text.empty() ? "" : ", ") + print_duration(now - nine) + ' ';
    if (!row.withheld.empty())
      text += '-' + row.finding;
    else
      text += row.id.starts_with("more_") ? "+" + size : group_of[row.finding] + ':' + size;
    noted = delivery.place;
  }

  void run(const std::vector<Arrival>& arrivals, Millis until) {
    std::size_t next = 0;
    for (Instant now = nine; now <= nine + until;) {
      for (; next < arrivals.size() && nine + arrivals[next].at <= now; ++next)
        come(arrivals[next].group, now);
      Instant then = tell(now).value_or(Instant::max());
      if (next < arrivals.size()) then = std::min(then, nine + arrivals[next].at);
      if (then == Instant::max()) break;
      REQUIRE(then > now);
      now = then;
    }
  }

  std::vector<Delivery> told() const { return *store->deliveries(); }
  bool nothing_waits() const { return store->held()->empty(); }
};

std::vector<Arrival> burst(int count, Millis at, const std::string& group = "") {
  std::vector<Arrival> arrivals;
  for (int i = 0; i < count; ++i)
    arrivals.push_back({at, group.empty() ? std::to_string(i) : group});
  return arrivals;
}

struct Row {
  Pace pace;
  std::vector<Arrival> arrivals;
  std::string told;
};

const Pace by_actor{true, 30s, 5min, {}};
const Pace three_an_hour{false, 0s, 0s, Flood{3, 1h}};
const Pace both{true, 30s, 5min, Flood{1, 1h}};

}  // namespace

TEST_CASE("a group waits, then goes as one; the next of it after the interval") {
  const Row rows[] = {
      // One finding alone waits for others and goes by itself.
      {by_actor, {{0s, "a"}}, "30 s a:1"},
      // What comes within the wait is told together; the wait is the first one's.
      {by_actor, {{0s, "a"}, {10s, "a"}, {29s, "a"}}, "30 s a:3"},
      // Actors do not wait for each other.
      {by_actor, {{0s, "a"}, {10s, "b"}}, "30 s a:1, 40 s b:1"},
      // After a message the group is quiet for the interval, then tells all since.
      {by_actor, {{0s, "a"}, {1min, "a"}, {4min, "a"}}, "30 s a:1, 5 min 30 s a:2"},
      // After the interval a new one waits again.
      {by_actor, {{0s, "a"}, {10min, "a"}}, "30 s a:1, 10 min 30 s a:1"},
  };
  for (const Row& row : rows) {
    Morning morning{row.pace};
    morning.run(row.arrivals, 3h);
    CHECK(morning.text == row.told);
    CHECK(morning.nothing_waits());
  }
}

TEST_CASE("a silence holds back what it names when the group goes, and not before") {
  struct QuietRow {
    Pace pace;
    std::vector<Arrival> arrivals;
    std::vector<Quiet> silences;
    std::string told;
  };
  const QuietRow rows[] = {
      // Made while the group waits: the others go without it.
      {by_actor, {{0s, "a"}, {10s, "a"}}, {{20s, 1h, "f0"}}, "30 s -f0, 30 s a:1"},
      // Ended before the group goes, whether it was there when the finding came or not.
      {by_actor, {{0s, "a"}, {10s, "a"}}, {{5s, 25s, "f0"}}, "30 s a:2"},
      {by_actor, {{10s, "a"}}, {{0s, 40s, "f0"}}, "40 s a:1"},
      // Made after the group has gone: it was told.
      {by_actor, {{0s, "a"}}, {{31s, 1h, "f0"}}, "30 s a:1"},
      // All of a group: no message, and the next one owes nobody an interval.
      {by_actor,
       {{0s, "a"}, {10s, "a"}, {1min, "a"}},
       {{0s, 1h, "f0"}, {20s, 1h, "f1"}},
       "30 s -f0, 30 s -f1, 1 min 30 s a:1"},
      // What is held back takes no place of a message.
      {three_an_hour, burst(4, 0s), {{0s, 1h, "f1"}}, "0 s -f1, 0 s 0:1, 0 s 2:1, 0 s 3:1"},
      // What waits over the limit is asked about when it is counted ...
      {three_an_hour,
       burst(6, 0s),
       {{30s, 2min, "f4"}},
       "0 s 0:1, 0 s 1:1, 0 s 2:1, 1 min -f4, 1 min +2"},
      {three_an_hour, burst(6, 0s), {{0s, 30s, "f4"}}, "0 s 0:1, 0 s 1:1, 0 s 2:1, 1 min +3"},
      // ... and if nothing is left of it, nothing is said.
      {three_an_hour, burst(4, 0s), {{30s, 2min, "f3"}}, "0 s 0:1, 0 s 1:1, 0 s 2:1, 1 min -f3"},
  };
  for (const QuietRow& row : rows) {
    Morning morning{row.pace, row.silences};
    morning.run(row.arrivals, 3h);
    CHECK(morning.text == row.told);
    CHECK(morning.nothing_waits());
  }
}

TEST_CASE("over the limit one message counts, and nothing stays behind") {
  const Row rows[] = {
      {three_an_hour, burst(3, 0s), "0 s 0:1, 0 s 1:1, 0 s 2:1"},
      // A minute after the first over the limit, one message for all of them.
      {three_an_hour, burst(12, 0s), "0 s 0:1, 0 s 1:1, 0 s 2:1, 1 min +9"},
      // A single one over it waits for the count too: there may be more.
      {three_an_hour, burst(4, 0s), "0 s 0:1, 0 s 1:1, 0 s 2:1, 1 min +1"},
      // The group's messages count against the limit, not its findings.
      {both, burst(9, 0s, "a"), "30 s a:9"},
      {both, {{0s, "a"}, {10s, "b"}, {20s, "b"}, {30s, "c"}}, "30 s a:1, 1 min 40 s +3"},
  };
  for (const Row& row : rows) {
    Morning morning{row.pace};
    morning.run(row.arrivals, 3h);
    CHECK(morning.text == row.told);
    CHECK(morning.nothing_waits());
  }
}

TEST_CASE("one count in a span: the next waits for a place, oldest first") {
  Morning morning{three_an_hour};
  std::vector<Arrival> arrivals = burst(5, 0s);
  arrivals.push_back({10min, "late"});
  morning.run(arrivals, 3h);
  CHECK(morning.text == "0 s 0:1, 0 s 1:1, 0 s 2:1, 1 min +2, 1 h late:1");
}

TEST_CASE("a restart knows from the outbox what was told") {
  for (const Pace& pace : {by_actor, three_an_hour, both}) {
    Morning morning{pace};
    morning.run(burst(12, 0s), 2min);
    // In parts, as the daemon reads it.
    PaceMemory recalled;
    for (const Delivery& delivery : morning.told())
      recall_pace(pace, sink, {&delivery, 1}, nine + 2min, recalled);
    CHECK(recalled.told == morning.memory.told);
    CHECK(recalled.over_limit == morning.memory.over_limit);
    if (pace.flood) CHECK(recalled.sent == morning.memory.sent);
    PaceMemory of_another;
    recall_pace(pace, "another", morning.told(), nine + 2min, of_another);
    CHECK(of_another.sent.empty());
  }
  // What was kept back was not told, and a correction is no finding.
  Delivery kept, corrected;
  kept.row = {"msg_f", sink, "f", "", nine, {}, "silenced by s1"};
  corrected.row = {"msg_f-c2", sink, "f", "", nine};
  PaceMemory memory;
  recall_pace(three_an_hour, sink, std::vector<Delivery>{kept, corrected}, nine, memory);
  CHECK(memory.sent.empty());
}

TEST_CASE("whatever comes: nothing is lost or told twice, and the limit holds in every span") {
  CHECK(rc::check([](const std::vector<std::uint16_t>& seconds, std::uint8_t groups,
                     std::uint8_t limit) {
    Pace pace{true, 20s, 3min, Flood{1 + limit % 5, 30min}};
    std::vector<Arrival> arrivals;
    for (const std::uint16_t s : seconds)
      arrivals.push_back({std::chrono::seconds(s % 7200), std::to_string(s % (1 + groups % 4))});
    std::sort(arrivals.begin(), arrivals.end(),
              [](const Arrival& a, const Arrival& b) { return a.at < b.at; });
    Morning morning{pace};
    morning.run(arrivals, 24h);
    RC_ASSERT(morning.nothing_waits());
    RC_ASSERT(morning.number == static_cast<int>(arrivals.size()));
    const std::vector<Delivery> told = morning.told();
    std::size_t findings = 0;
    for (const Delivery& first : told) {
      findings += 1 + first.row.also.size();
      int messages = 0, counts = 0;
      for (const Delivery& other : told) {
        const Millis after = other.created_at - first.created_at;
        if (after < 0s || after >= pace.flood->span) continue;
        (other.row.id.starts_with("more_") ? counts : messages)++;
      }
      RC_ASSERT(messages <= pace.flood->messages);
      RC_ASSERT(counts <= 1);
    }
    RC_ASSERT(findings == arrivals.size());
  }));
}

// Counts how much it is asked for at once.
class CountingStore final : public MemoryStore {
 public:
  Result<std::vector<HeldAlert>> held(const HeldAsk& ask) override {
    auto part = MemoryStore::held(ask);
    read += part->size();
    largest_read = std::max(largest_read, part->size());
    return part;
  }
  Result<Done> commit_notices(const NoticeCommit& commit) override {
    largest_commit = std::max(largest_commit, commit.outbox.size());
    return MemoryStore::commit_notices(commit);
  }
  std::size_t read = 0;
  std::size_t largest_read = 0;
  std::size_t largest_commit = 0;
};

TEST_CASE("however much waits, little of it is read for a decision, and all of it once") {
  struct Large {
    Pace pace;
    std::vector<Arrival> arrivals;
    std::vector<Quiet> silences;
    std::size_t read_at_first;
    std::string told;
  };
  // All but two are held back.
  std::vector<Quiet> quiets;
  for (int i = 2; i < 950; ++i) quiets.push_back({0s, 1h, "f" + std::to_string(i)});
  const Large rows[] = {
      // Places and one more; of what goes each once.
      {three_an_hour, burst(950, 0s), {}, 8, "0 s 0:1, 0 s 1:1, 0 s 2:1, 1 min +947"},
      // A group that does not go yet is not read.
      {by_actor, burst(950, 0s, "a"), {}, 0, "30 s a:950"},
      {by_actor, burst(950, 0s, "a"), quiets, 0, ""},
      // Nothing is limited: as messages of their own, in parts.
      {Pace{}, burst(950, 0s), {}, 2'000, ""},
  };
  for (const Large& row : rows) {
    const auto store = std::make_shared<CountingStore>();
    Morning morning{row.pace, row.silences, {}, store};
    for (const Arrival& arrival : row.arrivals) morning.come(arrival.group, nine);
    morning.tell(nine);
    CHECK(store->read <= row.read_at_first);
    store->read = 0;
    morning.run({}, 1h);
    CHECK(morning.nothing_waits());
    CHECK(store->read <= 2'000);
    CHECK(store->largest_read <= 100);
    CHECK(store->largest_commit <= 200);
    if (!row.told.empty()) CHECK(morning.text == row.told);
  }
}

TEST_CASE("what is paused is enqueued for the record, and takes no place") {
  Morning morning{three_an_hour};
  for (int i = 0; i < 5; ++i) morning.come(std::to_string(i), nine);
  const auto told =
      tell_held(*morning.store, {sink, false, three_an_hour, "paused"}, nine, {}, morning.memory);
  REQUIRE(told);
  CHECK(morning.nothing_waits());
  for (const Delivery& delivery : morning.told()) CHECK(delivery.row.withheld == "paused");
  CHECK(morning.memory.sent.empty());
}

TEST_CASE("a store that takes nothing loses nothing, and is asked again") {
  class FullStore final : public MemoryStore {
   public:
    Result<Done> commit_notices(const NoticeCommit& commit) override {
      if (commits_left-- > 0) return MemoryStore::commit_notices(commit);
      return Error{Errc::transient, "the disk is full"};
    }
    int commits_left = 0;
  };
  const auto store = std::make_shared<FullStore>();
  Morning morning{Pace{true, 0s, 5min, {}}, {}, {}, store};
  for (int i = 0; i < 250; ++i) morning.come(std::to_string(i), nine);
  for (int part = 0; part < 3; ++part) {
    store->commits_left = 1;
    const auto told = tell_held(*store, {sink, false, morning.pace}, nine, {}, morning.memory);
    CHECK(told.operator bool() == (part == 2));
    CHECK(morning.memory.told.size() == morning.told().size());
    CHECK(morning.told().size() + store->held()->size() == 250);
  }
  CHECK(morning.nothing_waits());
}

TEST_CASE("what nobody reviewed is named again, all of it in one message") {
  const std::vector<ToldFinding> open = {{"a", nine}, {"b", nine + 30min}, {"c", nine + 50min}};
  struct Asked {
    std::optional<Instant> last;
    Instant now;
    std::vector<std::string> findings;
    std::optional<Instant> next;
  };
  const Asked rows[] = {
      {{}, nine + 1h, {}, nine + 2h},
      {{}, nine + 2h, {"a", "b", "c"}, nine + 4h},
      // Not sooner than the interval after the last reminder.
      {nine + 2h, nine + 3h, {}, nine + 4h},
      {nine + 2h, nine + 4h, {"a", "b", "c"}, nine + 6h},
  };
  for (const Asked& row : rows) {
    const Reminder reminder = remind(2h, row.last, open, row.now);
    CHECK(reminder.findings == row.findings);
    CHECK(reminder.next == row.next);
  }
  CHECK_FALSE(remind(2h, {}, {}, nine).next);
}

TEST_CASE("one message names twenty findings, their ids, and how many more there are") {
  TogetherBody webhook(true, Together::over_limit, Flood{30, 1h});
  TogetherBody group(false, Together::group);
  for (int i = 0; i < 1'000; ++i) {
    Message message;
    message.finding.id = print_hex(sha256(std::to_string(i))).substr(0, 26);
    message.finding.severity = Severity::breach;
    message.actor = "Actor \"" + std::to_string(i) + "\" <b>";
    message.platform = "feed";
    message.finding.rule = "rule " + std::to_string(i % 2);
    message.campaign = "freeze";
    message.post_url = "https://x.example/" + std::string(static_cast<std::size_t>(i), 'y');
    webhook.add(webhook_body(message));
    group.add(print_notice(notice_of(message)));
  }
  const std::string body = webhook.print(nine);
  CHECK(body.size() <= webhook_body_bytes_max);
  const auto data = nlohmann::json::parse(body)["data"];
  CHECK(data["reason"] == "over_limit");
  CHECK(data["count"] == 1'000);
  CHECK(data["headline"] == "1000 more findings: over the limit of 30 messages in 1 h");
  CHECK(data["findings"].size() + data["also"].size() + data["more"].get<std::size_t>() == 1'000);
  CHECK(data["findings"][0]["finding"] == print_hex(sha256("0")).substr(0, 26));
  CHECK(data["also"].size() == 300);

  const auto notice = parse_notice(group.print(nine));
  REQUIRE(notice);
  CHECK(notice->title == "1000 findings");
  CHECK(notice->items.size() == 20);
  CHECK(notice->text.find("And 980 more; all of them: pledgewatch review list") == 0);
  TogetherBody one(false, Together::reminder);
  one.add(print_notice(Notice{}));
  const auto reminder = parse_notice(one.print(nine));
  REQUIRE(reminder);
  CHECK(reminder->title == "Reminder: 1 finding awaits a review");
}
