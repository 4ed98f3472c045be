// Everything that must survive a crash, behind one contract. SQLite is the
// embedded default; the contract test suite runs against every implementation.
//
// Each commit_* call is one transaction: when it returns a value, all of it is
// on disk (synchronous=FULL); when it returns an error, nothing is. An I/O error
// at commit is final for the process: the caller stops and restarts from disk,
// because a second fsync may falsely report success (fsyncgate); whether that one
// commit stands is known only then. What the errors mean: `refused` final, this
// store takes and tells nothing more; `transient` nothing was changed, try again
// (a full disk); `malformed` the commit contradicts itself or what is stored;
// `gone` its subject does not exist, or was taken over.
//
// Log leaves travel inside the transaction that makes them true: nothing is
// concluded that is not in the log.
#pragma once

#include <array>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/account.h"
#include "daemon/core/finding.h"
#include "daemon/core/look.h"
#include "daemon/core/post.h"
#include "daemon/core/result.h"
#include "daemon/core/review.h"
#include "daemon/core/silence.h"

namespace pw {

// Where reading one account resumes. Written only together with what was read:
// an error never moves it.
struct AccountState {
  AccountNumber account = 0;
  std::string id{};                     // pinned stable id
  std::string etag{};                   // stored verbatim, sent back verbatim
  std::string last_modified{};          // likewise
  std::optional<Digest> body_digest{};  // of the last decoded answer's first page
  std::optional<Digest> list_digest{};  // of its posts, order and counters apart
  bool has_baseline = false;
  bool baseline_whole = false;  // the baseline read the list to its end
  int baseline_depth = 0;       // items read when the baseline was taken
  int listed = 0;               // items on the last first page
  std::string home{};           // the server that answers for it, where that is found out
  std::string token{};          // of the last cheap check after which the list was read
};

struct StoredPost {
  AccountNumber account = 0;
  Post post;
  Digest digest{};        // digest_of(post)
  std::string salt{};     // 16 random bytes; blinds the log's commitments to this post
  Interval appeared{};    // from the last look without it to the first with it
  bool baseline = false;  // known before anything was promised to be watched
  Instant first_seen{};
  Instant last_seen{};
  std::optional<Interval> removed{};  // from the last look with it to the first without
  bool erased = false;                // id, surface and times are left of it
  bool screened = false;              // when it is stored: there is nothing to screen in it
};

// What the poller must know of a post that is already stored.
struct KnownPost {
  std::string id;
  std::string salt{};  // as stored
  Digest digest{};
  Interval appeared{};
  Instant last_seen{};
  bool removed = false;
  Surface surface = Surface::post;
  bool erased = false;  // its content is never stored again
};

// Transaction 1: what one look found. Of a post that is stored already, first_seen
// and baseline stay as they are; it counts as not yet screened again, but for a baseline one that
// says otherwise.
struct LookCommit {
  AccountState state;
  std::vector<StoredPost> posts{};    // new, or edited: replaces the stored version
  std::vector<StoredPost> removed{};  // only account, post.id and removed are read
  std::vector<std::string> seen{};    // ids of known posts that stand: removed no more, last_seen
  Instant effective{};                // ... moves to this
  std::vector<std::string> leaves{};
};

struct OutboxRow {
  std::string id;  // the delivery's stable id: webhook-id; same on every attempt
  std::string sink;
  std::string finding;  // empty for operator messages; the first one of a group
  std::string body;     // frozen when enqueued
  Instant not_before{};
  std::vector<std::string> also{};  // the group's further findings
  // Why it is not sent (a silence, a flood): then it is kept for the record only.
  std::string withheld{};
};

// A finding that waits to be told together with others of its group.
struct HeldAlert {
  std::string sink;
  std::string group;  // the key that the sink groups by
  std::string finding;
  std::string body;  // the message it would be alone
  Instant at{};
  std::int64_t place = 0;  // in the order of coming; given by the store
};

// Which of what waits, in the order of coming.
struct HeldAsk {
  std::string sink{};  // empty: every one's
  std::optional<std::string> group{};
  std::int64_t beyond = 0;  // the place of the last one that the caller has
  int limit = std::numeric_limits<int>::max();
};

// Some of a sink's findings that wait together.
struct HeldGroup {
  std::string group;
  Instant first{};  // when the first of them came
};

// A finding that a sink was told of.
struct ToldFinding {
  std::string finding;
  Instant at{};  // when that was enqueued first
};

// Transaction 2: what the rules made of new posts.
struct ScreenCommit {
  std::vector<std::pair<AccountNumber, std::string>> screened{};  // account, post id
  std::vector<Finding> findings{};  // one that exists already is left as it is
  std::vector<OutboxRow> outbox{};  // likewise, by (sink, id)
  std::vector<std::string> leaves{};
  std::vector<HeldAlert> held{};  // likewise, by (sink, finding)
};

// Held alerts become messages, or messages without findings are added: what one of
// these tells its sink is held no more.
struct NoticeCommit {
  std::vector<OutboxRow> outbox{};
  std::vector<std::string> leaves{};
};

enum class DeliveryState {
  ready,
  leased,
  delivered,
  dead,
  withheld,  // never sent, or not any more: silenced, or its finding was reversed
};
inline constexpr std::array<std::string_view, 5> delivery_state_names = {
    "ready", "leased", "delivered", "dead", "withheld"};
constexpr std::string_view name_of(DeliveryState state) {
  return delivery_state_names[static_cast<std::size_t>(state)];
}
std::optional<DeliveryState> parse_delivery_state(std::string_view name);

struct Delivery {
  OutboxRow row;
  DeliveryState state = DeliveryState::ready;
  int attempts = 0;              // begun so far
  std::int64_t fence = 0;        // grows with every lease; a commit with an old one is refused
  bool maybe_duplicate = false;  // an earlier attempt began and its outcome is unknown
  Instant created_at{};          // not_before as it was enqueued, or sent again by hand
  std::int64_t place = 0;        // in the order of enqueueing, from 1
};

// Which deliveries, in the order of enqueueing.
struct DeliveriesAsk {
  std::optional<DeliveryState> state{};
  std::string sink{};       // empty: every one's
  std::int64_t beyond = 0;  // the place of the last one that the caller has
  int limit = std::numeric_limits<int>::max();
};

// How many of one sink are in one state.
struct DeliveryCount {
  std::string sink;
  DeliveryState state = DeliveryState::ready;
  int count = 0;
  Instant oldest{};  // created_at of the oldest of them
};

// Which findings, newest first.
struct FindingsAsk {
  std::optional<FindingState> state{};
  std::optional<AccountNumber> account{};
  std::optional<Mode> mode{};
  std::string beyond{};  // id of the last one that the caller has; unknown: nothing is beyond
  int limit = std::numeric_limits<int>::max();
};

struct AttemptRecord {
  std::string delivery;
  std::string sink;
  int number = 0;
  Instant started{};
  std::optional<Instant> ended{};  // nothing: its outcome is unknown
  int http_status = 0;
  std::string result;  // "delivered", "retry", "dead", "unknown"
  std::string detail;
};

// Transaction 3: an attempt and its consequence.
struct AttemptCommit {
  std::string delivery;
  std::string sink;
  std::int64_t fence = 0;
  DeliveryState state = DeliveryState::ready;  // ready (again, at not_before), delivered or dead
  Instant not_before{};
  AttemptRecord attempt;
  std::vector<std::string> leaves{};
};

// A step of a review and what follows from it.
struct ReviewCommit {
  Review review;
  FindingState state = FindingState::open;  // the finding's, after it
  std::vector<OutboxRow> outbox{};
  // sink, id: not sent any more; of an attempt that is under way the outcome stays
  // unknown.
  std::vector<std::pair<std::string, std::string>> withdrawn{};
  bool unheld = false;  // it does not wait within a group any more
  std::vector<std::string> leaves{};
};

// What stands in a summary's place once the content was erased.
inline constexpr std::string_view erased_summary = "(the content was erased)";

// An account's personal content is erased: its posts but for id, surface and times,
// the summaries of its findings, notes on them and the actor's answers, messages about
// them, and what receivers answered to those.
struct ErasureCommit {
  AccountNumber account = 0;
  std::vector<OutboxRow> outbox{};  // of others' findings that shared an unsent message
  std::vector<std::string> leaves{};
};

class Store {
 public:
  virtual ~Store() = default;

  // Called after each transaction has reached the disk, with the number of
  // commits so far: for metrics, and for tests that kill the process there.
  virtual void on_commit(std::function<void(std::uint64_t)> observer) = 0;

  // Gives each account its number: one the store knows (by platform and handle)
  // keeps it, a new one gets the next, from 1. The vector's `number` and, where
  // pinned, `id` are filled in; a stored pin wins over the vector's.
  virtual Result<Done> enrol(std::vector<Account>& accounts,
                             std::span<const std::string> leaves) = 0;

  virtual Result<std::vector<AccountState>> states() = 0;
  virtual Result<std::vector<KnownPost>> known_posts(AccountNumber account) = 0;

  // Several looks in one transaction, in their order; one that is refused undoes all.
  virtual Result<Done> commit_looks(std::span<const LookCommit* const> looks) = 0;
  Result<Done> commit_look(const LookCommit& look) {
    const LookCommit* const one = &look;
    return commit_looks({&one, 1});
  }
  // Looks without news, and whatever else only the log needs to know.
  virtual Result<Done> commit_leaves(std::span<const std::string> leaves) = 0;

  // Posts no rules have been run over yet, first seen first. Nothing else may be
  // committed between this and the commit_screening that names them.
  virtual Result<std::vector<StoredPost>> unscreened(int limit) = 0;
  virtual Result<Done> commit_screening(const ScreenCommit& commit) = 0;
  // Account by account as asked, each by appeared.start and id.
  virtual Result<std::vector<StoredPost>> posts_of(std::span<const AccountNumber> accounts) = 0;
  // Nothing where it was erased.
  virtual Result<std::optional<StoredPost>> post(AccountNumber account, std::string_view id) = 0;

  // All of them, oldest first: for what reads a whole campaign, once.
  virtual Result<std::vector<Finding>> findings() = 0;
  // The rest takes time in proportion to what is asked for.
  virtual Result<std::vector<Finding>> findings(const FindingsAsk& ask) = 0;
  virtual Result<std::optional<Finding>> finding(std::string_view id) = 0;
  // How many `ask` would give without `beyond` and `limit`.
  virtual Result<std::uint64_t> finding_count(const FindingsAsk& ask) = 0;
  // Open ones that alert, oldest first; with a reviewer's name only those on which that
  // one's word is owed. `beyond` as above.
  virtual Result<std::vector<Finding>> waiting_findings(std::string_view reviewer,
                                                        std::string_view beyond, int limit) = 0;
  // Open ones whose post is gone, and stood for `stood` at most: from the earliest
  // moment at which it can have appeared to the latest at which it can have gone.
  virtual Result<std::vector<Finding>> findings_removed_within(Millis stood) = 0;

  // `gone`: no such finding.
  virtual Result<Done> commit_review(const ReviewCommit& commit) = 0;
  virtual Result<std::vector<Review>> reviews() = 0;
  virtual Result<std::vector<Review>> reviews_of(std::string_view finding) = 0;

  virtual Result<Done> commit_notices(const NoticeCommit& commit) = 0;
  virtual Result<std::vector<HeldAlert>> held(const HeldAsk& ask) = 0;
  Result<std::vector<HeldAlert>> held() { return held(HeldAsk{}); }
  // In the order of their first ones' coming; takes time in proportion to how many
  // groups there are, not to what waits.
  virtual Result<std::vector<HeldGroup>> held_groups(std::string_view sink) = 0;
  // Open findings of which a message has reached `sink`, in the order of the messages;
  // what has an id that begins with `except` is none.
  virtual Result<std::vector<ToldFinding>> unreviewed(std::string_view sink,
                                                      std::string_view except) = 0;

  // When it returns a value no file of the store holds the content any more. `rate_limited`
  // with the erasure done: somebody who reads keeps the write-ahead log from being
  // folded back, and the content in it; to be called again.
  virtual Result<Done> erase(const ErasureCommit& commit) = 0;

  // New, or changed by its id.
  virtual Result<Done> commit_silence(const Silence& silence,
                                      std::span<const std::string> leaves) = 0;
  virtual Result<std::vector<Silence>> silences() = 0;

  // The next delivery of `sink` that is due, leased until `lease_until`; a lease
  // that ran out counts as an attempt with unknown outcome. Per sink in order of
  // enqueueing among those due.
  virtual Result<std::optional<Delivery>> lease_delivery(std::string_view sink, Instant now,
                                                         Instant lease_until) = 0;
  // Before the socket is touched. `gone`: the lease was taken over.
  virtual Result<Done> begin_attempt(const Delivery& delivery, Instant started) = 0;
  // False in the Result when the fence is old: somebody else took over.
  virtual Result<bool> commit_attempt(const AttemptCommit& commit) = 0;
  // When the next delivery of `sink` is due, if any waits.
  virtual Result<std::optional<Instant>> next_delivery(std::string_view sink) = 0;
  virtual Result<std::vector<Delivery>> deliveries(const DeliveriesAsk& ask) = 0;
  Result<std::vector<Delivery>> deliveries() { return deliveries(DeliveriesAsk{}); }
  // By state, then by sink.
  virtual Result<std::vector<DeliveryCount>> delivery_counts() = 0;
  // Of one finding, alone or in a group.
  virtual Result<std::vector<Delivery>> deliveries_of(std::string_view finding) = 0;
  virtual Result<std::vector<AttemptRecord>> attempts() = 0;
  virtual Result<std::vector<AttemptRecord>> attempts_of(std::string_view sink,
                                                         std::string_view delivery) = 0;
  // A dead delivery is due again at `now`, with the schedule before it; false when
  // there is none that is dead.
  virtual Result<bool> resend(std::string_view sink, std::string_view id, Instant now,
                              std::span<const std::string> leaves) = 0;
  // Leases of a process that died are free again at once: there is one daemon.
  virtual Result<Done> release_leases(Instant now) = 0;

  virtual Result<std::uint64_t> leaf_count() = 0;
  // Visits leaves [from, from + count) in order; a false from the visitor stops.
  virtual Result<Done> each_leaf(
      std::uint64_t from, std::uint64_t count,
      const std::function<bool(std::uint64_t, std::string_view)>& visit) = 0;

  // Small named values: campaign, secret seed, schema notes.
  virtual Result<std::optional<std::string>> value(std::string_view name) = 0;
  virtual Result<Done> set_value(std::string_view name, std::string_view text) = 0;

  // Folds the write-ahead log back; called when idle and at the end.
  virtual Result<Done> checkpoint() = 0;
};

enum class OpenMode { read_write, read_only };

// `path` of the database file; read_write creates it, migrates it, and takes a
// lock (`path`.lock) that a second daemon cannot. A newer schema is refused loudly.
// Read_only never writes and never checkpoints, and sees the store as it was when
// it was opened; it works beside a running daemon, after a crash, and where the
// folder is not ours to write into.
Result<std::unique_ptr<Store>> open_sqlite(const std::string& path, OpenMode mode);

}  // namespace pw
