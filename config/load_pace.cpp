// How often a sink is told.
#include <algorithm>
#include <array>

#include "config/accepted_keys.h"
#include "config/load_sections.h"
#include "config/text.h"

namespace pw {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int flood_messages_max = 100'000;

void load_group(const YamlField& field, SinkConfig& sink) {
  if (!field.is_present()) return;
  const auto map = field.map(keys::group, /*nothing_is_map=*/false);
  if (!map) return;
  constexpr std::array<std::string_view, 3> ways = {"actor", "rule", "window"};
  GroupConfig group;
  if (const auto by = map->required("by").name_of(ways, "grouping"))
    group.by = static_cast<GroupBy>(std::find(ways.begin(), ways.end(), *by) - ways.begin());
  take(group.wait, map->field("wait").duration(seconds(0), hours(1)));
  take(group.interval, map->field("interval").duration(seconds(0), hours(24)));
  sink.group = group;
}

void load_flood(const YamlField& field, SinkConfig& sink) {
  if (!field.is_present()) return;
  const std::optional<std::string> text = field.text();
  if (!text) return;
  const auto limit = parse_budget(*text);
  if (!limit || limit->count > flood_messages_max || limit->span > hours(24)) {
    field.error("expected a number of messages in at most a day, such as 30/h, got " +
                in_quotes(*text));
    return;
  }
  sink.flood = FloodConfig{limit->count, limit->span};
}

constexpr std::array<std::string_view, 8> read_by_people = {
    "slack", "discord", "teams", "mattermost", "telegram", "ntfy", "matrix", "email"};

// Where people read, a quiet channel is known to be alive unless they say otherwise;
// programs are told when they ask.
void load_summaries(const YamlField& field, SinkConfig& sink) {
  constexpr std::array<std::string_view, 4> kinds = {"opening", "hourly", "closing", "none"};
  const bool organisers = !sink.is_public && !sink.operators;
  if (!field.is_present()) {
    const bool people =
        std::find(read_by_people.begin(), read_by_people.end(), sink.type) != read_by_people.end();
    if (people && organisers) sink.summaries = {true, true, true};
    return;
  }
  if (!organisers) field.error("summaries are for the organisers' sinks");
  const std::vector<YamlField> items = field.items(/*one_is_list=*/true);
  for (const YamlField& item : items) {
    const auto kind = item.name_of(kinds, "summary");
    if (!kind) continue;
    sink.summaries.opening |= *kind == "opening";
    sink.summaries.hourly |= *kind == "hourly";
    sink.summaries.closing |= *kind == "closing";
    if (*kind == "none" && items.size() > 1) item.error("'none' stands alone");
  }
}

}  // namespace

void load_pace(const YamlMap& map, SinkConfig& sink) {
  load_group(map.field("group"), sink);
  take(sink.repeat, map.field("repeat").duration(minutes(10), hours(24 * 7)));
  load_flood(map.field("flood"), sink);
  load_summaries(map.field("summaries"), sink);
  const bool opens_and_resolves = sink.type == "pagerduty" || sink.type == "alertmanager";
  if (sink.group && opens_and_resolves)
    map.field("group").error("a " + sink.type +
                             " opens and resolves each finding and groups by "
                             "itself");
  for (const char* key : {"group", "repeat", "flood"}) {
    const YamlField field = map.field(key);
    if (!field.is_present()) continue;
    if (sink.is_public) field.error("a public sink is told of each finding as people confirm it");
    if (sink.operators) field.error("a sink for operators hears of no finding");
  }
}

}  // namespace pw
