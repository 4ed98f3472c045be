#include "daemon/screen/screening.h"

#include "daemon/core/observation.h"

namespace pw {
namespace {

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

// What stood before we first looked is judged only by a server's own stamp.
bool may_be_dated(const StoredPost& post) { return !post.baseline || post.post.server_at; }

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

Judgement judge_rule(const Grounds& grounds, const StoredPost& post, const Rule& rule,
                     int statements_used, Instant now, Facts& facts) {
  const Account& account = *account_of(grounds, post);
  facts.post = &post.post;
  facts.appeared = post.appeared;
  facts.account = &account;
  facts.pledge = &grounds.roster.pledges[account.pledge];
  facts.campaign = grounds.campaign;
  facts.statement = grounds.statement ? &*grounds.statement : nullptr;
  facts.statements_used = statements_used;
  facts.now = now;
  Judgement judgement = judge_windows(rule, facts);
  facts.window = judgement.window;
  return judgement;
}

// Whoever had its address could see it before, and it is new to everybody else.
bool was_uploaded_before(const Grounds& grounds, const StoredPost& post) {
  constexpr Millis second{1000};  // dates have no parts of one
  return grounds.dates_uploads[post.account] && post.post.claimed_at &&
         *post.post.claimed_at + second <= post.appeared.start;
}

// Why people decide before the finding counts; empty when they need not.
std::string doubt_of(const Grounds& grounds, const Account& account, const StoredPost& post,
                     Ternary exempt, const RuleOutcome& outcome) {
  if (is_observed(post.post.id)) return std::string(observed_doubt);
  if (!grounds.stable_id[account.number]) return "this platform gives no stable id";
  if (was_uploaded_before(grounds, post))
    return "it was uploaded before it can have appeared, and became public later";
  if (exempt == Ternary::unknown)
    return "an exemption covers part of the time in which it appeared";
  return outcome.reason;
}

}  // namespace

const Labels& labels_of(const Grounds& grounds, const std::string& rule) {
  static const Labels none;
  for (const RulePack& pack : grounds.packs) {
    for (const Rule& one : pack.rules) {
      if (one.name == rule) return one.labels;
    }
  }
  return none;
}

std::vector<std::uint32_t> index_accounts(const std::vector<Account>& accounts) {
  std::vector<std::uint32_t> index;
  for (std::uint32_t i = 0; i < accounts.size(); ++i) {
    if (accounts[i].number >= index.size()) index.resize(accounts[i].number + 1, 0);
    index[accounts[i].number] = i + 1;
  }
  return index;
}

const Account* account_of(const Grounds& grounds, const StoredPost& post) {
  const bool known =
      post.account < grounds.account_at.size() && grounds.account_at[post.account] != 0;
  return known ? &grounds.roster.accounts[grounds.account_at[post.account] - 1] : nullptr;
}

bool is_judged(const Grounds& grounds, const StoredPost& post) {
  if (post.erased || grounds.canaries.contains(post.account)) return false;
  return account_of(grounds, post) != nullptr && may_be_dated(post);
}

// Where statements are allowed, one of before the watch counts for those after it.
bool needs_screening(const Grounds& grounds, const StoredPost& post) {
  return grounds.statement || may_be_dated(post);
}

Facts facts_of(const Grounds& grounds, const StoredPost& post, const Rule& rule,
               int statements_used, Instant now) {
  Facts facts;
  judge_rule(grounds, post, rule, statements_used, now, facts);
  return facts;
}

std::optional<Finding> finding_of(const Grounds& grounds, const StoredPost& post, const Rule& rule,
                                  int statements_used, Instant now) {
  const Account& account = *account_of(grounds, post);
  const Pledge& pledge = grounds.roster.pledges[account.pledge];
  const Ternary exempt = exempted(pledge, post);
  if (!watched(pledge) || exempt == Ternary::yes) return std::nullopt;
  Facts facts;
  const Judgement judgement = judge_rule(grounds, post, rule, statements_used, now, facts);
  if (judgement.outcome.kind == RuleOutcome::Kind::no_match) return std::nullopt;

  Finding finding;
  finding.id = finding_id(grounds.campaign, account.number, post.post.id, rule.name);
  finding.account = account.number;
  finding.post_id = post.post.id;
  finding.rule = rule.name;
  finding.severity = rule.severity;
  finding.mode = rule.mode;
  finding.why = doubt_of(grounds, account, post, exempt, judgement.outcome);
  finding.needs_review = !finding.why.empty();
  finding.summary = render_summary(rule, facts);
  finding.appeared = post.appeared;
  finding.found_at = now;
  return finding;
}

std::map<std::uint32_t, std::vector<PostOrStatement>> statements_by_pledge(
    const Grounds& grounds, std::span<const StoredPost> posts) {
  std::map<std::uint32_t, std::vector<PostOrStatement>> by_pledge;
  for (const StoredPost& post : posts) {
    const Account* const account = account_of(grounds, post);
    if (account == nullptr) continue;
    Facts facts;
    facts.post = &post.post;
    facts.appeared = post.appeared;
    const bool statement =
        grounds.statement && !post.baseline &&
        judge_statement(*grounds.statement, facts).kind == RuleOutcome::Kind::match;
    by_pledge[account->pledge].emplace_back(&post, statement);
  }
  return by_pledge;
}

}  // namespace pw
