#include "daemon/rehearsal/expectation.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "daemon/rehearsal/fault_plan.h"
#include "daemon/rehearsal/listing.h"
#include "daemon/rehearsal/platform_form.h"

namespace pw {
namespace {

using std::chrono::hours;

std::vector<Interval> blind_spans(const Population& population, const PlanTerms& terms,
                                  const SimAccount& account) {
  std::vector<Interval> spans;
  for (const Fault& fault : population.faults) {
    const Interval span = blinded_by(fault, account, population, terms.rhythm);
    if (!span.empty()) spans.push_back(span);
  }
  for (const Spell& spell : account.spells) {
    spans.push_back({spell.span.start, spell.span.end + rhythm_of(account, terms.rhythm).recovery});
  }
  return spans;
}

// No look without the post is older than this.
Instant earliest_without(const std::vector<Interval>& blind, Instant created, Millis gap) {
  Instant edge = created - gap;
  for (bool moved = true; moved;) {
    moved = false;
    for (const Interval& span : blind) {
      if (span.start - gap < edge && edge < span.end) {
        edge = span.start - gap;
        moved = true;
      }
    }
  }
  return edge;
}

// By this time at the latest a look would show the post.
Instant latest_with(const std::vector<Interval>& blind, Instant created, Millis gap) {
  Instant edge = created + gap;
  for (bool moved = true; moved;) {
    moved = false;
    for (const Interval& span : blind) {
      if (span.start < edge && edge < span.end + gap) {
        edge = span.end + gap;
        moved = true;
      }
    }
  }
  return edge;
}

// What the looks, and the server's stamp where there is one, leave open.
struct Sighting {
  Interval appeared;  // closed: both ends possible
  Instant seen_by;
};

Sighting sighting_of(const Population& population, const PlanTerms& terms,
                     const SimAccount& account, const SimPost& post) {
  const auto blind = blind_spans(population, terms, account);
  const Rhythm& rhythm = rhythm_of(account, terms.rhythm);
  const Millis gap = rhythm.gap;
  Sighting sighting;
  // The watcher reckons with the lag; a simulated platform publishes at once.
  sighting.seen_by = latest_with(blind, post.created, gap - rhythm.lag);
  sighting.appeared = {earliest_without(blind, post.created, gap), sighting.seen_by};
  if (server_stamps(account.platform)) {
    // A stamp and a look within the same second may contradict each other, unless all
    // looks are taken for older by a lag.
    constexpr Millis second = std::chrono::seconds(2);
    const Millis doubt = rhythm.lag >= second ? second : gap;
    sighting.appeared = {std::max(sighting.appeared.start, post.created - doubt),
                         std::min(sighting.appeared.end, post.created + doubt)};
    if (post.declared < post.created) sighting.appeared.start = post.declared;
  }
  return sighting;
}

// What one page shows (platforms-open 3.3, 4.1, 7.2, 9.2; platforms-meta 2.2). Asked of
// lists alone in which a post can come up below others.
std::size_t page_of(const SimAccount& account) {
  if (account.platform == "instagram") return 10;
  if (account.platform == "mastodon" || account.platform == "tumblr") return 20;
  if (account.platform == "youtube") return 15;  // without a key
  // Where Bluesky accounts live, lists are read to their ends.
  return account.platform == "bluesky" ? account.posts.size() + 1 : feed_items;
}

// The statements that an actor had made before `post`. Copies on other accounts
// within an hour of the first are the same statement (design, section 3.10).
int statements_before(const Population& population, const SimAccount& account,
                      const SimPost& post) {
  struct Said {
    Instant at;
    const std::string* id;
    const SimAccount* by;
  };
  std::vector<Said> said;
  for (const SimAccount& other : population.accounts) {
    if (other.actor != account.actor) continue;
    for (const SimPost& one : other.posts) {
      if (one.statement) said.push_back({one.created, &one.id, &other});
    }
  }
  std::sort(said.begin(), said.end(), [](const Said& a, const Said& b) {
    return std::tie(a.at, *a.id) < std::tie(b.at, *b.id);
  });
  int used = 0;
  Instant first{};
  std::vector<const SimAccount*> speakers;
  for (const Said& one : said) {
    const bool elsewhere = std::find(speakers.begin(), speakers.end(), one.by) == speakers.end();
    const bool copy = used > 0 && one.at - first <= hours(1) && elsewhere;
    if (one.id == &post.id) return copy ? used - 1 : used;
    speakers.push_back(one.by);
    if (copy) continue;
    first = one.at;
    speakers = {one.by};
    ++used;
  }
  return used;
}

Expectation in_window(const Population& population, const PlanTerms& terms,
                      const SimAccount& account, const SimPost& post, bool certain) {
  if (post.statement && statements_before(population, account, post) < terms.statements_allowed) {
    return {Expected::tolerated, "a statement that the pledge allows"};
  }
  if (!certain) {
    return {Expected::needs_review,
            "public again inside the window, under a time before it: people decide"};
  }
  if (post.statement) return {Expected::breach, "one statement more than the pledge allows"};
  return {Expected::breach, "a " + std::string(name_of(post.surface)) + " inside the window"};
}

bool is_pledged(const PlanTerms& terms, const SimAccount& account, Surface surface) {
  const bool own = account.pledge && !account.pledge->surfaces.empty();
  return (own ? account.pledge->surfaces : terms.surfaces).has(surface);
}

}  // namespace

Expectation expectation_of(const Population& population, const PlanTerms& terms,
                           const SimAccount& account, const SimPost& post) {
  const Interval& window = account.pledge ? account.pledge->window : terms.window;
  const Instant from = window.start + terms.grace;
  const Instant to = window.end - terms.grace;
  if (!is_pledged(terms, account, post.surface)) {
    return {Expected::tolerated, "a " + std::string(name_of(post.surface)) + " is not pledged"};
  }
  const Sighting sighting = sighting_of(population, terms, account, post);
  const Interval appeared = sighting.appeared;
  const Interval possible = account.pledge ? account.pledge->possible : window;
  const bool before = appeared.end < from;
  if (before || appeared.start >= to) {
    const bool clear = before ? appeared.end < possible.start + terms.grace
                              : appeared.start >= possible.end - terms.grace;
    if (!clear) return {Expected::unseen_possible, "inside the day of some zones on earth only"};
    return {Expected::tolerated, before ? "before the window" : "after the window"};
  }
  const bool restored = account.platform == "instagram" && post.declared < post.created;
  const bool inside = appeared.start >= from && appeared.end < to;
  if (!inside && !(restored && post.created >= from && appeared.end < to)) {
    return {Expected::unseen_possible, "too near an edge for the looks to tell"};
  }
  if (post.deleted && *post.deleted < sighting.seen_by) {
    return {Expected::unseen_possible, "deleted before a look has to have come"};
  }
  const Instant known_by = window.end + rhythm_of(account, terms.rhythm).gap;
  const bool listed_first = post.declared >= post.created && account.platform != "feed";
  if (sighting.seen_by > known_by + std::chrono::hours(1)) {
    return {Expected::unseen_possible, "the account does not show"};
  }
  if (!listed_first && rank_of(account, post, sighting.seen_by) >= page_of(account)) {
    return {Expected::unseen_possible, "too deep in the list to be looked for"};
  }
  // Its platform says that it is older than it was public.
  const bool unlisted = account.platform == "youtube" && post.declared < appeared.start;
  return in_window(population, terms, account, post, inside && !unlisted);
}

Expectation expectation_of(const Population& population, const PlanTerms& terms,
                           const SimAccount& account, const AdDay& delivered) {
  const Interval& window = account.pledge ? account.pledge->window : terms.window;
  const Interval& possible = account.pledge ? account.pledge->possible : terms.window;
  const Interval day{delivered.day.start, delivered.day.end - Millis{1}};
  if (!is_pledged(terms, account, Surface::ad)) return {Expected::tolerated, "ads are not pledged"};
  if (day.end < possible.start + terms.grace || day.start >= possible.end - terms.grace)
    return {Expected::tolerated, "delivered outside the window"};
  // Looks go on until one proves what was public when the window ended.
  const Rhythm& rhythm = rhythm_of(account, terms.rhythm);
  const Instant seen_by = latest_with(blind_spans(population, terms, account),
                                      delivered.told + rhythm.lag, rhythm.gap - rhythm.lag);
  if (delivered.told > possible.end ||
      seen_by > possible.end + rhythm.lag + rhythm.gap + rhythm.recovery)
    return {Expected::unseen_possible, "the library tells of that day after the last look"};
  if (day.start >= window.start + terms.grace && day.end < window.end - terms.grace)
    return {Expected::breach, "an ad delivered inside the window"};
  return {Expected::needs_review,
          "an ad delivered on a day that the window has in part: people decide"};
}

}  // namespace pw
