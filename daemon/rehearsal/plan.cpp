#include "daemon/rehearsal/plan.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "daemon/core/ascii.h"

namespace pw {
namespace {

using Key = std::tuple<std::string, std::string, std::string>;

Key key_of(const std::string& platform, const std::string& handle, const std::string& post) {
  return {platform, lower_ascii(handle), post};
}

std::string told(const SimPost& post, Instant at, std::string_view what) {
  return print_rfc3339(at) + ' ' + std::string(what) + ' ' + std::string(name_of(post.surface)) +
         ' ' + post.id;
}

std::vector<std::string> story_of(const SimAccount& account, Instant eve) {
  std::vector<std::string> story;
  const bool is_ads = account.platform == "facebook_ads";
  for (const SimPost& post : account.posts) {
    if (post.created >= eve)
      story.push_back(told(post, post.created, is_ads ? "starts" : "publishes"));
    if (post.edited) story.push_back(told(post, *post.edited, "edits"));
    if (post.pinned) story.push_back(told(post, *post.pinned, "pins"));
    if (post.deleted) story.push_back(told(post, *post.deleted, is_ads ? "stops" : "deletes"));
  }
  for (const Spell& spell : account.spells) {
    story.push_back(print_rfc3339(spell.span.start) + " is " + std::string(name_of(spell.kind)) +
                    " until " + print_rfc3339(spell.span.end));
  }
  std::sort(story.begin(), story.end());
  return story;
}

void plan_days(const Population& population, const PlanTerms& terms, const SimAccount& account,
               const Interval& days, PlannedAccount& planned) {
  for (const SimPost& ad : account.posts) {
    for (const AdDay& day : delivery_days(ad, days)) {
      const Expectation expectation = expectation_of(population, terms, account, day);
      planned.posts.push_back({day.id, Surface::ad, day.day.start, std::nullopt, day.told,
                               expectation.expected, expectation.reason});
    }
  }
}

bool is_finding(Expected expected) {
  return expected == Expected::breach || expected == Expected::needs_review;
}

}  // namespace

DayPlan plan_of(const Population& population, const PlanTerms& terms) {
  DayPlan plan{.seed = population.seed, .window = terms.window};
  plan.faults = population.faults;
  const Instant eve = terms.window.start - std::chrono::hours(24);
  for (const SimAccount& account : population.accounts) {
    PlannedAccount planned{account.platform, account.handle, account.actor, account.role};
    planned.does = story_of(account, eve);
    if (account.platform == "facebook_ads") {
      const Interval days{eve, terms.window.end + std::chrono::hours(24)};
      plan_days(population, terms, account, days, planned);
    }
    for (const SimPost& post : account.posts) {
      if (post.created < eve || post.surface == Surface::ad) continue;
      const Expectation expectation = expectation_of(population, terms, account, post);
      planned.posts.push_back({post.id, post.surface, post.created, post.deleted, post.created,
                               expectation.expected, expectation.reason});
    }
    plan.accounts.push_back(std::move(planned));
  }
  return plan;
}

int count(const DayPlan& plan, Expected expected) {
  std::ptrdiff_t sum = 0;
  for (const PlannedAccount& account : plan.accounts) {
    sum += std::count_if(account.posts.begin(), account.posts.end(),
                         [&](const PlannedPost& post) { return post.expected == expected; });
  }
  return static_cast<int>(sum);
}

Difference compare(const DayPlan& plan, std::span<const ClaimedFinding> findings) {
  struct Planned {
    const PlannedAccount* account;
    const PlannedPost* post;
    bool found = false;
  };
  std::map<Key, Planned> planned;
  for (const PlannedAccount& account : plan.accounts) {
    for (const PlannedPost& post : account.posts) {
      planned.emplace(key_of(account.platform, account.handle, post.id), Planned{&account, &post});
    }
  }
  Difference difference;
  for (const ClaimedFinding& finding : findings) {
    if (finding.rule != plan.rule) continue;
    const auto it = planned.find(key_of(finding.platform, finding.handle, finding.post_id));
    const bool first = it != planned.end() && !std::exchange(it->second.found, true);
    if (!first || it->second.post->expected == Expected::tolerated) {
      difference.wrong.push_back(finding);
    } else if (is_finding(it->second.post->expected)) {
      ++difference.matched;
    }
  }
  for (const auto& [key, one] : planned) {
    if (one.found || !is_finding(one.post->expected)) continue;
    difference.missed.push_back(
        {one.account->platform, one.account->handle, one.post->id, plan.rule});
  }
  return difference;
}

}  // namespace pw
