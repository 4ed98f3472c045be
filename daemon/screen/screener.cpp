#include "daemon/screen/screener.h"

#include <algorithm>
#include <set>

#include "daemon/core/hash.h"
#include "daemon/ledger/entry.h"
#include "daemon/screen/screening.h"

namespace pw {
namespace {

constexpr int batch_posts_max = 500;  // bounds one transaction
constexpr int recalled_at_once = 200;

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
    for (const StoredPost& post : batch.posts) {
      if (const Result<Done> judged = judge_post(grounds, batch, post, now); !judged)
        return judged.error();
    }
    const Result<Done> stored = store_.commit_screening(batch.commit);
    if (!stored) return stored.error();
    for (const Finding& finding : batch.found) found_(finding);
    count += static_cast<int>(batch.found.size());
  }
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

Result<Done> Screener::judge_post(const Grounds& grounds, Batch& batch, const StoredPost& post,
                                  Instant now) {
  if (!is_judged(grounds, post)) return Done{};
  for (const RulePack& pack : grounds.packs) {
    for (const Rule& rule : pack.rules) {
      if (const auto judged = judge_rule(grounds, batch, post, rule, now); !judged) return judged;
    }
  }
  return Done{};
}

// Whether a finding is new is asked of the store: a day's findings are not held in
// memory, and only a post that matched is asked about.
Result<Done> Screener::judge_rule(const Grounds& grounds, Batch& batch, const StoredPost& post,
                                  const Rule& rule, Instant now) {
  const auto used = batch.statements.find({post.account, post.post.id});
  std::optional<Finding> finding =
      finding_of(grounds, post, rule, used == batch.statements.end() ? 0 : used->second, now);
  if (!finding) return Done{};
  const auto twice = [&](const Finding& other) { return other.id == finding->id; };
  if (std::any_of(batch.found.begin(), batch.found.end(), twice)) return Done{};
  const Result<std::optional<Finding>> known = store_.finding(finding->id);
  if (!known) return known.error();
  if (*known) return Done{};
  return keep(grounds, batch, rule, post, *std::move(finding), now);
}

Result<Done> Screener::keep(const Grounds& grounds, Batch& batch, const Rule& rule,
                            const StoredPost& post, Finding finding, Instant now) {
  const Account& account = *account_of(grounds, post);
  const Pledge& pledge = grounds.roster.pledges[account.pledge];
  batch.commit.leaves.push_back(encode(entry_of(finding, post, now)));
  const Subject subject{finding, post, account, pledge};
  bool sends = finding.mode == Mode::alert;
  if (sends && rule.quota) {
    const Result<bool> room = within_quota(rule, now);
    if (!room) return room.error();
    sends = *room;
  }
  const std::string paused = sends && grounds.paused ? grounds.paused() : std::string();
  const std::string silenced = sends && paused.empty() && grounds.silenced
                                   ? grounds.silenced(subject, rule.labels, now)
                                   : std::string();
  for (const SinkRoute& sink : grounds.sinks) {
    if (!sends || sink.is_public || !wants(sink, subject, rule.labels)) continue;
    std::string body = sink.body(subject, now);
    // Whether a silence holds it back is asked when its group goes.
    if (sink.group && paused.empty()) {
      batch.commit.held.push_back(
          {sink.name, sink.group(subject), finding.id, std::move(body), now});
      continue;
    }
    OutboxRow row{"msg_" + finding.id, sink.name, finding.id, std::move(body), now};
    row.withheld = paused.empty() ? silenced : paused;
    batch.commit.outbox.push_back(std::move(row));
  }
  batch.commit.findings.push_back(finding);
  batch.found.push_back(std::move(finding));
  return Done{};
}

// Counts the finding as sent when there is room for it.
Result<bool> Screener::within_quota(const Rule& rule, Instant now) {
  if (const auto recalled = recall(rule, now); !recalled) return recalled.error();
  std::vector<Instant>& times = sent_[rule.name].times;
  std::erase_if(times, [&](Instant t) { return now - t >= rule.quota->span; });
  if (static_cast<int>(times.size()) >= rule.quota->count) return false;
  times.push_back(now);
  return true;
}

// What the store knows of the rule, once: after a restart, and when a reload gave it
// another quota.
Result<Done> Screener::recall(const Rule& rule, Instant now) {
  const auto known = sent_.find(rule.name);
  if (known != sent_.end() && known->second.quota == *rule.quota) return Done{};
  Sent sent{*rule.quota, {}};
  FindingsAsk ask;
  ask.limit = recalled_at_once;
  for (bool more = true; more;) {
    const Result<std::vector<Finding>> page = store_.findings(ask);
    if (!page) return page.error();
    more = static_cast<int>(page->size()) == ask.limit;
    for (const Finding& finding : *page) {
      const bool is_full = static_cast<int>(sent.times.size()) == rule.quota->count;
      more = more && !is_full && now - finding.found_at < rule.quota->span;
      if (is_full || now - finding.found_at >= rule.quota->span) break;
      if (finding.rule == rule.name) sent.times.push_back(finding.found_at);
    }
    if (more) ask.beyond = page->back().id;
  }
  sent_.insert_or_assign(rule.name, std::move(sent));
  return Done{};
}

}  // namespace pw
