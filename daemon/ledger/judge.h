// From the log's entries, in order, to what may be said of every pledge. The only
// place where verdicts are made: the daemon's board, the report and a stranger's
// `verify` run the same code over the same entries. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/ledger/account_case.h"
#include "daemon/ledger/canary.h"
#include "daemon/ledger/clock_doubt.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/finding_book.h"
#include "daemon/ledger/judgement.h"
#include "daemon/ledger/outage_book.h"
#include "daemon/ledger/post_book.h"
#include "daemon/ledger/shelf.h"
#include "daemon/ledger/terms.h"

namespace pw {

class Judge {
 public:
  // The terms that an entry names by digest; an error makes every verdict unproven.
  using TermsOf = std::function<Result<Terms>(const Digest&)>;
  // On `shelf` lies what it must know of each post and finding.
  explicit Judge(TermsOf terms_of, std::unique_ptr<Shelf> shelf = std::make_unique<MemoryShelf>())
      : terms_of_(std::move(terms_of)), shelf_(std::move(shelf)) {}

  // `leaf` is the entry's place in the log.
  void add(std::uint64_t leaf, const Entry& entry);
  // An entry that decode() refused: nobody knows what it would have changed.
  void add_unknown(std::uint64_t leaf, const std::string& why);

  // The latest moment that the log speaks of: what `verify` judges by, so that
  // it comes to the same on any day.
  Instant as_of() const { return as_of_; }
  Judgement judge(Instant now) const;
  Judgement judge() const { return judge(as_of_); }
  // Of the shelf.
  std::optional<Error> failure() const { return shelf_->failure(); }

 private:
  struct AccountRecord {
    std::vector<AccountCase> cases;
    std::optional<Instant> pinned_at{};
    std::optional<Instant> withdrawn_at{};
    std::vector<Look>
        seeds{};           // the first observing look and the last: for windows that come later
    std::size_t host = 0;  // in clocks_
    std::size_t connector = 0;  // in outages_
    std::optional<Habit> habit{};
  };
  struct ActorRecord {
    std::string actor;
    PledgeStatus status = PledgeStatus::declared;
    std::optional<Instant> withdrawn_at{};
  };

  void take(std::uint64_t leaf, const CampaignEntry& entry);
  void take(std::uint64_t leaf, const RunEntry& entry);
  void take(std::uint64_t leaf, const PinEntry& entry);
  void take(std::uint64_t leaf, const LooksEntry& entry);
  void take(std::uint64_t leaf, const PostEntry& entry);
  void take(std::uint64_t leaf, const FindingEntry& entry);
  void take(std::uint64_t leaf, const ReviewEntry& entry);
  void take(std::uint64_t leaf, const DeliveryEntry& entry);
  void take(std::uint64_t leaf, const EvidenceEntry& entry);
  void take(std::uint64_t leaf, const ErasureEntry& entry);
  void take(std::uint64_t leaf, const HabitEntry& entry);
  void note_time(Instant t) { as_of_ = std::max(as_of_, t); }
  void remark(std::uint64_t leaf, std::string text);

  void enforce(const std::shared_ptr<const Terms>& terms, Instant at, bool amendment);
  void enrol(const std::shared_ptr<const Terms>& terms, std::uint32_t place, Instant at,
             bool amendment);
  void note_actors(const Terms& terms, Instant at);
  bool keeps_window(const AccountRecord& record, const Window& window, Instant at) const;
  AccountCase::Circumstances circumstances(const AccountRecord& record, const AccountCase& c,
                                           Instant now, Millis clock_doubt) const;
  void judge_actors(Judgement& judgement) const;

  TermsOf terms_of_;
  std::optional<CampaignEntry> campaign_;
  std::optional<Instant> first_terms_at_;
  std::map<AccountNumber, AccountRecord> accounts_;
  std::unordered_map<AccountNumber, AccountRecord*> by_number_;  // into accounts_: quicker
  std::vector<ActorRecord> actors_;
  std::map<std::string, std::size_t> actor_places_;
  std::unique_ptr<Shelf> shelf_;
  FindingBook findings_{*shelf_};
  PostBook posts_{*shelf_};
  ClockDoubt clocks_;
  OutageBook outages_;
  CanaryBook canaries_;
  std::vector<Amendment> amendments_;
  CampaignRun run_;
  std::vector<CampaignRun> runs_;
  std::vector<Remark> not_understood_;
  std::vector<Remark> remarks_;
  std::set<AccountNumber> strangers_;  // looked at and in no terms; each remarked once
  Instant as_of_ = Instant::min();
};

}  // namespace pw
