// `pledgewatch backtest`.
#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/hindsight.h"
#include "daemon/app/tell.h"

namespace pw {
namespace {

using nlohmann::json;

struct Change {
  const char* what;  // "added", "removed", "changed"
  Finding finding;
  std::string before{};  // of a changed one, what was different
};

struct Comparison {
  int posts = 0;
  int unplaced = 0;  // stood before the first look, and no server says since when
  int same = 0;
  std::vector<Change> changes{};
};

std::string difference_of(const Finding& stored, const Finding& now) {
  if (stored.severity != now.severity) return "was " + std::string(name_of(stored.severity));
  if (stored.mode != now.mode) return "was " + std::string(name_of(stored.mode));
  if (stored.needs_review == now.needs_review) return {};
  return now.needs_review ? "was certain" : "needed a review: " + stored.why;
}

// The findings of one post, those stored against those of the rules.
void compare_post(const Hindsight& past, const StoredPost& post,
                  std::map<std::string, const Finding*>& stored, Comparison& comparison) {
  ++comparison.posts;
  for (const RulePack& pack : past.grounds.packs) {
    for (const Rule& rule : pack.rules) {
      const std::optional<Finding> found =
          finding_of(past.grounds, post, rule, statements_used(past, post), judged_at(post));
      if (!found) continue;
      const auto it = stored.find(found->id);
      if (it == stored.end()) {
        comparison.changes.push_back({"added", *found});
        continue;
      }
      const std::string before = difference_of(*it->second, *found);
      if (before.empty())
        ++comparison.same;
      else
        comparison.changes.push_back({"changed", *found, before});
      stored.erase(it);
    }
  }
}

Comparison compare_all(const Hindsight& past, Interval span) {
  std::map<PostKey, std::map<std::string, const Finding*>> stored;
  for (const Finding& finding : past.findings) {
    stored[{finding.account, finding.post_id}].emplace(finding.id, &finding);
  }
  Comparison comparison;
  for (const StoredPost& post : past.posts) {
    if (post.appeared.end < span.start || post.appeared.start >= span.end) continue;
    auto& of_post = stored[{post.account, post.post.id}];
    if (is_judged(past.grounds, post))
      compare_post(past, post, of_post, comparison);
    else if (post.baseline && !post.erased)
      ++comparison.unplaced;
    for (const auto& [id, finding] : of_post) comparison.changes.push_back({"removed", *finding});
  }
  return comparison;
}

const Account& account_of(const Hindsight& past, const Finding& finding) {
  return past.grounds.roster.accounts[past.grounds.account_at[finding.account] - 1];
}

void print_lines(const Hindsight& past, const Comparison& comparison) {
  for (const Change& change : comparison.changes) {
    const Finding& finding = change.finding;
    std::printf("%-8s %-8s %-28s %s %s at %s%s%s\n", change.what,
                std::string(name_of(finding.severity)).c_str(), finding.rule.c_str(),
                print_account(account_of(past, finding)).c_str(), finding.post_id.c_str(),
                print_rfc3339(finding.appeared.start).c_str(),
                finding.why.empty() ? "" : ("; review: " + finding.why).c_str(),
                change.before.empty() ? "" : ("; " + change.before).c_str());
  }
  const auto count = [&](std::string_view what) {
    return std::count_if(comparison.changes.begin(), comparison.changes.end(),
                         [&](const Change& change) { return change.what == what; });
  };
  std::printf("%d posts judged again: %d findings as before, %td added, %td removed, %td changed\n",
              comparison.posts, comparison.same, count("added"), count("removed"),
              count("changed"));
}

// How far the lists go back is each platform's: what lies below was not read.
void print_fetched(const std::vector<SurveyedAccount>& accounts, const Comparison& comparison,
                   Instant from) {
  const auto ends_after = [&](const SurveyedAccount& one) {
    return one.seen() && !one.posts.empty() &&
           std::none_of(one.posts.begin(), one.posts.end(), [&](const StoredPost& post) {
             const auto at = post.post.server_at ? post.post.server_at : post.post.claimed_at;
             return at && *at < from;
           });
  };
  const auto seen = std::count_if(accounts.begin(), accounts.end(),
                                  [](const SurveyedAccount& one) { return one.seen(); });
  std::printf("fetched: %td of %zu accounts were seen; the first page of %td ends after %s\n", seen,
              accounts.size(), std::count_if(accounts.begin(), accounts.end(), ends_after),
              print_rfc3339(from).c_str());
  if (comparison.unplaced > 0)
    std::printf(
        "%d posts stood before the first look and their platform does not say since when: "
        "no rule judges them\n",
        comparison.unplaced);
}

json change_json(const Hindsight& past, const Change& change) {
  const Finding& finding = change.finding;
  json answer = {
      {"change", change.what},
      {"rule", finding.rule},
      {"severity", name_of(finding.severity)},
      {"mode", name_of(finding.mode)},
      {"finding", finding.id},
      {"account", print_account(account_of(past, finding))},
      {"post", finding.post_id},
      {"appeared", {print_rfc3339(finding.appeared.start), print_rfc3339(finding.appeared.end)}},
      {"needs_review", finding.needs_review},
      {"why", finding.why},
      {"summary", finding.summary}};
  if (!change.before.empty()) answer["before"] = change.before;
  return answer;
}

void print_object(const Hindsight& past, const Comparison& comparison, Interval span) {
  json changes = json::array();
  for (const Change& change : comparison.changes) changes.push_back(change_json(past, change));
  const json answer = {{"from", print_rfc3339(span.start)}, {"to", print_rfc3339(span.end)},
                       {"posts", comparison.posts},         {"unplaced", comparison.unplaced},
                       {"same", comparison.same},           {"changes", std::move(changes)}};
  std::printf("%s\n", answer.dump(-1, ' ', false, json::error_handler_t::replace).c_str());
}

std::optional<Interval> span_of(const BacktestOptions& options) {
  const auto from = parse_rfc3339(options.from);
  const auto to = parse_rfc3339(options.to);
  if (from && to && *from < *to) return Interval{*from, *to};
  const bool bad_from = !from;
  if (from && to)
    std::fprintf(stderr, "--to: error: not after --from\n");
  else
    std::fprintf(stderr, "%s: error: '%s' is no time such as 2020-09-16T12:00:00Z\n",
                 bad_from ? "--from" : "--to", (bad_from ? options.from : options.to).c_str());
  return std::nullopt;
}

Result<std::vector<SurveyedAccount>> fetch_all(const BacktestOptions& options) {
  Issues issues;
  std::optional<Setup> setup = load_setup(options.config, issues);
  print_issues(issues);
  if (!setup) return Error{Errc::refused, options.config + " cannot be used"};
  return survey_online(*std::move(setup), survey_limits(options.within, options.json));
}

}  // namespace

int backtest_rules(const BacktestOptions& options) {
  const std::optional<Interval> span = span_of(options);
  if (!span) return exit_usage;
  if (options.within && !options.fetch)
    return fail(exit_usage, "--within: there is nothing to wait for without --fetch");
  Issues issues;
  std::optional<std::vector<RulePack>> packs;
  if (!options.packs.empty()) {
    packs = load_packs(options.packs, issues);
    print_issues(issues);
    if (!packs) return exit_usage;
    issues.clear();
  }
  std::vector<SurveyedAccount> fetched;
  if (options.fetch) {
    Result<std::vector<SurveyedAccount>> accounts = fetch_all(options);
    if (!accounts)
      return fail(accounts.error().code == Errc::refused ? exit_usage : exit_world,
                  accounts.error().detail);
    fetched = *std::move(accounts);
  }
  Result<Hindsight> past = look_back(options.config, issues, options.fetch ? &fetched : nullptr);
  print_issues(issues);
  if (!past) {
    std::fprintf(stderr, "pledgewatch: %s\n", past.error().detail.c_str());
    return has_errors(issues) ? exit_usage : exit_world;
  }
  if (packs) past->grounds.packs = *std::move(packs);
  const Comparison comparison = compare_all(*past, *span);
  if (options.json)
    print_object(*past, comparison, *span);
  else
    print_lines(*past, comparison);
  if (options.fetch && !options.json) print_fetched(fetched, comparison, span->start);
  return exit_fine;
}

}  // namespace pw
