// When findings that wait are told, over simulated time: one row, one morning.
#include <algorithm>

#include <rapidcheck.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "daemon/core/hash.h"
#include "daemon/outbox/pace.h"
#include "daemon/outbox/together.h"

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
  std::vector<HeldAlert> held{};
  std::vector<Delivery> told{};
  std::string text{};
  int number = 0;

  std::string silenced(const HeldAlert& alert, Instant now) const {
    for (const Quiet& quiet : silences) {
      if (quiet.finding == alert.finding && now >= nine + quiet.from && now < nine + quiet.to)
        return "silenced";
    }
    return {};
  }

  Tellings ask(Instant now) const {
    return tell_now(pace, memory, held, now,
                    [&](const HeldAlert& alert) { return silenced(alert, now); });
  }

  void say(Instant now, const std::string& what) {
    text += (text.empty() ? "" : ", ") + print_duration(now - nine) + ' ' + what;
  }

  void tell(Instant now) {
    for (;;) {
      const Tellings tellings = ask(now);
      if (tellings.now.empty() && tellings.kept_back.empty()) return;
      std::vector<std::size_t> gone;
      for (const KeptBack& kept : tellings.kept_back) {
        say(now, '-' + held[kept.member].finding);
        gone.push_back(kept.member);
      }
      for (const Telling& telling : tellings.now) {
        note(telling, now);
        gone.insert(gone.end(), telling.members.begin(), telling.members.end());
        note_told(pace, sink, telling, now, memory);
      }
      std::sort(gone.rbegin(), gone.rend());
      for (const std::size_t i : gone) held.erase(held.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  void note(const Telling& telling, Instant now) {
    const std::string size = std::to_string(telling.members.size());
    say(now, telling.over_limit ? "+" + size : telling.group + ':' + size);
    Delivery delivery;
    delivery.row.id = telling_id(pace, sink, telling, held, now);
    delivery.row.sink = sink;
    delivery.row.finding = held[telling.members.front()].finding;
    delivery.created_at = now;
    told.push_back(delivery);
  }

  void run(const std::vector<Arrival>& arrivals, Millis until) {
    std::size_t next = 0;
    for (Instant now = nine; now <= nine + until;) {
      for (; next < arrivals.size() && nine + arrivals[next].at <= now; ++next)
        held.push_back({sink, arrivals[next].group, "f" + std::to_string(number++), "", now});
      tell(now);
      const auto due = ask(now).next;
      Instant then = due.value_or(Instant::max());
      if (next < arrivals.size()) then = std::min(then, nine + arrivals[next].at);
      if (then == Instant::max()) break;
      REQUIRE(then > now);
      now = then;
    }
  }
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
    CHECK(morning.held.empty());
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
    CHECK(morning.held.empty());
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
    CHECK(morning.held.empty());
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
    for (const Delivery& delivery : morning.told) recall_pace(sink, {&delivery, 1}, recalled);
    CHECK(recalled.told == morning.memory.told);
    CHECK(recalled.over_limit == morning.memory.over_limit);
    if (pace.flood) CHECK(recalled.sent == morning.memory.sent);
    PaceMemory of_another;
    recall_pace("another", morning.told, of_another);
    CHECK(of_another.sent.empty());
  }
  // What was kept back was not told, and a correction is no finding.
  Delivery kept, corrected;
  kept.row = {"msg_f", sink, "f", "", nine, {}, "silenced by s1"};
  corrected.row = {"msg_f-c2", sink, "f", "", nine};
  PaceMemory memory;
  recall_pace(sink, std::vector<Delivery>{kept, corrected}, memory);
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
    RC_ASSERT(morning.held.empty());
    RC_ASSERT(morning.number == static_cast<int>(arrivals.size()));
    for (const Delivery& first : morning.told) {
      int messages = 0, counts = 0;
      for (const Delivery& other : morning.told) {
        const Millis after = other.created_at - first.created_at;
        if (after < 0s || after >= pace.flood->span) continue;
        (other.row.id.starts_with("more_") ? counts : messages)++;
      }
      RC_ASSERT(messages <= pace.flood->messages);
      RC_ASSERT(counts <= 1);
    }
  }));
}

TEST_CASE("what nobody reviewed is named again, all of it in one message") {
  const std::vector<Unreviewed> open = {{"a", nine}, {"b", nine + 30min}, {"c", nine + 50min}};
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
  std::vector<std::string> bodies, notices;
  for (int i = 0; i < 1'000; ++i) {
    Message message;
    message.finding.id = print_hex(sha256(std::to_string(i))).substr(0, 26);
    message.finding.severity = Severity::breach;
    message.actor = "Actor \"" + std::to_string(i) + "\" <b>";
    message.platform = "feed";
    message.finding.rule = "rule " + std::to_string(i % 2);
    message.campaign = "freeze";
    message.post_url = "https://x.example/" + std::string(static_cast<std::size_t>(i), 'y');
    bodies.push_back(webhook_body(message));
    notices.push_back(print_notice(notice_of(message)));
  }
  const Flood flood{30, 1h};
  const std::string body = together_body(true, Together::over_limit, bodies, flood, nine);
  CHECK(body.size() <= webhook_body_bytes_max);
  const auto data = nlohmann::json::parse(body)["data"];
  CHECK(data["reason"] == "over_limit");
  CHECK(data["count"] == 1'000);
  CHECK(data["headline"] == "1000 more findings: over the limit of 30 messages in 1 h");
  CHECK(data["findings"].size() + data["also"].size() + data["more"].get<std::size_t>() == 1'000);
  CHECK(data["findings"][0]["finding"] == print_hex(sha256("0")).substr(0, 26));
  CHECK(data["also"].size() == 300);

  const auto notice =
      parse_notice(together_body(false, Together::group, notices, std::nullopt, nine));
  REQUIRE(notice);
  CHECK(notice->title == "1000 findings");
  CHECK(notice->items.size() == 20);
  CHECK(notice->text.find("And 980 more; all of them: pledgewatch review list") == 0);
  const auto reminder =
      parse_notice(together_body(false, Together::reminder, {notices.front()}, std::nullopt, nine));
  REQUIRE(reminder);
  CHECK(reminder->title == "Reminder: 1 finding awaits a review");
}
