#include "daemon/outbox/pace.h"

#include <algorithm>
#include <limits>

#include "daemon/core/hash.h"

namespace pw {
namespace {

constexpr std::string_view group_prefix = "grp_";
constexpr std::string_view over_limit_prefix = "more_";
constexpr std::size_t mark_digits = 16;

// A group that waits and when it goes.
struct DueGroup {
  Instant due{};
  const HeldGroup* group = nullptr;
};

std::vector<DueGroup> by_due(const Pace& pace, const PaceMemory& memory, std::string_view sink,
                             std::span<const HeldGroup> waiting) {
  std::vector<DueGroup> all;
  for (const HeldGroup& group : waiting) {
    Instant due = group.first + pace.wait;
    const auto told =
        pace.groups ? memory.told.find(group_mark(sink, group.group)) : memory.told.end();
    if (told != memory.told.end()) due = std::max(due, told->second + pace.interval);
    all.push_back({due, &group});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const DueGroup& a, const DueGroup& b) { return a.due < b.due; });
  return all;
}

void wake_at(PaceTurn& turn, Instant when) {
  turn.next = turn.next ? std::min(*turn.next, when) : when;
}

// Messages of the last span, in order.
std::vector<Instant> within(const Flood& flood, const std::vector<Instant>& sent, Instant now) {
  std::vector<Instant> recent;
  for (const Instant t : sent) {
    if (now - t < flood.span) recent.push_back(t);
  }
  return recent;
}

void count_over_limit(const Pace& pace, const PaceMemory& memory, Instant first_due, Instant now,
                      PaceTurn& turn) {
  Instant at = first_due + over_limit_wait;
  if (memory.over_limit) at = std::max(at, *memory.over_limit + pace.flood->span);
  turn.counts = now >= at;
  if (turn.counts) return;
  const std::vector<Instant> recent = within(*pace.flood, memory.sent, now);
  const std::size_t first = recent.size() - static_cast<std::size_t>(pace.flood->messages);
  wake_at(turn, std::min(at, recent[first] + pace.flood->span));
}

std::string at_ms(Instant t) { return std::to_string(ms_of(t)); }

}  // namespace

int places_left(const Pace& pace, const PaceMemory& memory, Instant now) {
  if (!pace.flood) return std::numeric_limits<int>::max();
  return std::max(
      0, pace.flood->messages - static_cast<int>(within(*pace.flood, memory.sent, now).size()));
}

PaceTurn pace_turn(const Pace& pace, const PaceMemory& memory, std::string_view sink,
                   std::span<const HeldGroup> waiting, Instant now) {
  PaceTurn turn;
  const auto places = static_cast<std::size_t>(places_left(pace, memory, now));
  std::optional<Instant> first_over;
  for (const DueGroup& one : by_due(pace, memory, sink, waiting)) {
    if (one.due > now) {
      wake_at(turn, one.due);
    } else if (turn.groups.size() < places) {
      turn.groups.push_back(one.group->group);
    } else {
      if (!first_over) first_over = one.due;
      if (pace.groups) turn.over.push_back(one.group->group);
    }
  }
  if (turn.groups.empty() && first_over) count_over_limit(pace, memory, *first_over, now, turn);
  return turn;
}

void note_told(const Pace& pace, std::string_view sink, const Telling& telling, Instant now,
               PaceMemory& memory) {
  if (telling.over_limit) {
    memory.over_limit = now;
    return;
  }
  if (pace.groups) memory.told[group_mark(sink, telling.group)] = now;
  if (pace.flood) {
    memory.sent = within(*pace.flood, memory.sent, now);
    memory.sent.push_back(now);
  }
}

void recall_pace(const Pace& pace, std::string_view sink, std::span<const Delivery> deliveries,
                 Instant now, PaceMemory& memory) {
  const auto counts = [&](const Delivery& d) {
    return pace.flood && now - d.created_at < pace.flood->span;
  };
  for (const Delivery& delivery : deliveries) {
    const OutboxRow& row = delivery.row;
    if (row.sink != sink || row.finding.empty() || !row.withheld.empty()) continue;
    if (row.id.starts_with(over_limit_prefix)) {
      memory.over_limit =
          std::max(memory.over_limit.value_or(delivery.created_at), delivery.created_at);
    } else if (row.id.starts_with(group_prefix)) {
      if (pace.groups) {
        Instant& told = memory.told[row.id.substr(group_prefix.size(), mark_digits)];
        told = std::max(told, delivery.created_at);
      }
      if (counts(delivery)) memory.sent.push_back(delivery.created_at);
    } else if (row.id == "msg_" + row.finding && counts(delivery)) {
      memory.sent.push_back(delivery.created_at);
    }
  }
  std::sort(memory.sent.begin(), memory.sent.end());
}

std::string group_mark(std::string_view sink, std::string_view group) {
  const std::string both = std::string(sink) + '\n' + std::string(group);
  return print_hex(sha256(both)).substr(0, mark_digits);
}

std::string telling_id(const Pace& pace, std::string_view sink, const Telling& telling,
                       std::string_view first_finding, Instant now) {
  if (telling.over_limit) return std::string(over_limit_prefix) + at_ms(now);
  if (!pace.groups) return "msg_" + std::string(first_finding);
  return std::string(group_prefix) + group_mark(sink, telling.group) + '_' + at_ms(now);
}

Reminder remind(Millis every, std::optional<Instant> last, std::span<const ToldFinding> open,
                Instant now) {
  Reminder reminder;
  for (const ToldFinding& one : open) {
    Instant due = one.at + every;
    if (last) due = std::max(due, *last + every);
    reminder.next = reminder.next ? std::min(*reminder.next, due) : due;
  }
  if (!reminder.next || *reminder.next > now) return reminder;
  for (const ToldFinding& one : open) reminder.findings.push_back(one.finding);
  reminder.next = now + every;
  return reminder;
}

}  // namespace pw
