#include "daemon/screen/screener.h"

#include <algorithm>
#include <set>

#include "daemon/core/hash.h"
#include "daemon/ledger/entry.h"
#include "daemon/screen/screening.h"

namespace pw {
namespace {

constexpr int batch_posts_max = 500;  // bounds one transaction

FindingEntry entry_of(const Finding& finding, const StoredPost& post, Instant now) {
  FindingEntry entry{finding, now};
  entry.finding.post_id = print_hex(sha256(post.salt + post.post.id));
  entry.finding.summary.clear();
  return entry;
}

}  // namespace

struct Screener::Batch {
  std::vector<StoredPost> posts;      // to judge
  std::vector<StoredPost> around;     // all posts of the actors concerned
  std::map<PostKey, int> statements;  // used before each
  ScreenCommit commit;
  std::vector<Finding> found;
};

Screener::Screener(Store& store, std::function<void(const Finding&)> found)
    : store_(store), found_(std::move(found)) {}

Result<int> Screener::screen(const Grounds& grounds, Instant now) {
  if (const Result<Done> known = remember(); !known) return known.error();
  int count = 0;
  for (;;) {
    Batch batch;
    Result<std::vector<StoredPost>> posts = store_.unscreened(batch_posts_max);
    if (!posts) return posts.error();
    if (posts->empty()) return count;
    batch.posts = *std::move(posts);
    for (const StoredPost& post : batch.posts)
      batch.commit.screened.emplace_back(post.account, post.post.id);
    if (const Result<Done> gathered = gather(grounds, batch); !gathered) return gathered.error();
    for (const StoredPost& post : batch.posts) judge_post(grounds, batch, post, now);
    const Result<Done> stored = store_.commit_screening(batch.commit);
    if (!stored) return stored.error();
    for (const Finding& finding : batch.found) {
      known_.emplace(finding.id, finding);
      found_(finding);
    }
    count += static_cast<int>(batch.found.size());
  }
}

Result<Done> Screener::remember() {
  if (remembers_) return Done{};
  Result<std::vector<Finding>> findings = store_.findings();
  if (!findings) return findings.error();
  for (Finding& finding : *findings) {
    sent_[finding.rule].push_back(finding.found_at);
    known_.emplace(finding.id, std::move(finding));
  }
  remembers_ = true;
  return Done{};
}

// Where statements are allowed, what an actor said before has to be known; and a
// statement that is found late makes its later posts be judged again.
Result<Done> Screener::gather(const Grounds& grounds, Batch& batch) {
  if (!grounds.statement) return Done{};
  std::set<std::uint32_t> pledges;
  for (const StoredPost& post : batch.posts) {
    if (const Account* const account = account_of(grounds, post)) pledges.insert(account->pledge);
  }
  std::vector<AccountNumber> accounts;
  for (const Account& account : grounds.roster.accounts) {
    if (pledges.contains(account.pledge)) accounts.push_back(account.number);
  }
  Result<std::vector<StoredPost>> around = store_.posts_of(accounts);
  if (!around) return around.error();
  batch.around = *std::move(around);

  const std::set<PostKey> fresh(batch.commit.screened.begin(), batch.commit.screened.end());
  for (const auto& [pledge, posts] : statements_by_pledge(grounds, batch.around)) {
    batch.statements.merge(statements_before(posts));
    const bool late = std::any_of(posts.begin(), posts.end(), [&](const auto& entry) {
      return entry.second && fresh.contains({entry.first->account, entry.first->post.id});
    });
    if (!late) continue;
    for (const auto& [post, statement] : posts) {
      if (!fresh.contains({post->account, post->post.id})) batch.posts.push_back(*post);
    }
  }
  return Done{};
}

void Screener::judge_post(const Grounds& grounds, Batch& batch, const StoredPost& post,
                          Instant now) {
  if (!is_judged(grounds, post)) return;
  for (const RulePack& pack : grounds.packs) {
    for (const Rule& rule : pack.rules) judge_rule(grounds, batch, post, rule, now);
  }
}

void Screener::judge_rule(const Grounds& grounds, Batch& batch, const StoredPost& post,
                          const Rule& rule, Instant now) {
  const auto used = batch.statements.find({post.account, post.post.id});
  std::optional<Finding> finding =
      finding_of(grounds, post, rule, used == batch.statements.end() ? 0 : used->second, now);
  if (!finding || known_.contains(finding->id)) return;
  keep(grounds, batch, rule, post, *std::move(finding), now);
}

void Screener::keep(const Grounds& grounds, Batch& batch, const Rule& rule, const StoredPost& post,
                    Finding finding, Instant now) {
  const auto twice = [&](const Finding& other) { return other.id == finding.id; };
  if (std::any_of(batch.found.begin(), batch.found.end(), twice)) return;
  const Account& account = *account_of(grounds, post);
  const Pledge& pledge = grounds.roster.pledges[account.pledge];
  batch.commit.leaves.push_back(encode(entry_of(finding, post, now)));
  const Subject subject{finding, post, account, pledge};
  const bool sends = finding.mode == Mode::alert && within_quota(rule, now);
  const std::string withheld =
      sends && grounds.withheld ? grounds.withheld(subject, rule.labels, now) : std::string();
  for (const SinkRoute& sink : grounds.sinks) {
    if (!sends || sink.is_public || !wants(sink, subject, rule.labels)) continue;
    std::string body = sink.body(subject, now);
    if (sink.group && withheld.empty()) {
      batch.commit.held.push_back(
          {sink.name, sink.group(subject), finding.id, std::move(body), now});
      continue;
    }
    OutboxRow row{"msg_" + finding.id, sink.name, finding.id, std::move(body), now};
    row.withheld = withheld;
    batch.commit.outbox.push_back(std::move(row));
  }
  batch.commit.findings.push_back(finding);
  batch.found.push_back(std::move(finding));
}

// Counts the finding as sent when there is room for it.
bool Screener::within_quota(const Rule& rule, Instant now) {
  std::vector<Instant>& sent = sent_[rule.name];
  if (rule.quota) {
    std::erase_if(sent, [&](Instant t) { return now - t >= rule.quota->span; });
    if (static_cast<int>(sent.size()) >= rule.quota->count) return false;
  }
  sent.push_back(now);
  return true;
}

}  // namespace pw
