#include "daemon/web/page_health.h"

#include <algorithm>

#include "daemon/ledger/utf8.h"
#include "daemon/web/board_model.h"

namespace pw {
namespace {

constexpr Millis late_max = std::chrono::seconds(30);
constexpr Millis backlog_max = std::chrono::minutes(2);

std::string error_mix(const LaneModel& lane) {
  std::string words;
  for (std::size_t i = 0; i < lane.outcomes.size(); ++i) {
    if (lane.outcomes[i] == 0) continue;
    if (!words.empty()) words += ", ";
    std::string name(outcome_names[i]);
    std::replace(name.begin(), name.end(), '_', ' ');
    words += name + ' ' + number_text(lane.outcomes[i]);
  }
  return words.empty() ? "no look yet" : words;
}

std::string budget_words(const LaneModel& lane) {
  if (lane.budget_hourly <= 0) return "no limit";
  const double used = static_cast<double>(lane.requests_last_hour) / lane.budget_hourly;
  return "at least " + number_text(lane.requests_last_hour) + " of " +
         number_text(static_cast<std::uint64_t>(lane.budget_hourly)) +
         " requests in the last hour (" + percent(used) + ")";
}

// As the platform last said of a credential; what it never said is not made up.
std::string room_words(const RoomModel& room) {
  if (!room.said) return "<span class=\"soft\">the platform has not said</span>";
  std::string words;
  if (room.remaining)
    words =
        number_text(static_cast<std::uint64_t>(std::max(*room.remaining, 0))) + " requests left";
  if (room.used)
    words += (words.empty() ? "" : ", ") + percent(std::max(0.0, 1 - *room.used)) + " free";
  if (room.resets) words += (words.empty() ? "" : ", ") + ("anew at " + moment(*room.resets));
  return words + " <span class=\"soft\">said " + moment(*room.said) + "</span>";
}

std::string print_rooms(const LaneModel& lane) {
  std::string html = "<ul class=\"rooms\">";
  for (const RoomModel& room : lane.rooms) {
    html += "<li>" + (room.label.empty() ? std::string() : html_name(room.label, 60) + ": ") +
            room_words(room) + "</li>";
  }
  return html + "</ul>";
}

std::string print_lane(const LaneModel& lane) {
  std::string html = "<tr><th scope=\"row\">" + html_name(lane.name, 100) + "</th><td>" +
                     std::to_string(lane.seen_now) + " of " + std::to_string(lane.accounts) +
                     "</td><td>" + budget_words(lane) + "</td><td>" +
                     html_text(print_span_up(lane.detection_promised)) + " promised; " +
                     (lane.detection_worst ? html_text(print_span_up(*lane.detection_worst)) +
                                                 " for the slowest finding so far"
                                           : std::string("no finding yet to measure")) +
                     (lane.gap_longest > Millis{0} ? "; longest time between two looks that saw " +
                                                         html_text(print_span_up(lane.gap_longest))
                                                   : std::string()) +
                     "</td><td>" + html_text(error_mix(lane), 400) + "</td><td>" +
                     print_rooms(lane) + "</td></tr>\n";
  return html;
}

std::string print_lanes(const HealthModel& health) {
  std::string html =
      "<section aria-labelledby=\"h-lanes\"><h2 id=\"h-lanes\">Connectors</h2><div "
      "class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of "
      "connectors\"><table><thead>"
      "<tr><th scope=\"col\">Connector</th><th scope=\"col\">Seen now</th><th "
      "scope=\"col\">Budget</th><th scope=\"col\">Noticed within</th><th scope=\"col\">Looks by "
      "outcome</th><th scope=\"col\">Left, as the platform says</th></tr></thead><tbody>\n";
  for (const LaneModel& lane : health.lanes) html += print_lane(lane);
  return html + "</tbody></table></div></section>\n";
}

std::string print_sinks(const HealthModel& health) {
  std::string html =
      "<section aria-labelledby=\"h-sinks\"><h2 id=\"h-sinks\">Sinks</h2><div class=\"scroll\" "
      "tabindex=\"0\" role=\"region\" aria-label=\"Table of sinks\"><table><thead><tr><th "
      "scope=\"col\">Sink</th><th scope=\"col\" class=\"number\">Delivered</th><th scope=\"col\" "
      "class=\"number\">Waiting</th><th scope=\"col\" class=\"number\">Given up</th><th "
      "scope=\"col\" class=\"number\">Kept back</th><th "
      "scope=\"col\">State</th></tr></thead><tbody>\n";
  for (const SinkModel& sink : health.sinks) {
    html += "<tr><th scope=\"row\">" + html_name(sink.name, 100) + " <span class=\"soft\">" +
            html_text(sink.type) + "</span></th><td class=\"number\">" +
            std::to_string(sink.delivered) + "</td><td class=\"number\">" +
            std::to_string(sink.waiting) + "</td><td class=\"number\">" +
            std::to_string(sink.dead) + "</td><td class=\"number\">" +
            std::to_string(sink.withheld) + "</td><td>" +
            (sink.disabled ? std::string("<b class=\"warn\">switched off by its receiver</b>")
             : sink.oldest ? "the oldest waits since " + moment(*sink.oldest)
                           : std::string("nothing waits")) +
            "</td></tr>\n";
  }
  return html + "</tbody></table></div></section>\n";
}

std::string print_log(const HealthModel& health) {
  return "<section aria-labelledby=\"h-log\"><h2 id=\"h-log\">Compliance log</h2><p>" +
         number_text(health.leaves) + " entries, " + number_text(health.signed_leaves) +
         " of them signed" + (health.signed_at ? " at " + moment(*health.signed_at) : "") +
         ". Give the <a href=\"/log/checkpoint\">last checkpoint</a> to somebody else: only a "
         "checkpoint that others hold proves that nothing was rewritten since.</p><pre "
         "tabindex=\"0\" role=\"region\" aria-label=\"Last checkpoint\">" +
         html_lines(health.checkpoint) + "</pre><p class=\"soft\">Key: <code>" +
         html_text(health.vkey, 300) + "</code></p></section>\n";
}

}  // namespace

std::string health_page(const PageContext& context, const HealthModel& health) {
  std::string html = "<div class=\"title\"><h1>Health</h1><p class=\"phase\">" +
                     std::string(health.troubles.empty() ? "All is well." : "Not all is well.") +
                     "</p></div>\n<section class=\"panel\" aria-labelledby=\"h-own\"><h2 "
                     "id=\"h-own\">Our own blindness</h2><ul class=\"troubles\">\n";
  for (const std::string& words : health.troubles)
    html += "<li>" + html_name(words, 400) + "</li>\n";
  if (health.troubles.empty())
    html += "<li class=\"soft\">No trouble is known: every turn is taken in time.</li>\n";
  html += "</ul></section>\n" + print_lanes(health) + print_sinks(health) + print_log(health) +
          "<p class=\"soft\">" + html_text(health.software) + ", running since " +
          moment(health.started) + "</p>\n";
  return print_page(context, "Health – pledgewatch", html);
}

std::string brief_of(const HealthModel& health, const BoardModel& board) {
  if (health.lateness > late_max) {
    return "LATE: an account has waited " + print_duration(health.lateness) +
           " beyond its turn; look at the machine's load and the connectors' budgets";
  }
  for (const SinkModel& sink : health.sinks) {
    if (sink.disabled)
      return "SINK OFF: " + shown_text(sink.name, 60) + " answered 410; mend its url";
    if (sink.dead > 0) {
      return "UNDELIVERED: " + shown_text(sink.name, 60) + " gave up on " +
             std::to_string(sink.dead) + "; run: pledgewatch outbox list";
    }
    if (sink.oldest && health.now - *sink.oldest > backlog_max) {
      return "BACKLOG: " + shown_text(sink.name, 60) + " has " + std::to_string(sink.waiting) +
             " waiting; look at its receiver";
    }
  }
  const auto& runs = board.judgement.runs;
  if (!runs.empty() && runs.back().state != RunState::running) {
    return "STOPPED: alerts are " + std::string(name_of(runs.back().state)) + ", " +
           shown_text(runs.back().detail, 200) +
           (runs.back().state == RunState::paused ? "; run: pledgewatch campaign resume" : "");
  }
  if (!board.troubles.empty()) return "BLIND: " + board.troubles.front();
  if (board.findings_open > 0) {
    return "REVIEW: " + std::to_string(board.findings_open) + " of " +
           std::to_string(board.findings) + " findings await people; open the review page";
  }
  std::string line = "well:";
  for (const BigCount& count : big_counts(board))
    line += ' ' + count.label + ' ' + std::to_string(count.count) + " of " +
            std::to_string(count.of) + ';';
  line.pop_back();
  return line;
}

}  // namespace pw
