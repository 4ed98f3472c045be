#include "daemon/web/json_text.h"
#include "daemon/web/json_views.h"
#include "daemon/web/page_health.h"

namespace pw {
namespace {

Json instant_or_null(const std::optional<Instant>& t) {
  return t ? Json(print_rfc3339(*t)) : Json();
}

Json room_of(const RoomModel& room) {
  return {{"label", json_name(room.label)},
          {"used", room.used ? Json(*room.used) : Json()},
          {"remaining", room.remaining ? Json(*room.remaining) : Json()},
          {"resets_at", instant_or_null(room.resets)},
          {"said_at", instant_or_null(room.said)}};
}

Json lane_of(const LaneModel& lane) {
  Json outcomes = Json::object();
  for (std::size_t i = 0; i < lane.outcomes.size(); ++i) {
    if (lane.outcomes[i] > 0) outcomes[std::string(outcome_names[i])] = lane.outcomes[i];
  }
  Json credentials = Json::array();
  Json rooms = Json::array();
  for (const RoomModel& room : lane.rooms) {
    rooms.push_back(room_of(room));
    if (!room.label.empty()) credentials.push_back(json_name(room.label));
  }
  return {
      {"name", json_name(lane.name)},
      {"connector", lane.connector},
      {"accounts", lane.accounts},
      {"seen_now", lane.seen_now},
      {"interval_ms", lane.interval.count()},
      {"gap_max_ms", lane.gap_max.count()},
      {"detection_promised_ms", lane.detection_promised.count()},
      {"detection_worst_ms", lane.detection_worst ? Json(lane.detection_worst->count()) : Json()},
      {"gap_longest_ms", lane.gap_longest.count()},
      {"budget_per_hour", lane.budget_hourly > 0 ? Json(lane.budget_hourly) : Json()},
      {"requests_last_hour", lane.requests_last_hour},
      {"outcomes", std::move(outcomes)},
      {"credentials", std::move(credentials)},
      {"headroom", std::move(rooms)},
      {"never_sees", lane.never_sees},
      {"blind_spots", json_text(lane.blind_spots)}};
}

Json sink_of(const SinkModel& sink) {
  return {{"name", json_name(sink.name)},
          {"type", sink.type},
          {"delivered", sink.delivered},
          {"waiting", sink.waiting},
          {"dead", sink.dead},
          {"withheld", sink.withheld},
          {"disabled", sink.disabled},
          {"oldest_waiting_since", instant_or_null(sink.oldest)}};
}

}  // namespace

std::string sinks_json(const HealthModel& health) {
  Json items = Json::array();
  for (const SinkModel& sink : health.sinks) items.push_back(sink_of(sink));
  return dump({{"items", std::move(items)}});
}

std::string connectors_json(const HealthModel& health) {
  Json items = Json::array();
  for (const LaneModel& lane : health.lanes) items.push_back(lane_of(lane));
  return dump({{"items", std::move(items)}});
}

std::string health_json(const HealthModel& health, const BoardModel& board) {
  Json troubles = Json::array();
  for (const std::string& words : health.troubles) troubles.push_back(json_name(words));
  return dump({{"now", print_rfc3339(health.now)},
               {"started", print_rfc3339(health.started)},
               {"software", health.software},
               {"ready", health.ready},
               {"brief", clean_text(brief_of(health, board), 1000)},
               {"lateness_ms", health.lateness.count()},
               {"troubles", std::move(troubles)},
               {"log",
                {{"entries", health.leaves},
                 {"signed", health.signed_leaves},
                 {"signed_at", instant_or_null(health.signed_at)},
                 {"key", health.vkey}}}});
}

}  // namespace pw
