// What changes in the daemon's health, and the lines that operators read.
#include <catch2/catch.hpp>

#include "daemon/app/operator_watch.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

std::string told(OperatorWatch& watch, const DaemonHealth& health) {
  std::string text;
  for (const OperatorEvent& event : watch.note(health))
    text += event.key + ": " + event.title + '\n';
  return text;
}

std::string number(AccountNumber account) { return std::to_string(account); }

DaemonHealth with(ConnectorHealth connector) {
  DaemonHealth health;
  health.connectors = {std::move(connector)};
  return health;
}

}  // namespace

TEST_CASE("what begins is told once, what ends is told once") {
  OperatorWatch watch(number);
  CHECK(told(watch, with({"instagram", 10, 4})) == "");
  const std::string blind =
      "instagram is blind: 5 of 10 accounts could not be seen at the last look\n";
  CHECK(told(watch, with({"instagram", 10, 5})) == "blind instagram: " + blind);
  CHECK(told(watch, with({"instagram", 10, 9})) == "");
  CHECK(told(watch, with({"instagram", 10, 0})) ==
        "blind instagram: over: instagram is blind: 9 of 10 accounts could not be seen at the last "
        "look\n");
}

TEST_CASE("a webhook that tells of some alone is told once, and when it tells of all") {
  OperatorWatch watch(number);
  DaemonHealth health;
  health.push_fault = "X tells of 750 accounts alone";
  CHECK(told(watch, health) == "push x: X tells of 750 accounts alone\n");
  CHECK(told(watch, health) == "");
  health.push_fault.clear();
  CHECK(told(watch, health) == "push x: over: X tells of 750 accounts alone\n");
}

TEST_CASE("a blind connector silences the gaps of its accounts, and of no other's") {
  OperatorWatch watch(number);
  DaemonHealth health;
  health.connectors = {{"feed", 4, 2, {{1, 6min, 5min}}}, {"mastodon", 4, 1, {{9, 7min, 5min}}}};
  CHECK(told(watch, health) ==
        "blind feed: feed is blind: 2 of 4 accounts could not be seen at the last look\n"
        "gap mastodon: mastodon: 1 account has a gap longer than promised: 9 (7 min, promised 5 "
        "min)\n");
  health.connectors = {{"feed", 4, 0, {}, {{1, 8min, 5min}}}, {"mastodon", 4, 0}};
  CHECK(told(watch, health) ==
        "blind feed: over: feed is blind: 2 of 4 accounts could not be seen at the last look\n"
        "gap feed: feed: 1 account has a gap longer than promised: 1 (8 min, promised 5 min, seen "
        "again)\n"
        "gap mastodon: over: mastodon: every account is seen again; the longest gap was 7 min\n");
  // No accounts, nobody is blind.
  CHECK(told(watch, with({"tumblr", 0, 0})) == "");
}

TEST_CASE("sinks, disk, lateness, clock and dead deliveries") {
  OperatorWatch watch(number);
  DaemonHealth health;
  health.sinks_off = {"chat"};
  health.disk_free_bytes = 12'000'000;
  health.lateness = 3min;
  CHECK(told(watch, health) ==
        "disk: the disk has 12 MB left; nothing can be recorded when it is full\n"
        "late: looks are 3 min behind their turn\n"
        "sink chat: sink chat is switched off: its receiver answered that it is gone; what waits "
        "for it is kept\n");
  health.clock_step = -3600s;
  health.deliveries_dead = 2;
  CHECK(told(watch, health) ==
        "clock: the clock was set by -3600 s; looks are spaced by another clock, times of posts "
        "are not\n"
        "dead: 2 deliveries were given up: pledgewatch outbox list --dead\n");
  health.clock_step = 0ms;
  CHECK(told(watch, health) == "");
  health.deliveries_dead = 3;
  CHECK(told(watch, health) ==
        "dead: 3 deliveries were given up: pledgewatch outbox list --dead\n");
}

TEST_CASE("a sink that takes nothing, a credential that ends, a daemon that stood still") {
  const Instant noon = *parse_rfc3339("2020-09-16T12:00:00Z");
  OperatorWatch watch(number);
  DaemonHealth health;
  health.now = noon;
  health.failing = {{"chat", noon - 15min}};
  health.credentials = {{"instagram a", noon + 100h}, {"instagram b", noon + 200h}};
  health.stood_still = 4s;
  CHECK(told(watch, health) == "");
  health.now = noon + 40h;
  health.failing = {{"chat", noon + 39h}};
  health.stood_still = 40s;
  CHECK(
      told(watch, health) ==
      "failing chat: sink chat has taken nothing for 1 h; it is tried again: pledgewatch outbox "
      "list\n"
      "lapses instagram a: the credential instagram a ends at 2020-09-20T16:00:00.000Z: renew it\n"
      "still: the daemon stood still for 40 s: nothing was looked at and nothing sent meanwhile\n");
  health.stood_still = 0s;
  CHECK(told(watch, health) == "");
  health.now = noon + 100h;
  health.failing.clear();
  CHECK(told(watch, health) ==
        "lapsed instagram a: the credential instagram a ended at 2020-09-20T16:00:00.000Z\n"
        "failing chat: over: sink chat has taken nothing for 1 h; it is tried again: pledgewatch "
        "outbox list\n"
        "lapses instagram a: over: the credential instagram a ends at 2020-09-20T16:00:00.000Z: "
        "renew it\n");
}

TEST_CASE("an authority that gives no stamps is told once, whatever its reasons") {
  OperatorWatch watch(number);
  DaemonHealth health;
  health.stamp_fault = "it answered with 500";
  const std::string wrong =
      "the time stamp authority gives no stamps: it answered with 500; the log goes on without, "
      "and it is asked again\n";
  CHECK(told(watch, health) == "stamp: " + wrong);
  health.stamp_fault = "no answer within 4 s";
  CHECK(told(watch, health) == "");
  health.stamp_fault.clear();
  CHECK(told(watch, health).starts_with("stamp: over: the time stamp authority gives no stamps"));
}
