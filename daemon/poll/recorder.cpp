#include "daemon/poll/recorder.h"

#include <algorithm>

namespace pw {
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
  entry.commitment = sha256(post.salt + std::string(bytes_of(post.digest)));
  entry.post = print_hex(sha256(post.salt + post.post.id));
  entry.surface = post.post.surface;
  entry.appeared = event == PostEvent::removed ? post.removed.value_or(Interval{}) : post.appeared;
  return entry;
}

std::vector<PostEntry> entries_of(const Observation& seen) {
  std::vector<PostEntry> entries;
  if (!seen.news) return entries;
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

Recorder::Recorder(Store& store, std::function<void(const Look&)> heard)
    : store_(store), heard_(std::move(heard)) {}

void Recorder::record(const Look& look) {
  heard_(look);
  pending_.push_back(look);
  if (pending_.size() >= pending_looks_max) flush();
}

void Recorder::record_news(const Observation& seen) {
  heard_(seen.look);
  LookCommit commit = *seen.news;
  // Pending looks first, so that an account's looks stand in the log in order.
  pending_.push_back(seen.look);
  commit.leaves = encode_looks(pending_);
  for (const PostEntry& entry : entries_of(seen)) commit.leaves.push_back(encode(entry));
  expect(store_.commit_look(commit));
  pending_.clear();
}

void Recorder::record_entry(const Entry& entry) {
  flush();
  const std::string leaf = encode(entry);
  expect(store_.commit_leaves({&leaf, 1}));
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

void Recorder::flush() {
  if (pending_.empty()) return;
  const std::vector<std::string> leaves = encode_looks(pending_);
  expect(store_.commit_leaves(leaves));
  pending_.clear();
}

boost::asio::awaitable<void> Recorder::run(Clock& clock) {
  for (;;) {
    co_await clock.sleep_until(clock.now() + std::chrono::seconds(1));
    flush();
  }
}

}  // namespace pw
