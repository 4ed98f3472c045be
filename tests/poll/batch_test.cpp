// What a cheap check may say, and what it may never be taken for.
#include "daemon/poll/batch.h"

#include <catch2/catch.hpp>

#include "connectors/registry.h"
#include "daemon/poll/schedule.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

struct Row {
  ProbeProves proves;
  std::string known;
  ProbeReading reading;
  ProbeWord word;
};

const Trouble trouble{.outcome = Outcome::unreachable};

const std::vector<Row> rows = {
    {ProbeProves::silence, "a", std::string("a"), ProbeWord::unchanged},
    {ProbeProves::silence, "a", std::string("b"), ProbeWord::changed},
    {ProbeProves::silence, "", std::string("a"), ProbeWord::no_proof},
    // A counter that stands still proves nothing.
    {ProbeProves::change, "a", std::string("a"), ProbeWord::no_proof},
    {ProbeProves::change, "a", std::string("b"), ProbeWord::changed},
    {ProbeProves::change, "", std::string("a"), ProbeWord::no_proof},
    {ProbeProves::nothing, "a", std::string("a"), ProbeWord::no_answer},
    {ProbeProves::nothing, "a", std::string("b"), ProbeWord::no_answer},
    {ProbeProves::silence, "a", std::string(), ProbeWord::no_answer},
    {ProbeProves::silence, "a", trouble, ProbeWord::no_answer},
    {ProbeProves::change, "", trouble, ProbeWord::no_answer},
};

}  // namespace

TEST_CASE("unchanged is said only where equal tokens prove silence") {
  for (const Row& row : rows) CHECK(word_of(row.proves, row.known, row.reading) == row.word);
  for (const std::string_view name : connector_names()) {
    const auto connector = make_connector(name, {});
    const bool said =
        word_of(connector->declaration().probe, "t", ProbeReading("t")) == ProbeWord::unchanged;
    INFO(name);
    CHECK(said == (connector->declaration().probe == ProbeProves::silence));
  }
}

TEST_CASE("checks of many take a tenth of a budget, and no more than every half minute") {
  Declaration declared;
  declared.probe = ProbeProves::change;
  declared.batch_size = 40;
  const auto spacing = [&](Budget budget) { return batch_spacing(declared, {&budget, 1}); };
  CHECK(spacing({300, 5min}) == 30s);
  CHECK(spacing({0, 0min}) == 30s);
  // 100 a day: one request in ten of them, so 10 a day, an hour at most.
  CHECK(spacing({100, 24h}) == 1h);
  CHECK(spacing({200, 1h}) > 3min);
  CHECK(spacing({200, 1h}) < 4min);
  declared.batch_size = 1;
  CHECK(spacing({300, 5min}) == 0ms);
  declared.batch_size = 40;
  declared.probe = ProbeProves::silence;
  CHECK(spacing({300, 5min}) == 0ms);
}

TEST_CASE("a look that is brought forward comes first, and once") {
  Schedule schedule;
  const auto lane = schedule.add_lane({{0, 0min}});
  for (std::uint32_t i = 0; i < 3; ++i) schedule.add(i, lane, Tick(10min) + Tick(i));
  CHECK(schedule.hasten(2, Tick(1s)));
  CHECK(schedule.next_due() == Tick(1s));
  const auto turn = schedule.pop_due(Tick(1s));
  REQUIRE(turn);
  CHECK(turn->account == 2);
  CHECK(schedule.next_due() == Tick(10min));
  // In its turn: whoever puts it back has to see to it.
  CHECK_FALSE(schedule.hasten(2, Tick(2s)));
  schedule.put_back(2, Tick(20min));
  // Later than planned is not sooner.
  CHECK(schedule.hasten(0, Tick(30min)));
  std::vector<std::uint32_t> order;
  for (Tick now = schedule.next_due(); now != tick_never; now = schedule.next_due()) {
    const auto next = schedule.pop_due(now);
    REQUIRE(next);
    order.push_back(next->account);
  }
  CHECK(order == std::vector<std::uint32_t>{0, 1, 2});
  CHECK_FALSE(schedule.hasten(7, Tick(1s)));
}

TEST_CASE("a spare request takes from the lane's budget, and waits for nobody") {
  Schedule schedule;
  const auto lane = schedule.add_lane({{20, 1min}});
  int taken = 0;
  while (schedule.take_spare(lane, Tick(0)) && taken < 100) ++taken;
  CHECK(taken >= 1);
  CHECK(taken < 20);
  CHECK_FALSE(schedule.take_spare(lane, Tick(0)));
  CHECK(schedule.take_spare(lane, Tick(1min)));
  schedule.add(0, lane, Tick(1min));
  CHECK(schedule.next_due() > Tick(1min));
}
