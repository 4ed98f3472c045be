#include "tests/store/support/memory_store.h"

#include <algorithm>
#include <set>

namespace pw {
namespace {

bool waits(DeliveryState state) {
  return state == DeliveryState::ready || state == DeliveryState::leased;
}

}  // namespace

void MemoryStore::on_commit(std::function<void(std::uint64_t)> observer) {
  observer_ = std::move(observer);
}

bool MemoryStore::acceptable(std::span<const std::string> leaves) const {
  return std::all_of(leaves.begin(), leaves.end(),
                     [](const std::string& leaf) { return leaf.size() <= 65'535; });
}

Result<Done> MemoryStore::conclude(std::span<const std::string> leaves) {
  leaves_.insert(leaves_.end(), leaves.begin(), leaves.end());
  ++commits_;
  if (observer_) observer_(commits_);
  return Done{};
}

Result<Done> MemoryStore::enrol(std::vector<Account>& accounts,
                                std::span<const std::string> leaves) {
  if (!acceptable(leaves)) return Error{Errc::malformed, "leaf"};
  for (Account& account : accounts) {
    const std::string name = account.platform + '\0' + account.handle;
    auto it = std::find_if(accounts_.begin(), accounts_.end(),
                           [&](const auto& known) { return known.first == name; });
    if (it == accounts_.end()) {
      AccountState state;
      state.account = static_cast<AccountNumber>(accounts_.size() + 1);
      it = accounts_.insert(accounts_.end(), {name, state});
    }
    if (it->second.id.empty()) it->second.id = account.id;
    account.number = it->second.account;
    account.id = it->second.id;
  }
  return conclude(leaves);
}

Result<std::vector<AccountState>> MemoryStore::states() {
  std::vector<AccountState> states;
  for (const auto& [name, state] : accounts_) states.push_back(state);
  return states;
}

Result<std::vector<KnownPost>> MemoryStore::known_posts(AccountNumber account) {
  std::vector<KnownPost> known;
  for (const auto& [key, row] : posts_) {
    if (key.first != account) continue;
    const StoredPost& post = row.post;
    known.push_back({key.second, post.salt, post.digest, post.appeared, post.last_seen,
                     post.removed.has_value(), post.post.surface, post.erased});
  }
  return known;
}

bool MemoryStore::acceptable(const LookCommit& commit) const {
  const auto enrolled = [&](AccountNumber number) {
    return number >= 1 && number <= accounts_.size();
  };
  const bool strangers = std::any_of(commit.posts.begin(), commit.posts.end(),
                                     [&](const auto& post) { return !enrolled(post.account); });
  return enrolled(commit.state.account) && !strangers && acceptable(commit.leaves);
}

void MemoryStore::take(const LookCommit& commit) {
  accounts_[commit.state.account - 1].second = commit.state;
  for (StoredPost post : commit.posts) {
    const auto [it, is_new] = posts_.try_emplace({post.account, post.post.id});
    if (is_new) {
      it->second.order = rows_++;
    } else {
      post.baseline = it->second.post.baseline;
      post.first_seen = std::min(post.first_seen, it->second.post.first_seen);
    }
    it->second.post = post;
    it->second.screened = post.screened && (is_new || post.baseline);
  }
  for (const StoredPost& post : commit.removed) {
    const auto it = posts_.find({post.account, post.post.id});
    if (it != posts_.end() && post.removed) it->second.post.removed = post.removed;
  }
  for (const std::string& id : commit.seen) {
    const auto it = posts_.find({commit.state.account, id});
    if (it == posts_.end()) continue;
    it->second.post.last_seen = commit.effective;
    it->second.post.removed.reset();
  }
}

Result<Done> MemoryStore::commit_looks(std::span<const LookCommit* const> looks) {
  std::vector<std::string> leaves;
  for (const LookCommit* look : looks) {
    if (!acceptable(*look)) return Error{Errc::malformed, "look"};
    leaves.insert(leaves.end(), look->leaves.begin(), look->leaves.end());
  }
  for (const LookCommit* look : looks) take(*look);
  return conclude(leaves);
}

Result<Done> MemoryStore::commit_leaves(std::span<const std::string> leaves) {
  if (leaves.empty()) return Done{};
  if (!acceptable(leaves)) return Error{Errc::malformed, "leaf"};
  return conclude(leaves);
}

Result<std::vector<StoredPost>> MemoryStore::unscreened(int limit) {
  std::vector<const Row*> rows;
  for (const auto& [key, row] : posts_) {
    if (!row.screened) rows.push_back(&row);
  }
  std::sort(rows.begin(), rows.end(), [](const Row* a, const Row* b) {
    return std::pair(a->post.first_seen, a->order) < std::pair(b->post.first_seen, b->order);
  });
  rows.resize(std::min(rows.size(), static_cast<std::size_t>(std::max(limit, 0))));
  std::vector<StoredPost> posts;
  for (const Row* row : rows) posts.push_back(row->post);
  return posts;
}

Result<Done> MemoryStore::commit_screening(const ScreenCommit& commit) {
  if (!acceptable(commit.leaves)) return Error{Errc::malformed, "leaf"};
  for (const auto& key : commit.screened) {
    if (const auto it = posts_.find(key); it != posts_.end()) it->second.screened = true;
  }
  for (const Finding& finding : commit.findings) {
    const bool known = std::any_of(findings_.begin(), findings_.end(),
                                   [&](const Finding& f) { return f.id == finding.id; });
    if (!known) findings_.push_back(finding);
  }
  enqueue(commit.outbox);
  for (const HeldAlert& alert : commit.held) {
    const bool known = std::any_of(held_.begin(), held_.end(), [&](const HeldAlert& a) {
      return a.sink == alert.sink && a.finding == alert.finding;
    });
    if (known) continue;
    held_.push_back(alert);
    held_.back().place = ++held_so_far_;
  }
  return conclude(commit.leaves);
}

Result<std::vector<StoredPost>> MemoryStore::posts_of(std::span<const AccountNumber> accounts) {
  std::vector<StoredPost> posts;
  for (const AccountNumber account : accounts) {
    const auto first = static_cast<std::ptrdiff_t>(posts.size());
    for (const auto& [key, row] : posts_) {
      if (key.first == account) posts.push_back(row.post);
    }
    std::stable_sort(posts.begin() + first, posts.end(), [](const auto& a, const auto& b) {
      return a.appeared.start < b.appeared.start;
    });
  }
  return posts;
}

Result<Done> MemoryStore::commit_review(const ReviewCommit& commit) {
  const auto it = std::find_if(findings_.begin(), findings_.end(),
                               [&](const Finding& f) { return f.id == commit.review.finding; });
  if (it == findings_.end()) return Error{Errc::gone, "finding"};
  if (!acceptable(commit.leaves)) return Error{Errc::malformed, "leaf"};
  it->state = commit.state;
  reviews_.push_back(commit.review);
  for (const auto& [sink, id] : commit.withdrawn) {
    Waiting* waiting = find(sink, id);
    if (waiting == nullptr || !waits(waiting->delivery.state)) continue;
    waiting->delivery.state = DeliveryState::withheld;
    waiting->delivery.row.withheld = "reversed by a review";
    ++waiting->delivery.fence;
  }
  if (commit.unheld)
    std::erase_if(held_, [&](const HeldAlert& a) { return a.finding == commit.review.finding; });
  enqueue(commit.outbox);
  return conclude(commit.leaves);
}

Result<std::vector<Review>> MemoryStore::reviews() { return reviews_; }

Result<std::vector<Review>> MemoryStore::reviews_of(std::string_view finding) {
  std::vector<Review> found;
  for (const Review& review : reviews_) {
    if (review.finding == finding) found.push_back(review);
  }
  return found;
}

Result<Done> MemoryStore::commit_notices(const NoticeCommit& commit) {
  if (!acceptable(commit.leaves)) return Error{Errc::malformed, "leaf"};
  for (const OutboxRow& row : commit.outbox) {
    const std::set<std::string> also(row.also.begin(), row.also.end());
    std::erase_if(held_, [&](const HeldAlert& a) {
      return a.sink == row.sink && (a.finding == row.finding || also.contains(a.finding));
    });
  }
  enqueue(commit.outbox);
  return conclude(commit.leaves);
}

Result<Done> MemoryStore::erase(const ErasureCommit& commit) {
  if (!acceptable(commit.leaves)) return Error{Errc::malformed, "leaf"};
  enqueue(commit.outbox);
  for (auto& [key, row] : posts_) {
    if (key.first != commit.account) continue;
    StoredPost& stored = row.post;
    Post left;
    left.id = stored.post.id;
    left.surface = stored.post.surface;
    left.server_at = stored.post.server_at;
    left.server_precision = stored.post.server_precision;
    left.pinned = stored.post.pinned;
    stored.post = left;
    stored.salt.clear();
    stored.digest = {};
    stored.erased = true;
    row.screened = true;
  }
  std::set<std::string> theirs;
  for (Finding& finding : findings_) {
    if (finding.account != commit.account) continue;
    finding.summary = erased_summary;
    theirs.insert(finding.id);
  }
  for (Review& review : reviews_) {
    const bool goes = review.act == ReviewAct::answer || review.act == ReviewAct::note;
    if (goes && theirs.contains(review.finding)) review.reason.clear();
  }
  std::erase_if(held_, [&](const HeldAlert& alert) { return theirs.contains(alert.finding); });
  for (Waiting& waiting : deliveries_) {
    Delivery& delivery = waiting.delivery;
    const auto& also = delivery.row.also;
    const bool tells = theirs.contains(delivery.row.finding) ||
                       std::any_of(also.begin(), also.end(),
                                   [&](const std::string& id) { return theirs.contains(id); });
    if (!tells) continue;
    delivery.row.body.clear();
    for (AttemptRecord& attempt : attempts_) {
      if (attempt.sink == delivery.row.sink && attempt.delivery == delivery.row.id)
        attempt.detail.clear();
    }
    if (!waits(delivery.state)) continue;
    delivery.state = DeliveryState::withheld;
    delivery.row.withheld = "erased";
    ++delivery.fence;
  }
  return conclude(commit.leaves);
}

Result<Done> MemoryStore::commit_silence(const Silence& silence,
                                         std::span<const std::string> leaves) {
  if (!acceptable(leaves)) return Error{Errc::malformed, "leaf"};
  const auto it = std::find_if(silences_.begin(), silences_.end(),
                               [&](const Silence& s) { return s.id == silence.id; });
  if (it == silences_.end())
    silences_.push_back(silence);
  else
    *it = silence;
  return conclude(leaves);
}

Result<std::vector<Silence>> MemoryStore::silences() { return silences_; }

void MemoryStore::enqueue(std::span<const OutboxRow> rows) {
  for (const OutboxRow& row : rows) {
    if (find(row.sink, row.id) != nullptr) continue;
    Waiting& waiting = deliveries_.emplace_back();
    waiting.delivery.row = row;
    waiting.delivery.created_at = row.not_before;
    waiting.due = row.not_before;
    if (!row.withheld.empty()) waiting.delivery.state = DeliveryState::withheld;
  }
}

MemoryStore::Waiting* MemoryStore::find(std::string_view sink, std::string_view id) {
  for (Waiting& waiting : deliveries_) {
    if (waiting.delivery.row.sink == sink && waiting.delivery.row.id == id) return &waiting;
  }
  return nullptr;
}

Result<std::optional<Delivery>> MemoryStore::lease_delivery(std::string_view sink, Instant now,
                                                            Instant lease_until) {
  for (Waiting& waiting : deliveries_) {
    Delivery& delivery = waiting.delivery;
    if (delivery.row.sink != sink || !waits(delivery.state) || waiting.due > now) continue;
    if (delivery.state == DeliveryState::leased) delivery.maybe_duplicate = true;
    delivery.state = DeliveryState::leased;
    ++delivery.fence;
    waiting.due = lease_until;
    static_cast<void>(conclude({}));
    return std::optional(delivery);
  }
  return std::optional<Delivery>{};
}

Result<Done> MemoryStore::begin_attempt(const Delivery& delivery, Instant started) {
  Waiting* waiting = find(delivery.row.sink, delivery.row.id);
  if (waiting == nullptr || waiting->delivery.fence != delivery.fence ||
      waiting->delivery.state != DeliveryState::leased)
    return Error{Errc::gone, "lease"};
  AttemptRecord& attempt = attempts_.emplace_back();
  attempt.delivery = delivery.row.id;
  attempt.sink = delivery.row.sink;
  attempt.number = ++waiting->delivery.attempts;
  attempt.started = started;
  attempt.result = "unknown";
  return conclude({});
}

Result<bool> MemoryStore::commit_attempt(const AttemptCommit& commit) {
  if (!acceptable(commit.leaves)) return Error{Errc::malformed, "leaf"};
  Waiting* waiting = find(commit.sink, commit.delivery);
  if (waiting == nullptr || waiting->delivery.fence != commit.fence ||
      waiting->delivery.state != DeliveryState::leased)
    return false;
  const auto it = std::find_if(attempts_.begin(), attempts_.end(), [&](const auto& attempt) {
    return attempt.sink == commit.sink && attempt.delivery == commit.delivery &&
           attempt.number == commit.attempt.number;
  });
  if (it == attempts_.end()) return Error{Errc::malformed, "attempt"};
  const Instant started = it->started;
  *it = commit.attempt;
  it->started = started;
  waiting->delivery.state = commit.state;
  waiting->delivery.row.not_before = commit.not_before;
  waiting->due = commit.not_before;
  if (commit.attempt.result == "unknown") waiting->delivery.maybe_duplicate = true;
  static_cast<void>(conclude(commit.leaves));
  return true;
}

Result<std::optional<Instant>> MemoryStore::next_delivery(std::string_view sink) {
  std::optional<Instant> next;
  for (const Waiting& waiting : deliveries_) {
    if (waiting.delivery.row.sink != sink || !waits(waiting.delivery.state)) continue;
    if (!next || waiting.due < *next) next = waiting.due;
  }
  return next;
}

Result<std::vector<Delivery>> MemoryStore::deliveries_of(std::string_view finding) {
  std::vector<Delivery> found;
  for (const Waiting& waiting : deliveries_) {
    const OutboxRow& row = waiting.delivery.row;
    const bool also = std::find(row.also.begin(), row.also.end(), finding) != row.also.end();
    if (also || (row.finding == finding && !finding.empty())) found.push_back(waiting.delivery);
  }
  return found;
}

Result<bool> MemoryStore::resend(std::string_view sink, std::string_view id, Instant now,
                                 std::span<const std::string> leaves) {
  if (!acceptable(leaves)) return Error{Errc::malformed, "leaf"};
  Waiting* waiting = find(sink, id);
  if (waiting == nullptr || waiting->delivery.state != DeliveryState::dead) return false;
  Delivery& delivery = waiting->delivery;
  delivery.state = DeliveryState::ready;
  delivery.row.not_before = now;
  delivery.created_at = now;
  waiting->due = now;
  static_cast<void>(conclude(leaves));
  return true;
}

Result<std::vector<AttemptRecord>> MemoryStore::attempts() { return attempts_; }

Result<Done> MemoryStore::release_leases(Instant now) {
  for (Waiting& waiting : deliveries_) {
    Delivery& delivery = waiting.delivery;
    if (delivery.state != DeliveryState::leased) continue;
    delivery.state = DeliveryState::ready;
    ++delivery.fence;
    waiting.due = now;
    for (const AttemptRecord& attempt : attempts_) {
      const bool open = attempt.sink == delivery.row.sink && attempt.delivery == delivery.row.id &&
                        !attempt.ended;
      if (open) delivery.maybe_duplicate = true;
    }
  }
  return conclude({});
}

Result<std::uint64_t> MemoryStore::leaf_count() { return std::uint64_t{leaves_.size()}; }

Result<Done> MemoryStore::each_leaf(
    std::uint64_t from, std::uint64_t count,
    const std::function<bool(std::uint64_t, std::string_view)>& visit) {
  for (std::uint64_t i = from; i < leaves_.size() && i - from < count; ++i) {
    if (!visit(i, leaves_[i])) break;
  }
  return Done{};
}

Result<std::optional<std::string>> MemoryStore::value(std::string_view name) {
  const auto it = values_.find(name);
  if (it == values_.end()) return std::optional<std::string>{};
  return std::optional(it->second);
}

Result<Done> MemoryStore::set_value(std::string_view name, std::string_view text) {
  values_.insert_or_assign(std::string(name), std::string(text));
  return conclude({});
}

Result<Done> MemoryStore::checkpoint() { return Done{}; }

}  // namespace pw
