// The embedded store. The questions lie in one file per noun: states, posts,
// findings, outbox, leaves.
#pragma once

#include <memory>

#include "daemon/store/database.h"
#include "daemon/store/lock_file.h"
#include "daemon/store/store.h"
#include "daemon/store/transaction.h"

namespace pw {

class SqliteStore final : public Store {
 public:
  // Without a lock where it is opened read-only.
  SqliteStore(std::unique_ptr<Database> database, std::optional<LockFile> lock);

  void on_commit(std::function<void(std::uint64_t)> observer) override;
  Result<Done> enrol(std::vector<Account>& accounts, std::span<const std::string> leaves) override;
  Result<std::vector<AccountState>> states() override;
  Result<std::vector<KnownPost>> known_posts(AccountNumber account) override;
  Result<Done> commit_looks(std::span<const LookCommit* const> looks) override;
  Result<Done> commit_leaves(std::span<const std::string> leaves) override;
  Result<std::vector<StoredPost>> unscreened(int limit) override;
  Result<Done> commit_screening(const ScreenCommit& commit) override;
  Result<std::vector<StoredPost>> posts_of(std::span<const AccountNumber> accounts) override;
  Result<std::optional<StoredPost>> post(AccountNumber account, std::string_view id) override;
  Result<std::vector<Finding>> findings() override;
  Result<std::vector<Finding>> findings(const FindingsAsk& ask) override;
  Result<std::optional<Finding>> finding(std::string_view id) override;
  Result<std::uint64_t> finding_count(const FindingsAsk& ask) override;
  Result<std::vector<Finding>> waiting_findings(std::string_view reviewer, std::string_view beyond,
                                                int limit) override;
  Result<std::vector<Finding>> findings_removed_within(Millis stood) override;
  Result<Done> commit_review(const ReviewCommit& commit) override;
  Result<std::vector<Review>> reviews() override;
  Result<std::vector<Review>> reviews_of(std::string_view finding) override;
  Result<Done> commit_notices(const NoticeCommit& commit) override;
  using Store::held;
  Result<std::vector<HeldAlert>> held(const HeldAsk& ask) override;
  Result<std::vector<HeldGroup>> held_groups(std::string_view sink) override;
  Result<std::vector<ToldFinding>> unreviewed(std::string_view sink,
                                              std::string_view except) override;
  Result<Done> erase(const ErasureCommit& commit) override;
  Result<Done> commit_silence(const Silence& silence, std::span<const std::string> leaves) override;
  Result<std::vector<Silence>> silences() override;
  Result<std::optional<Delivery>> lease_delivery(std::string_view sink, Instant now,
                                                 Instant lease_until) override;
  Result<Done> begin_attempt(const Delivery& delivery, Instant started) override;
  Result<bool> commit_attempt(const AttemptCommit& commit) override;
  Result<std::optional<Instant>> next_delivery(std::string_view sink) override;
  using Store::deliveries;
  Result<std::vector<Delivery>> deliveries(const DeliveriesAsk& ask) override;
  Result<std::vector<DeliveryCount>> delivery_counts() override;
  Result<std::vector<Delivery>> deliveries_of(std::string_view finding) override;
  Result<std::vector<AttemptRecord>> attempts() override;
  Result<std::vector<AttemptRecord>> attempts_of(std::string_view sink,
                                                 std::string_view delivery) override;
  Result<bool> resend(std::string_view sink, std::string_view id, Instant now,
                      std::span<const std::string> leaves) override;
  Result<Done> release_leases(Instant now) override;
  Result<std::uint64_t> leaf_count() override;
  Result<Done> each_leaf(
      std::uint64_t from, std::uint64_t count,
      const std::function<bool(std::uint64_t, std::string_view)>& visit) override;
  Result<std::optional<std::string>> value(std::string_view name) override;
  Result<Done> set_value(std::string_view name, std::string_view text) override;
  Result<Done> checkpoint() override;

 private:
  // The end of every transaction: its leaves, the commit, and who watches it.
  Result<Done> conclude(Transaction& transaction, std::span<const std::string> leaves);
  Result<std::int64_t> row_of_finding(std::string_view id, std::int64_t without);

  std::optional<LockFile> lock_;  // outlives the connection
  std::unique_ptr<Database> database_;
  std::function<void(std::uint64_t)> observer_;
  std::uint64_t commits_ = 0;
};

// Of outbox.cpp, for the transactions that enqueue.
void enqueue(Transaction& transaction, std::span<const OutboxRow> rows);
void hold(Transaction& transaction, std::span<const HeldAlert> alerts);

}  // namespace pw
