#include "daemon/outbox/tell_held.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/outbox/together.h"

namespace pw {
namespace {

constexpr int read_at_once = 100;
constexpr std::size_t enqueued_at_once = 100;

// One question to the pace and what follows from it.
class HeldRound {
 public:
  HeldRound(Store& store, const PacedSink& sink, Instant now, const Silenced& silenced,
            PaceMemory& memory)
      : store_(store),
        sink_(sink),
        now_(now),
        silenced_(silenced),
        memory_(memory),
        after_(memory) {}

  Result<Done> tell(const PaceTurn& turn) {
    for (const std::string& group : turn.groups) {
      if (const auto told = tell_one({group}, {}); !told) return told;
    }
    if (turn.counts) {
      const std::set<std::string_view> over(turn.over.begin(), turn.over.end());
      if (const auto told = tell_one({"", /*over_limit=*/true}, over); !told) return told;
    }
    return enqueue();
  }

  static Result<std::vector<HeldGroup>> groups(Store& store, const PacedSink& sink, Instant now,
                                               const PaceMemory& memory) {
    if (sink.pace.groups) return store.held_groups(sink.name);
    // Each goes alone: as many as may, and the first that may not.
    const int limit = std::min(places_left(sink.pace, memory, now), read_at_once - 1) + 1;
    const auto first = store.held({.sink = sink.name, .limit = limit});
    if (!first) return first.error();
    std::vector<HeldGroup> groups;
    for (const HeldAlert& alert : *first) {
      const auto same = [&](const HeldGroup& group) { return group.group == alert.group; };
      if (std::none_of(groups.begin(), groups.end(), same))
        groups.push_back({alert.group, alert.at});
    }
    return groups;
  }

 private:
  // `over` is empty where all that waits is.
  Result<Done> tell_one(const Telling& telling, const std::set<std::string_view>& over) {
    OutboxRow row;
    std::string alone;
    TogetherBody together(sink_.webhook,
                          telling.over_limit ? Together::over_limit : Together::group,
                          sink_.pace.flood);
    HeldAsk ask{sink_.name, {}, 0, read_at_once};
    if (!telling.over_limit) ask.group = telling.group;
    for (bool more = true; more;) {
      const auto part = store_.held(ask);
      if (!part) return part.error();
      for (const HeldAlert& alert : *part) {
        if (!over.empty() && !over.contains(alert.group)) continue;
        if (holds_back(alert)) continue;
        together.add(alert.body);
        if (row.finding.empty()) {
          row.finding = alert.finding;
          alone = alert.body;
        } else {
          row.also.push_back(alert.finding);
        }
      }
      more = static_cast<int>(part->size()) == ask.limit;
      if (more) ask.beyond = part->back().place;
      if (kept_.size() >= enqueued_at_once) {
        if (const auto done = enqueue(); !done) return done;
      }
    }
    if (row.finding.empty()) return Done{};
    row.id = telling_id(sink_.pace, sink_.name, telling, row.finding, now_);
    row.sink = sink_.name;
    row.not_before = now_;
    row.withheld = sink_.withheld;
    row.body = row.also.empty() && !telling.over_limit ? std::move(alone) : together.print(now_);
    if (row.withheld.empty()) note_told(sink_.pace, sink_.name, telling, now_, after_);
    messages_.push_back(std::move(row));
    return messages_.size() >= enqueued_at_once ? enqueue() : Result<Done>(Done{});
  }

  bool holds_back(const HeldAlert& alert) {
    std::string why = silenced_ ? silenced_(alert) : std::string();
    if (why.empty()) return false;
    OutboxRow row{"msg_" + alert.finding, sink_.name, alert.finding, alert.body, now_};
    row.withheld = std::move(why);
    kept_.push_back(std::move(row));
    return true;
  }

  Result<Done> enqueue() {
    NoticeCommit commit;
    commit.outbox = std::exchange(kept_, {});
    std::move(messages_.begin(), messages_.end(), std::back_inserter(commit.outbox));
    messages_.clear();
    if (commit.outbox.empty()) return Done{};
    if (const auto stored = store_.commit_notices(commit); !stored) return stored;
    memory_ = after_;
    return Done{};
  }

  Store& store_;
  const PacedSink& sink_;
  const Instant now_;
  const Silenced& silenced_;
  PaceMemory& memory_;
  PaceMemory after_;  // once what waits to be enqueued is
  std::vector<OutboxRow> kept_;
  std::vector<OutboxRow> messages_;
};

}  // namespace

Result<ToldHeld> tell_held(Store& store, const PacedSink& sink, Instant now,
                           const Silenced& silenced, PaceMemory& memory) {
  ToldHeld told;
  for (;;) {
    const auto groups = HeldRound::groups(store, sink, now, memory);
    if (!groups) return groups.error();
    const PaceTurn turn = pace_turn(sink.pace, memory, sink.name, *groups, now);
    told.next = turn.next;
    if (turn.groups.empty() && !turn.counts) return told;
    told.any = true;
    if (const auto done = HeldRound(store, sink, now, silenced, memory).tell(turn); !done)
      return done.error();
  }
}

}  // namespace pw
