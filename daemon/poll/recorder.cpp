#include "daemon/poll/recorder.h"

#include <algorithm>
#include <iterator>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pw {

namespace asio = boost::asio;

namespace {

constexpr std::size_t pending_looks_max = 200'000;  // a few seconds at full speed: then flush early

void expect(const Result<Done>& result) {
  if (!result) throw StoreFailure(result.error().detail);
}

bool contains(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

PostEvent event_of(const Observation& seen, const StoredPost& post) {
  if (contains(seen.restored_ids, post.post.id)) return PostEvent::restored;
  if (contains(seen.edited_ids, post.post.id)) return PostEvent::edited;
  return post.baseline ? PostEvent::baseline : PostEvent::appeared;
}

}  // namespace

PostEntry entry_of(const StoredPost& post, PostEvent event) {
  PostEntry entry;
  entry.account = post.account;
  entry.event = event;
  entry.commitment = sha256(post.salt, bytes_of(post.digest));
  entry.post = print_hex(sha256(post.salt, post.post.id));
  entry.surface = post.post.surface;
  entry.appeared = event == PostEvent::removed ? post.removed.value_or(Interval{}) : post.appeared;
  return entry;
}

std::vector<PostEntry> entries_of(const Observation& seen) {
  std::vector<PostEntry> entries;
  if (!seen.news) return entries;
  entries.reserve(seen.news->posts.size() + seen.news->removed.size());
  for (const StoredPost& post : seen.news->posts) {
    const PostEvent event = event_of(seen, post);
    entries.push_back(entry_of(post, event));
    if (event == PostEvent::restored) entries.back().appeared = seen.restored;
  }
  for (const StoredPost& post : seen.news->removed) {
    entries.push_back(entry_of(post, PostEvent::removed));
  }
  return entries;
}

Recorder::Recorder(Store& store, std::function<void(const Look&)> heard,
                   std::function<bool(const StoredPost&)> is_read)
    : store_(store), heard_(std::move(heard)), is_read_(std::move(is_read)) {}

void Recorder::record(const Look& look) {
  heard_(look);
  pending_.push_back(look);
  if (pending_.size() >= pending_looks_max) flush();
}

asio::awaitable<void> Recorder::record_news(const Observation& seen,
                                            std::span<const Entry> beside) {
  heard_(seen.look);
  pending_.push_back(seen.look);
  LookCommit& commit = *seen.news;
  if (is_read_)
    for (StoredPost& post : commit.posts) post.screened = !is_read_(post);
  commit.leaves.clear();
  const std::vector<PostEntry> entries = entries_of(seen);
  commit.leaves.reserve(entries.size() + beside.size());
  for (const PostEntry& entry : entries) commit.leaves.push_back(encode(entry));
  for (const Entry& entry : beside) commit.leaves.push_back(encode(entry));
  co_await commit_with_others(seen.news);
}

asio::awaitable<void> Recorder::record_pin(const AccountState& state, const PinEntry& pin) {
  auto commit = std::make_shared<LookCommit>();
  commit->state = state;
  commit->leaves.push_back(encode(pin));
  co_await commit_with_others(std::move(commit));
}

asio::awaitable<void> Recorder::commit_with_others(std::shared_ptr<LookCommit> commit) {
  group_.push_back(std::move(commit));
  co_await commit_together();
}

// The first of a group to be resumed commits for all of it. One that is cancelled
// meanwhile leaves its part to the next flush.
asio::awaitable<void> Recorder::commit_together() {
  const std::uint64_t flushes = flushes_;
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  if (flushes == flushes_) flush();
}

asio::awaitable<void> Recorder::commit_soon() {
  if (!soon_.empty()) co_await commit_together();
}

void Recorder::record_entry(const Entry& entry) { record_entries({&entry, 1}); }

void Recorder::record_entries(std::span<const Entry> entries) {
  flush();
  std::vector<std::string> leaves;
  for (const Entry& entry : entries) leaves.push_back(encode(entry));
  expect(store_.commit_leaves(leaves));
}

void Recorder::record_soon(std::span<const Entry> entries) {
  for (const Entry& entry : entries) soon_.push_back(encode(entry));
}

void Recorder::record_vanished(const AccountState& state, const StoredPost& post) {
  flush();
  LookCommit commit;
  commit.state = state;
  commit.posts.push_back(post);
  commit.leaves.push_back(encode(entry_of(post, PostEvent::appeared)));
  commit.leaves.push_back(encode(entry_of(post, PostEvent::removed)));
  expect(store_.commit_look(commit));
}

std::vector<std::string> Recorder::pending_leaves() const {
  std::vector<std::string> leaves = encode_looks(pending_);
  leaves.insert(leaves.end(), soon_.begin(), soon_.end());
  return leaves;
}

void Recorder::flush() {
  if (pending_.empty() && group_.empty() && soon_.empty()) return;
  std::vector<std::string> leaves = pending_leaves();
  if (group_.empty()) {
    expect(store_.commit_leaves(leaves));
  } else {
    // Looks first: in the log an account's looks stand in order, and before what
    // they showed.
    std::vector<std::string>& first = group_.front()->leaves;
    const auto looks = static_cast<std::ptrdiff_t>(leaves.size());
    first.insert(first.begin(), std::make_move_iterator(leaves.begin()),
                 std::make_move_iterator(leaves.end()));
    std::vector<const LookCommit*> looked;
    for (const auto& commit : group_) looked.push_back(commit.get());
    const Result<Done> stored = store_.commit_looks(looked);
    // A commit that was refused is tried once more at the end: not with these twice.
    if (!stored) first.erase(first.begin(), first.begin() + looks);
    expect(stored);
  }
  pending_.clear();
  soon_.clear();
  group_.clear();
  ++flushes_;
}

asio::awaitable<void> Recorder::run(Clock& clock) {
  for (;;) {
    co_await clock.sleep_until(clock.now() + std::chrono::seconds(1));
    flush();
  }
}

}  // namespace pw
