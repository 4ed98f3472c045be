// The contract in its simplest form: plain containers, no disk. The model that
// real stores are compared with; never part of the product.
#pragma once

#include <map>

#include "daemon/store/store.h"

namespace pw {

class MemoryStore : public Store {
 public:
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
  struct Row {
    StoredPost post;
    std::uint64_t order = 0;
    bool screened = false;
  };
  struct Waiting {
    Delivery delivery;
    Instant due;
  };
  using Key = std::pair<AccountNumber, std::string>;

  Result<Done> conclude(std::span<const std::string> leaves);
  bool acceptable(std::span<const std::string> leaves) const;
  bool acceptable(const LookCommit& look) const;
  void take(const LookCommit& look);
  void enqueue(std::span<const OutboxRow> rows);
  Waiting* find(std::string_view sink, std::string_view id);

  std::vector<std::pair<std::string, AccountState>> accounts_;  // platform, NUL, handle
  std::map<Key, Row> posts_;
  std::vector<Finding> findings_;
  std::vector<Review> reviews_;
  std::vector<HeldAlert> held_;
  std::int64_t held_so_far_ = 0;
  std::vector<Silence> silences_;
  std::vector<Waiting> deliveries_;
  std::vector<AttemptRecord> attempts_;
  std::vector<std::string> leaves_;
  std::map<std::string, std::string, std::less<>> values_;
  std::function<void(std::uint64_t)> observer_;
  std::uint64_t commits_ = 0;
  std::uint64_t rows_ = 0;
};

}  // namespace pw
