#include "daemon/app/replay.h"

#include <algorithm>

#include "daemon/ledger/entry.h"

namespace pw {
namespace {

class Reader {
 public:
  Reader(const ReplayWindows& windows, const std::function<void(const Look&)>& heard)
      : windows_(windows), heard_(heard) {}

  Replay replay;

  void operator()(const LooksEntry& entry) {
    for (const Look& look : entry.looks) take(look);
  }
  void operator()(const CampaignEntry& entry) {
    replay.terms = entry.terms;
    replay.rules = entry.rules;
  }
  void operator()(const PinEntry& entry) { standing(entry.account).pinned = true; }
  void operator()(const RunEntry& entry) {
    replay.starts += entry.event == "start" ? 1 : 0;
    note_run(replay.run, entry);
  }
  void operator()(const PostEntry&) {}
  void operator()(const FindingEntry&) {}
  void operator()(const ReviewEntry&) {}
  void operator()(const DeliveryEntry&) {}
  void operator()(const EvidenceEntry&) {}
  void operator()(const ErasureEntry& entry) { replay.erased.insert(entry.account); }
  void operator()(const HabitEntry&) {}

 private:
  AccountStanding& standing(AccountNumber account) {
    if (account >= replay.accounts.size()) replay.accounts.resize(account + 1);
    return replay.accounts[account];
  }

  void take(const Look& look) {
    heard_(look);
    AccountStanding& now = standing(look.account);
    ++now.turns;
    if (!observes(look.outcome)) return;
    now.memory.answered = std::max(now.memory.answered, look.effective);
    const bool decoded =
        look.outcome == Outcome::fresh || look.posts_skipped > 0 || look.digest.has_value();
    note_observed(now.memory, look.effective, decoded ? look.posts_skipped : now.memory.skipped);
    note_sweep(now.agenda, windows_.of(look.account), windows_.sweeps, look.purpose,
               look.effective);
  }

  const ReplayWindows& windows_;
  const std::function<void(const Look&)>& heard_;
};

}  // namespace

Result<Replay> replay_log(Store& store, const ReplayWindows& windows,
                          const std::function<void(const Look&)>& heard) {
  const Result<std::uint64_t> count = store.leaf_count();
  if (!count) return count.error();
  Reader reader(windows, heard);
  std::optional<Error> broken;
  const Result<Done> read =
      store.each_leaf(0, *count, [&](std::uint64_t index, std::string_view leaf) {
        const Result<Entry> entry = decode(leaf);
        if (!entry) {
          broken = Error{Errc::malformed,
                         "log entry " + std::to_string(index) + ": " + entry.error().detail};
          return false;
        }
        std::visit(reader, *entry);
        return true;
      });
  if (!read) return read.error();
  if (broken) return *broken;
  return std::move(reader.replay);
}

}  // namespace pw
