#include "daemon/outbox/pace.h"

#include <algorithm>

#include "daemon/core/hash.h"

namespace pw {
namespace {

constexpr std::string_view group_prefix = "grp_";
constexpr std::string_view over_limit_prefix = "more_";
constexpr std::size_t mark_digits = 16;

struct Group {
  Instant due{};
  Telling telling;
};

std::vector<Group> groups_of(const Pace& pace, const PaceMemory& memory,
                             std::span<const HeldAlert> held) {
  std::vector<Group> groups;
  std::map<std::string_view, std::size_t> at;
  for (std::size_t i = 0; i < held.size(); ++i) {
    const auto [place, is_new] = at.emplace(held[i].group, groups.size());
    if (is_new) {
      Group group{held[i].at + pace.wait, {held[i].group, {}}};
      const auto told = memory.told.find(group_mark(held[i].sink, held[i].group));
      if (told != memory.told.end()) group.due = std::max(group.due, told->second + pace.interval);
      groups.push_back(std::move(group));
    }
    groups[place->second].telling.members.push_back(i);
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const Group& a, const Group& b) { return a.due < b.due; });
  return groups;
}

void wake_at(Tellings& tellings, Instant when) {
  tellings.next = tellings.next ? std::min(*tellings.next, when) : when;
}

// Messages of the last span, in order; those that go now among them.
std::vector<Instant> within(const Flood& flood, const std::vector<Instant>& sent, Instant now) {
  std::vector<Instant> recent;
  for (const Instant t : sent) {
    if (now - t < flood.span) recent.push_back(t);
  }
  return recent;
}

// Takes out of `telling` what is silenced.
void hold_back(std::span<const HeldAlert> held, const Silenced& silenced, Telling& telling,
               std::vector<KeptBack>& kept_back) {
  if (!silenced) return;
  std::erase_if(telling.members, [&](std::size_t member) {
    std::string why = silenced(held[member]);
    if (why.empty()) return false;
    kept_back.push_back({member, std::move(why)});
    return true;
  });
}

void tell(std::span<const HeldAlert> held, const Silenced& silenced, Telling telling,
          Tellings& tellings) {
  hold_back(held, silenced, telling, tellings.kept_back);
  if (!telling.members.empty()) tellings.now.push_back(std::move(telling));
}

void count_over_limit(const Pace& pace, const PaceMemory& memory, const std::vector<Group>& over,
                      const std::vector<Instant>& recent, std::span<const HeldAlert> held,
                      const Silenced& silenced, Instant now, Tellings& tellings) {
  if (over.empty()) return;
  Instant at = over.front().due + over_limit_wait;
  if (memory.over_limit) at = std::max(at, *memory.over_limit + pace.flood->span);
  if (now < at) {
    const std::size_t first = recent.size() - static_cast<std::size_t>(pace.flood->messages);
    wake_at(tellings, std::min(at, recent[first] + pace.flood->span));
    return;
  }
  Telling all{"", {}, /*over_limit=*/true};
  for (const Group& group : over) {
    const auto& members = group.telling.members;
    all.members.insert(all.members.end(), members.begin(), members.end());
  }
  std::sort(all.members.begin(), all.members.end());
  tell(held, silenced, std::move(all), tellings);
}

std::string at_ms(Instant t) { return std::to_string(ms_of(t)); }

}  // namespace

Tellings tell_now(const Pace& pace, const PaceMemory& memory, std::span<const HeldAlert> held,
                  Instant now, const Silenced& silenced) {
  Tellings tellings;
  std::vector<Instant> recent;
  if (pace.flood) recent = within(*pace.flood, memory.sent, now);
  std::vector<Group> over;
  for (Group& group : groups_of(pace, memory, held)) {
    if (group.due > now) {
      wake_at(tellings, group.due);
    } else if (pace.flood && recent.size() >= static_cast<std::size_t>(pace.flood->messages)) {
      over.push_back(std::move(group));
    } else {
      const std::size_t before = tellings.now.size();
      tell(held, silenced, std::move(group.telling), tellings);
      if (tellings.now.size() > before) recent.push_back(now);
    }
  }
  count_over_limit(pace, memory, over, recent, held, silenced, now, tellings);
  return tellings;
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

void recall_pace(std::string_view sink, std::span<const Delivery> deliveries, PaceMemory& memory) {
  for (const Delivery& delivery : deliveries) {
    const OutboxRow& row = delivery.row;
    if (row.sink != sink || row.finding.empty() || !row.withheld.empty()) continue;
    if (row.id.starts_with(over_limit_prefix)) {
      memory.over_limit =
          std::max(memory.over_limit.value_or(delivery.created_at), delivery.created_at);
    } else if (row.id.starts_with(group_prefix)) {
      Instant& told = memory.told[row.id.substr(group_prefix.size(), mark_digits)];
      told = std::max(told, delivery.created_at);
      memory.sent.push_back(delivery.created_at);
    } else if (row.id == "msg_" + row.finding) {
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
                       std::span<const HeldAlert> held, Instant now) {
  if (telling.over_limit) return std::string(over_limit_prefix) + at_ms(now);
  if (!pace.groups) return "msg_" + held[telling.members.front()].finding;
  return std::string(group_prefix) + group_mark(sink, telling.group) + '_' + at_ms(now);
}

Reminder remind(Millis every, std::optional<Instant> last, std::span<const Unreviewed> open,
                Instant now) {
  Reminder reminder;
  for (const Unreviewed& one : open) {
    Instant due = one.told_at + every;
    if (last) due = std::max(due, *last + every);
    reminder.next = reminder.next ? std::min(*reminder.next, due) : due;
  }
  if (!reminder.next || *reminder.next > now) return reminder;
  for (const Unreviewed& one : open) reminder.findings.push_back(one.finding);
  reminder.next = now + every;
  return reminder;
}

}  // namespace pw
