// Windows over the system's tzdata: one row, one window, the moments it becomes.
#include <catch2/catch.hpp>

#include "config/roster.h"
#include "tests/config/sample.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

struct Row {
  std::string_view zone;
  std::string_view start;
  std::string_view end;
  std::string_view becomes;  // in UTC, and how long it is
};

const Row rows[] = {
    // Plain days, in zones of whole hours and of less.
    {"Etc/UTC", "2020-09-16", "2020-09-17", "09-16T00:00Z 09-17T00:00Z 1 d"},
    {"America/New_York", "2020-09-16", "2020-09-17", "09-16T04:00Z 09-17T04:00Z 1 d"},
    {"Asia/Kolkata", "2020-09-16", "2020-09-17", "09-15T18:30Z 09-16T18:30Z 1 d"},
    {"Asia/Kathmandu", "2020-09-16", "2020-09-17", "09-15T18:15Z 09-16T18:15Z 1 d"},
    // `T24:00` is the end of that day.
    {"America/New_York", "2020-09-16", "2020-09-16T24:00", "09-16T04:00Z 09-17T04:00Z 1 d"},
    // The day on which clocks go forward is shorter, the one on which they go back longer.
    {"America/New_York", "2020-03-08", "2020-03-09", "03-08T05:00Z 03-09T04:00Z 23 h"},
    {"America/New_York", "2020-11-01", "2020-11-02", "11-01T04:00Z 11-02T05:00Z 1 d 1 h"},
    {"Europe/Paris", "2020-03-29", "2020-03-30", "03-28T23:00Z 03-29T22:00Z 23 h"},
    {"Europe/Paris", "2020-10-25", "2020-10-26", "10-24T22:00Z 10-25T23:00Z 1 d 1 h"},
    {"Australia/Lord_Howe", "2020-10-04", "2020-10-05", "10-03T13:30Z 10-04T13:00Z 23 h 30 min"},
    // Midnight itself is skipped: the day begins when the clocks have changed.
    {"America/Sao_Paulo", "2018-11-04", "2018-11-05", "11-04T03:00Z 11-05T02:00Z 23 h"},
    // An edge that is skipped is the moment of the change, one that comes twice the first.
    {"Europe/Berlin", "2020-03-29T02:30", "2020-03-29T04:00", "03-29T01:00Z 03-29T02:00Z 1 h"},
    {"Europe/Berlin", "2020-03-29T01:00", "2020-03-29T02:30", "03-29T00:00Z 03-29T01:00Z 1 h"},
    {"Europe/Berlin", "2020-03-29T02:15", "2020-03-29T02:45", "no window"},
    {"Europe/Berlin", "2020-10-25T02:30", "2020-10-25T03:00",
     "10-25T00:30Z 10-25T02:00Z 1 h 30 min"},
    {"Europe/Berlin", "2020-10-25T01:00", "2020-10-25T02:30",
     "10-24T23:00Z 10-25T00:30Z 1 h 30 min"},
    {"Europe/Berlin", "2020-10-25T02:10", "2020-10-25T02:50", "10-25T00:10Z 10-25T00:50Z 40 min"},
    // Both sides of the date line: the first and the last day on earth.
    {"Pacific/Kiritimati", "2020-09-16", "2020-09-17", "09-15T10:00Z 09-16T10:00Z 1 d"},
    {"Etc/GMT+12", "2020-09-16", "2020-09-17", "09-16T12:00Z 09-17T12:00Z 1 d"},
    {"Pacific/Pago_Pago", "2020-09-16", "2020-09-17", "09-16T11:00Z 09-17T11:00Z 1 d"},
    // Samoa had no 30 December 2011.
    {"Pacific/Apia", "2011-12-30", "2011-12-31", "no window"},
    {"Pacific/Apia", "2011-12-29", "2011-12-30", "12-29T10:00Z 12-30T10:00Z 1 d"},
    {"Pacific/Apia", "2011-12-29", "2011-12-31", "12-29T10:00Z 12-30T10:00Z 1 d"},
    {"Pacific/Apia", "2011-12-29T12:00", "2011-12-30T12:00", "12-29T22:00Z 12-30T10:00Z 12 h"},
    {"Pacific/Apia", "2011-12-30T12:00", "2011-12-31T12:00", "12-30T10:00Z 12-30T22:00Z 12 h"},
    // What is no window anywhere.
    {"Etc/UTC", "2020-09-16", "2020-09-16", "no window"},
    {"Etc/UTC", "2020-09-17", "2020-09-16", "no window"},
    {"Europe/Pari", "2020-09-16", "2020-09-17", "no window"},
};

WindowConfig config_of(std::string_view start, std::string_view end, std::string_view zone) {
  return {*parse_local_time(start), *parse_local_time(end), std::string(zone)};
}

// "09-16T04:00Z": minutes are enough here.
std::string brief(Instant t) { return print_rfc3339(t).substr(5, 11) + 'Z'; }

std::string print(Interval span) {
  return brief(span.start) + ' ' + brief(span.end) + ' ' + print_duration(span.length());
}

CampaignConfig campaign_of(std::vector<WindowConfig> windows) {
  CampaignConfig campaign;
  campaign.name = "freeze";
  campaign.windows = std::move(windows);
  campaign.default_zone = "America/New_York";
  campaign.default_zone_given = true;
  return campaign;
}

// Each pledge's windows, one a line, then what was wrong with the roster.
std::string windows_of(const CampaignConfig& campaign, std::string_view csv) {
  Issues issues;
  std::string text;
  const auto rows_of = read_roster("r.csv", csv, issues);
  REQUIRE(rows_of);
  for (const Pledge& pledge : make_roster(*rows_of, campaign, sample::connectors, issues).pledges) {
    for (const Window& window : pledge.windows) {
      text += pledge.actor + ' ' + window.zone + (window.zone_assumed ? "? " : " ") +
              print(window.span) + '\n';
    }
  }
  return text + sample::print(issues);
}

std::string_view word(Ternary answer) {
  return answer == Ternary::yes ? "yes" : answer == Ternary::no ? "no" : "unknown";
}

}  // namespace

TEST_CASE("a window becomes the moments at which clocks of its zone show it") {
  for (const Row& row : rows) {
    INFO(row.zone << ' ' << row.start << ' ' << row.end);
    const auto window = window_in(config_of(row.start, row.end, row.zone), 0ms, row.zone, false);
    CHECK((window ? print(window->span) : "no window") == row.becomes);
    if (!window) continue;
    CHECK(window->certain == window->span);
    CHECK(window->possible == window->span);
  }
}

TEST_CASE("a window that is local to the actor is each actor's own") {
  const auto campaign = campaign_of({config_of("2020-09-16", "2020-09-17", "actor")});
  CHECK(windows_of(campaign,
                   "actor,platform,handle,zone\n"
                   "Ann,mastodon,a@x.example,Pacific/Kiritimati\n"
                   "Ben,mastodon,b@x.example,Europe/Paris\n"
                   "Cem,mastodon,c@x.example,\n"
                   "Dan,mastodon,d@x.example,Pacific/Pago_Pago\n") ==
        "Ann Pacific/Kiritimati 09-15T10:00Z 09-16T10:00Z 1 d\n"
        "Ben Europe/Paris 09-15T22:00Z 09-16T22:00Z 1 d\n"
        "Cem America/New_York? 09-16T04:00Z 09-17T04:00Z 1 d\n"
        "Dan Pacific/Pago_Pago 09-16T11:00Z 09-17T11:00Z 1 d\n");
}

TEST_CASE("a window in a named zone is the same moments for everybody") {
  const auto campaign = campaign_of({config_of("2020-09-16", "2020-09-17", "Europe/London")});
  CHECK(windows_of(campaign,
                   "actor,platform,handle,zone\n"
                   "Ann,mastodon,a@x.example,Pacific/Kiritimati\n"
                   "Cem,mastodon,c@x.example,\n") ==
        "Ann Europe/London 09-15T23:00Z 09-16T23:00Z 1 d\n"
        "Cem Europe/London 09-15T23:00Z 09-16T23:00Z 1 d\n");
}

// Three kick-offs at the stadium's time, and an evening at home.
TEST_CASE("a pledge of match days has a window for each") {
  const auto loaded = sample::load(sample::campaign_with(
      "window: { start: 2020-09-16T00:00, end: 2020-09-17T00:00, zone: actor }",
      "windows:\n"
      "    - { start: 2020-10-24T15:00, end: 2020-10-24T17:30, zone: Europe/London }\n"
      "    - { start: 2020-10-25T01:30, end: 2020-10-25T03:30, zone: Europe/London }\n"
      "    - { start: 2020-11-01T19:00, end: 2020-11-01T24:00, zone: actor }"));
  CHECK(loaded.issues.empty());
  REQUIRE(loaded.config);
  CHECK(windows_of(loaded.config->campaign,
                   "actor,platform,handle,zone\n"
                   "Club,mastodon,c@x.example,America/New_York\n") ==
        "Club Europe/London 10-24T14:00Z 10-24T16:30Z 2 h 30 min\n"
        "Club Europe/London 10-25T00:30Z 10-25T03:30Z 3 h\n"
        "Club America/New_York 11-02T00:00Z 11-02T05:00Z 5 h\n");
}

TEST_CASE("grace tolerates posts at both edges, by the clock and not by the wall") {
  // 25 hours long; the hour that comes twice takes nothing from the grace.
  const auto window =
      window_in(config_of("2020-10-25", "2020-10-26", "Europe/Paris"), 5min, "Europe/Paris", false);
  REQUIRE(window);
  struct Edge {
    std::string_view from;
    std::string_view to;
    std::string_view covers;
  };
  const Edge edges[] = {
      {"2020-10-24T21:50:00Z", "2020-10-24T22:00:00Z", "no"},
      {"2020-10-24T22:00:00Z", "2020-10-24T22:04:59Z", "no"},
      {"2020-10-24T22:04:00Z", "2020-10-24T22:06:00Z", "unknown"},
      {"2020-10-24T22:05:00Z", "2020-10-24T22:06:00Z", "yes"},
      {"2020-10-25T01:00:00Z", "2020-10-25T01:30:00Z", "yes"},
      {"2020-10-25T22:54:00Z", "2020-10-25T22:54:59Z", "yes"},
      {"2020-10-25T22:54:00Z", "2020-10-25T22:56:00Z", "unknown"},
      {"2020-10-25T22:55:00Z", "2020-10-25T22:56:00Z", "no"},
      {"2020-10-24T21:00:00Z", "2020-10-26T00:00:00Z", "unknown"},
  };
  for (const Edge& edge : edges) {
    INFO(edge.from << ' ' << edge.to);
    CHECK(word(covers(*window, {*parse_rfc3339(edge.from), *parse_rfc3339(edge.to)})) ==
          edge.covers);
  }
}

TEST_CASE("the day of an assumed zone is every zone's day") {
  const auto campaign = campaign_of({config_of("2020-09-16", "2020-09-17", "actor")});
  const auto window =
      window_in(campaign.windows[0], 0ms, "America/New_York", /*zone_assumed=*/true);
  REQUIRE(window);
  // From its first moment on the Line Islands to its last on Howland Island.
  CHECK(print(window->possible) == "09-15T10:00Z 09-17T12:00Z 2 d 2 h");
  CHECK(window->certain.empty());
  // Each zone that tzdata knows lies inside, on days around every change of clocks.
  for (const std::string_view day : {"2020-03-08", "2020-03-29", "2020-09-16", "2020-11-01"}) {
    const LocalTime start = *parse_local_time(day);
    LocalTime end = start;
    end.of_day = 24h;
    const WindowConfig config{start, end, "actor"};
    const auto assumed = window_in(config, 0ms, "Etc/UTC", true);
    REQUIRE(assumed);
    for (const std::string_view zone : zone_names()) {
      INFO(zone << ' ' << day);
      const auto there = window_in(config, 0ms, zone, false);
      REQUIRE(there);
      CHECK(intersect(there->span, assumed->possible) == there->span);
    }
  }
  // Days in a row have hours that are inside in every zone.
  const auto days = window_in(config_of("2020-09-16", "2020-09-19", "actor"), 0ms, "Etc/UTC", true);
  REQUIRE(days);
  CHECK(print(days->certain) == "09-16T12:00Z 09-18T10:00Z 1 d 22 h");
  const Instant inside = days->certain.start + 1h;
  CHECK(covers(*days, {inside, inside}) == Ternary::yes);
  const Instant rim = days->possible.start + 1h;
  CHECK(covers(*days, {rim, rim}) == Ternary::unknown);
  const Instant outside = days->possible.start - 1h;
  CHECK(covers(*days, {outside, outside}) == Ternary::no);
}
