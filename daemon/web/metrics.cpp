#include "daemon/web/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "daemon/ledger/utf8.h"
#include "daemon/web/page_board.h"

namespace pw {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

double seconds(Millis span) { return static_cast<double>(span.count()) / 1000; }

class Families {
 public:
  void open(std::string name, std::string help, MetricType type) {
    families.push_back({"pledgewatch_" + std::move(name), std::move(help), type, {}});
  }
  void add(double value, Labels labels = {}) {
    ClientMetric metric;
    metric.label = std::move(labels);
    (families.back().type == MetricType::Counter ? metric.counter.value : metric.gauge.value) =
        value;
    families.back().metric.push_back(std::move(metric));
  }
  void gauge(std::string name, std::string help, double value) {
    open(std::move(name), std::move(help), MetricType::Gauge);
    add(value);
  }
  void counter(std::string name, std::string help, std::uint64_t value) {
    open(std::move(name), std::move(help), MetricType::Counter);
    add(static_cast<double>(value));
  }
  std::vector<MetricFamily> families;
};

std::string label(std::string_view text) { return clean_text(text, 200); }

void add_board(Families& f, const BoardModel& board) {
  f.open("accounts", "Accounts by what the board shows of them.", MetricType::Gauge);
  for (std::size_t i = 0; i < cell_state_names.size(); ++i)
    f.add(board.by_state[i], {{"state", std::string(cell_state_names[i])}});
  f.open("pledges", "Judged pledges by verdict.", MetricType::Gauge);
  for (std::size_t i = 0; i < verdict_names.size(); ++i) {
    f.add(board.judgement.actors_by_verdict[i], {{"verdict", std::string(verdict_names[i])}});
  }
  f.gauge("findings_open", "Alerting findings that await review.", board.findings_open);
  f.open("coverage_ratio",
         "Share of the accounts' time in their windows within the promise; none before a look was "
         "due.",
         MetricType::Gauge);
  if (const std::optional<double> share = share_of(board.coverage)) f.add(*share);
  f.gauge("longest_gap_seconds", "The longest gap of any account so far.",
          seconds(board.coverage.longest_gap));
  f.gauge("accounts_seen", "Accounts whose last look saw them.", board.coverage.seen_now);
}

void add_lanes(Families& f, const HealthModel& health) {
  f.open("looks_total", "Looks by connector and outcome.", MetricType::Counter);
  for (const LaneModel& lane : health.lanes) {
    for (std::size_t i = 0; i < lane.outcomes.size(); ++i) {
      if (lane.outcomes[i] == 0) continue;
      f.add(static_cast<double>(lane.outcomes[i]),
            {{"connector", label(lane.name)}, {"outcome", std::string(outcome_names[i])}});
    }
  }
  f.open("budget_requests_per_hour", "Requests per hour that the budgets allow.",
         MetricType::Gauge);
  for (const LaneModel& lane : health.lanes) {
    if (lane.budget_hourly > 0) f.add(lane.budget_hourly, {{"connector", label(lane.name)}});
  }
  f.open("detection_promised_seconds", "A standing post is noticed within this.",
         MetricType::Gauge);
  for (const LaneModel& lane : health.lanes)
    f.add(seconds(lane.detection_promised), {{"connector", label(lane.name)}});
  f.open("detection_worst_seconds", "The longest that a finding's post can have stood unseen.",
         MetricType::Gauge);
  for (const LaneModel& lane : health.lanes) {
    if (lane.detection_worst)
      f.add(seconds(*lane.detection_worst), {{"connector", label(lane.name)}});
  }
  f.open("headroom_remaining_requests", "Requests left, as the platform last said.",
         MetricType::Gauge);
  for (const LaneModel& lane : health.lanes) {
    for (const RoomModel& room : lane.rooms) {
      if (room.remaining)
        f.add(*room.remaining,
              {{"connector", label(lane.name)}, {"credential", label(room.label)}});
    }
  }
  f.open("headroom_used_ratio", "Share of a budget that is used, as the platform last said.",
         MetricType::Gauge);
  for (const LaneModel& lane : health.lanes) {
    for (const RoomModel& room : lane.rooms) {
      if (room.used)
        f.add(*room.used, {{"connector", label(lane.name)}, {"credential", label(room.label)}});
    }
  }
}

void add_sinks(Families& f, const HealthModel& health) {
  f.open("deliveries_total", "Messages delivered, by sink.", MetricType::Counter);
  for (const SinkModel& sink : health.sinks) f.add(sink.delivered, {{"sink", label(sink.name)}});
  f.open("deliveries_waiting", "Messages that wait, by sink.", MetricType::Gauge);
  for (const SinkModel& sink : health.sinks) f.add(sink.waiting, {{"sink", label(sink.name)}});
  f.open("deliveries_withheld", "Messages kept back, by sink.", MetricType::Gauge);
  for (const SinkModel& sink : health.sinks) f.add(sink.withheld, {{"sink", label(sink.name)}});
  f.open("deliveries_dead_total", "Messages given up, by sink.", MetricType::Counter);
  for (const SinkModel& sink : health.sinks) f.add(sink.dead, {{"sink", label(sink.name)}});
}

void add_own(Families& f, const HealthModel& health, const WebFigures& web) {
  f.gauge("schedule_lateness_seconds", "How long the account that waits longest is overdue.",
          seconds(health.lateness));
  f.gauge("log_entries", "Entries of the compliance log.", static_cast<double>(health.leaves));
  f.gauge("log_signed_entries", "Entries that the last checkpoint signs.",
          static_cast<double>(health.signed_leaves));
  f.gauge("start_time_seconds", "When this process started, since the epoch.",
          static_cast<double>(ms_of(health.started)) / 1000);
  f.gauge("web_connections", "Open connections of the web server.",
          static_cast<double>(web.connections));
  f.gauge("web_streams", "Browsers that listen to events.", static_cast<double>(web.streams));
  f.counter("web_requests_total", "Requests answered.", web.requests);
  f.counter("web_refused_total", "Connections beyond the limit.", web.refused);
  f.counter("web_slow_total", "Connections ended for being slow.", web.too_slow);
  f.counter("web_events_dropped_total", "Events that slow streams missed; each was healed.",
            web.events_dropped);
  f.counter("web_snapshots_total", "Whole states sent to streams.", web.snapshots);
}

}  // namespace

std::string print_metrics(const BoardModel& board, const HealthModel& health,
                          const WebFigures& web) {
  Families f;
  f.open("build_info", "What runs here.", MetricType::Gauge);
  f.add(1, {{"software", label(health.software)}});
  add_board(f, board);
  add_lanes(f, health);
  add_sinks(f, health);
  add_own(f, health, web);
  std::erase_if(f.families, [](const MetricFamily& family) { return family.metric.empty(); });
  return prometheus::TextSerializer().Serialize(f.families);
}

}  // namespace pw
