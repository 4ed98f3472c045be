#include "daemon/screen/screener.h"

#include <algorithm>
#include <set>

#include "daemon/core/hash.h"
#include "daemon/ledger/entry.h"

namespace pw {
namespace {

constexpr int batch_posts_max = 500;  // bounds one transaction

bool watched(const Pledge& pledge) {
  return pledge.status == PledgeStatus::confirmed || pledge.status == PledgeStatus::declared;
}

// Whether a recorded exemption covers the post: wholly, in part (unknown), or not.
Ternary exempted(const Pledge& pledge, const StoredPost& post) {
  Ternary answer = Ternary::no;
  for (const Exemption& exemption : pledge.exemptions) {
    if (!exemption.surfaces.empty() && !exemption.surfaces.has(post.post.surface)) continue;
    if (exemption.span.contains(post.appeared.start) &&
        exemption.span.contains(post.appeared.end)) {
      return Ternary::yes;
    }
    if (post.appeared.end >= exemption.span.start && post.appeared.start < exemption.span.end) {
      answer = Ternary::unknown;
    }
  }
  return answer;
}

// The strongest of a rule's outcomes over the pledge's windows, and where it was.
struct Judgement {
  RuleOutcome outcome;
  const Window* window = nullptr;
};

Judgement judge_windows(const Rule& rule, Facts facts) {
  Judgement best;
  for (const Window& window : facts.pledge->windows) {
    facts.window = &window;
    RuleOutcome outcome = judge(rule, facts);
    if (best.window == nullptr || outcome.kind > best.outcome.kind ||
        outcome.kind == RuleOutcome::Kind::match) {
      best = {std::move(outcome), &window};
    }
    if (best.outcome.kind == RuleOutcome::Kind::match) break;
  }
  return best;
}

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

std::vector<std::uint32_t> index_accounts(const std::vector<Account>& accounts) {
  std::vector<std::uint32_t> index;
  for (std::uint32_t i = 0; i < accounts.size(); ++i) {
    if (accounts[i].number >= index.size()) index.resize(accounts[i].number + 1, 0);
    index[accounts[i].number] = i + 1;
  }
  return index;
}

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
    if (post.account >= grounds.account_at.size() || grounds.account_at[post.account] == 0)
      continue;
    pledges.insert(grounds.roster.accounts[grounds.account_at[post.account] - 1].pledge);
  }
  std::vector<AccountNumber> accounts;
  for (const Account& account : grounds.roster.accounts) {
    if (pledges.contains(account.pledge)) accounts.push_back(account.number);
  }
  Result<std::vector<StoredPost>> around = store_.posts_of(accounts);
  if (!around) return around.error();
  batch.around = *std::move(around);

  std::map<std::uint32_t, std::vector<std::pair<const StoredPost*, bool>>> by_pledge;
  for (const StoredPost& post : batch.around) {
    if (post.account >= grounds.account_at.size() || grounds.account_at[post.account] == 0)
      continue;
    const Account& account = grounds.roster.accounts[grounds.account_at[post.account] - 1];
    Facts facts;
    facts.post = &post.post;
    facts.appeared = post.appeared;
    const bool statement = !post.baseline && judge_statement(*grounds.statement, facts).kind ==
                                                 RuleOutcome::Kind::match;
    by_pledge[account.pledge].emplace_back(&post, statement);
  }
  const std::set<PostKey> fresh(batch.commit.screened.begin(), batch.commit.screened.end());
  for (const auto& [pledge, posts] : by_pledge) {
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
  const bool known =
      post.account < grounds.account_at.size() && grounds.account_at[post.account] != 0;
  // What stood before we first looked is judged only by a server's own stamp.
  if (!known || (post.baseline && !post.post.server_at)) return;
  for (const RulePack& pack : grounds.packs) {
    for (const Rule& rule : pack.rules) judge_rule(grounds, batch, post, rule, now);
  }
}

void Screener::judge_rule(const Grounds& grounds, Batch& batch, const StoredPost& post,
                          const Rule& rule, Instant now) {
  const Account& account = grounds.roster.accounts[grounds.account_at[post.account] - 1];
  const Pledge& pledge = grounds.roster.pledges[account.pledge];
  const Ternary exempt = exempted(pledge, post);
  if (!watched(pledge) || exempt == Ternary::yes) return;

  Facts facts;
  facts.post = &post.post;
  facts.appeared = post.appeared;
  facts.account = &account;
  facts.pledge = &pledge;
  facts.campaign = grounds.campaign;
  facts.statement = grounds.statement ? &*grounds.statement : nullptr;
  const auto used = batch.statements.find({post.account, post.post.id});
  facts.statements_used = used == batch.statements.end() ? 0 : used->second;
  facts.now = now;
  const Judgement judgement = judge_windows(rule, facts);
  if (judgement.outcome.kind == RuleOutcome::Kind::no_match) return;
  facts.window = judgement.window;

  Finding finding;
  finding.id = finding_id(grounds.campaign, account.number, post.post.id, rule.name);
  if (known_.contains(finding.id)) return;
  finding.account = account.number;
  finding.post_id = post.post.id;
  finding.rule = rule.name;
  finding.severity = rule.severity;
  finding.mode = rule.mode;
  finding.why = judgement.outcome.reason;
  if (exempt == Ternary::unknown)
    finding.why = "an exemption covers part of the time in which it appeared";
  if (!grounds.stable_id[account.number]) finding.why = "this platform gives no stable id";
  finding.needs_review = !finding.why.empty();
  finding.summary = render_summary(rule, facts);
  finding.appeared = post.appeared;
  finding.found_at = now;
  keep(grounds, batch, rule, post, std::move(finding), now);
}

void Screener::keep(const Grounds& grounds, Batch& batch, const Rule& rule, const StoredPost& post,
                    Finding finding, Instant now) {
  const auto twice = [&](const Finding& other) { return other.id == finding.id; };
  if (std::any_of(batch.found.begin(), batch.found.end(), twice)) return;
  const Account& account = grounds.roster.accounts[grounds.account_at[post.account] - 1];
  const Pledge& pledge = grounds.roster.pledges[account.pledge];
  batch.commit.leaves.push_back(encode(entry_of(finding, post, now)));
  const std::string named = print_account(account);
  const FindingFacts routing{.severity = name_of(finding.severity),
                             .rule = finding.rule,
                             .mode = name_of(finding.mode),
                             .needs_review = finding.needs_review,
                             .actor = pledge.actor,
                             .account = named,
                             .platform = account.platform,
                             .surface = name_of(post.post.surface),
                             .labels = &rule.labels};
  const bool sends = finding.mode == Mode::alert && within_quota(rule, now);
  for (const SinkRoute& sink : grounds.sinks) {
    // A condition that cannot be decided sends: rather once too often.
    const bool routed =
        !sink.when ||
        judge_condition(*sink.when, FindingActivation(routing)).kind != RuleOutcome::Kind::no_match;
    if (!sends || !routed) continue;
    const Subject subject{finding, post, account, pledge};
    batch.commit.outbox.push_back(
        {"msg_" + finding.id, sink.name, finding.id, sink.body(subject, now), now});
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
