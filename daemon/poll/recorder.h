// Every look ends here and in the log. What is new commits at once, together with
// all that came in while the commit before it ran; looks without news are committed
// together once a second, so that a crash costs at most a second of looks, which
// then honestly count as a gap.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "daemon/core/look.h"
#include "daemon/ledger/entry.h"
#include "daemon/poll/observe.h"
#include "daemon/runtime/clock.h"
#include "daemon/store/store.h"

namespace pw {

class Recorder {
 public:
  // `heard` is told of every look, in order, before it is stored: the board and
  // the live table count there. Posts that `is_read` denies are stored as screened
  // already; without it, none are.
  Recorder(Store& store, std::function<void(const Look&)> heard,
           std::function<bool(const StoredPost&)> is_read = {});

  // All throw StoreFailure when the disk does not take it: the process must
  // end, since nothing may be concluded that is not stored.
  void record(const Look& look);
  // Returns when it is on disk. Whatever is ready by the time the event loop comes
  // round shares the transaction: one fsync serves all that answered meanwhile, and
  // nobody waits for others to come.
  // `beside`: what is said of the same answer, after the posts.
  boost::asio::awaitable<void> record_news(const Observation& seen,
                                           std::span<const Entry> beside = {});
  boost::asio::awaitable<void> record_pin(const AccountState& state, const PinEntry& pin);
  void record_entry(const Entry& entry);
  // In one transaction.
  void record_entries(std::span<const Entry> entries);
  // What is said beside a look that stands already: with the next commit.
  void record_soon(std::span<const Entry> entries);
  // Returns when that is on disk; shared like record_news, and at once if there is none.
  boost::asio::awaitable<void> commit_soon();
  // A post that was heard of and gone before a look could show it: both stand in
  // the log, and no look does.
  void record_vanished(const AccountState& state, const StoredPost& post);
  void flush();

  // Flushes once a second until cancelled; what is pending at the end is
  // flushed by the caller's last flush().
  boost::asio::awaitable<void> run(Clock& clock);

 private:
  boost::asio::awaitable<void> commit_with_others(std::shared_ptr<LookCommit> commit);
  boost::asio::awaitable<void> commit_together();
  std::vector<std::string> pending_leaves() const;

  Store& store_;
  std::function<void(const Look&)> heard_;
  std::function<bool(const StoredPost&)> is_read_;
  std::vector<Look> pending_;
  std::vector<std::string> soon_;  // leaves, after those of the looks
  // What the next commit holds beside the looks.
  std::vector<std::shared_ptr<LookCommit>> group_;
  std::uint64_t flushes_ = 0;
};

// A commit failed. Final for this process.
struct StoreFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The log's word for a post: what happened to it, without showing it.
PostEntry entry_of(const StoredPost& post, PostEvent event);

// All that one look has to say of posts. A restored one's interval is that in
// which it came back.
std::vector<PostEntry> entries_of(const Observation& seen);

}  // namespace pw
