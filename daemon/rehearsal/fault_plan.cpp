#include "daemon/rehearsal/fault_plan.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "daemon/rehearsal/random.h"

namespace pw {
namespace {

// Where in the window it begins, and for how many planned looks it lasts.
struct Row {
  FaultKind kind;
  std::string_view platform;
  double from;
  double looks;
};

// Each strikes one quiet account, in this order as far as there are any.
constexpr std::array lone_faults = {
    Row{FaultKind::truncated, "instagram", 0.20, 2},
    Row{FaultKind::html, "instagram", 0.30, 2},
    Row{FaultKind::reset, "instagram", 0.40, 2},
    Row{FaultKind::slow, "instagram", 0.50, 3},
    Row{FaultKind::cut, "instagram", 0.55, 2},
    Row{FaultKind::hang, "instagram", 0.60, 2},
    Row{FaultKind::truncated, "mastodon", 0.45, 2},
    Row{FaultKind::stale, "bluesky", 0.20, 3},
    Row{FaultKind::reset, "bluesky", 0.60, 2},
    Row{FaultKind::truncated, "feed", 0.20, 2},
    Row{FaultKind::garbled, "feed", 0.35, 2},
    Row{FaultKind::stale, "feed", 0.50, 3},
    Row{FaultKind::login_redirect, "feed", 0.60, 2},
    Row{FaultKind::truncated, "youtube", 0.20, 2},
    Row{FaultKind::reset, "youtube", 0.60, 2},
    Row{FaultKind::truncated, "x", 0.20, 2},
    Row{FaultKind::html, "x", 0.55, 2},
    Row{FaultKind::truncated, "reddit", 0.20, 2},
    Row{FaultKind::hang, "reddit", 0.55, 2},
    Row{FaultKind::cut, "tumblr", 0.20, 2},
    Row{FaultKind::garbled, "tumblr", 0.55, 2},
    Row{FaultKind::truncated, "threads", 0.20, 2},
    Row{FaultKind::reset, "threads", 0.55, 2},
    Row{FaultKind::truncated, "facebook", 0.20, 2},
    Row{FaultKind::truncated, "tiktok", 0.20, 2},
    Row{FaultKind::truncated, "facebook_ads", 0.20, 2},
    Row{FaultKind::html, "facebook_ads", 0.55, 2},
};

class Plan {
 public:
  Plan(const Stage& stage, const Population& population) : stage_(stage), population_(population) {}

  Interval span(double from, double looks, const Rhythm& rhythm) const {
    const auto length = static_cast<double>(stage_.window.length().count());
    const Instant start = stage_.window.start + Millis(static_cast<std::int64_t>(length * from));
    const auto lasts = static_cast<double>(rhythm.interval.count()) * looks;
    return {start, start + Millis(static_cast<std::int64_t>(lasts))};
  }

  // How the slowest on a platform (and host) is looked at; nothing where nobody is.
  std::optional<Rhythm> slowest(std::string_view platform, std::string_view host = {}) const {
    std::optional<Rhythm> slowest;
    for (const SimAccount& account : population_.accounts) {
      if (account.platform != platform || (!host.empty() && account.host != host)) continue;
      const Rhythm& its = rhythm_of(account, stage_.rhythm);
      slowest = slowest ? slower(*slowest, its) : its;
    }
    return slowest;
  }

  void add(Fault fault) { faults_.push_back(std::move(fault)); }

  // The next quiet account of a platform (and host) that has no fault yet.
  const SimAccount* quiet_one(std::string_view platform, std::string_view host = {}) {
    for (const SimAccount& account : population_.accounts) {
      const bool fits = account.platform == platform && account.role == "quiet" &&
                        (host.empty() || account.host == host);
      if (fits && taken_.insert(account.handle).second) return &account;
    }
    return nullptr;
  }

  std::vector<std::string> hosts() const {
    std::vector<std::string> hosts;
    for (const SimAccount& account : population_.accounts) {
      const bool known = std::find(hosts.begin(), hosts.end(), account.host) != hosts.end();
      if (account.platform == "mastodon" && !known) hosts.push_back(account.host);
    }
    return hosts;
  }

  const Stage& stage() const { return stage_; }
  std::vector<Fault> take() { return std::move(faults_); }

 private:
  const Stage& stage_;
  const Population& population_;
  std::vector<Fault> faults_;
  std::set<std::string> taken_;
};

// A watcher stays away from a host that asked it to log in; the wall is left out
// when the window would be over before it is back.
void add_mastodon_faults(Plan& plan) {
  const std::vector<std::string> hosts = plan.hosts();
  if (hosts.size() > 2) {
    const Rhythm rhythm = *plan.slowest("mastodon", hosts[2]);
    const Millis away = rhythm.block + rhythm.recovery;
    const bool comes_back = away < plan.stage().window.length() * 3 / 4;
    const SimAccount* one = comes_back ? plan.quiet_one("mastodon", hosts[2]) : nullptr;
    if (one != nullptr) {
      plan.add(
          {FaultKind::login_page, plan.span(0.05, 2, rhythm), "mastodon", one->host, one->handle});
    }
  }
  if (hosts.size() > 1) {
    plan.add({FaultKind::outage, plan.span(0.30, 3, *plan.slowest("mastodon", hosts[1])),
              "mastodon", hosts[1]});
  }
  if (!hosts.empty()) {
    plan.add({FaultKind::rate_limited, plan.span(0.70, 1.5, *plan.slowest("mastodon", hosts[0])),
              "mastodon", hosts[0]});
  }
}

std::vector<SimCredential> instagram_credentials(const Population& population) {
  std::vector<SimCredential> credentials = population.credentials;
  std::erase_if(credentials, [](const SimCredential& one) { return one.platform != "instagram"; });
  return credentials;
}

// With one credential alone nothing would be left to see the day by.
void add_instagram_faults(Plan& plan, const Population& population) {
  const std::vector<SimCredential> credentials = instagram_credentials(population);
  const std::optional<Rhythm> rhythm = plan.slowest("instagram");
  if (credentials.size() < 2 || !rhythm) return;
  const std::string& first = credentials.front().user_id;
  plan.add({FaultKind::app_limited, plan.span(0.25, 2, *rhythm), "instagram", {}, {}, first});
  Interval rest = plan.span(0.75, 0, *rhythm);
  rest.end = plan.stage().window.end + std::chrono::days(30);
  plan.add({FaultKind::token_expired, rest, "instagram", {}, {}, first});
}

void add_bluesky_faults(Plan& plan) {
  const std::optional<Rhythm> rhythm = plan.slowest("bluesky");
  if (!rhythm) return;
  plan.add({FaultKind::outage, plan.span(0.42, 2.5, *rhythm), "bluesky"});
  plan.add({FaultKind::rate_limited, plan.span(0.72, 1.5, *rhythm), "bluesky"});
}

// Those that have no faults of their own kinds.
void add_other_faults(Plan& plan) {
  constexpr std::array<std::string_view, 9> others = {"youtube",  "x",        "reddit",
                                                      "tiktok",   "tumblr",   "threads",
                                                      "facebook", "telegram", "facebook_ads"};
  for (const std::string_view platform : others) {
    const std::optional<Rhythm> rhythm = plan.slowest(platform);
    if (!rhythm) continue;
    const std::string name(platform);
    plan.add({FaultKind::outage, plan.span(0.42, 2.5, *rhythm), name});
    // These say when to come back.
    if (platform == "x" || platform == "reddit" || platform == "telegram")
      plan.add({FaultKind::rate_limited, plan.span(0.72, 1.5, *rhythm), name});
  }
}

bool blinds(FaultKind kind) { return kind != FaultKind::unmodified && kind != FaultKind::slow; }

bool concerns(const Fault& fault, const SimAccount& account) {
  const auto fits = [](const std::string& wanted, const std::string& has) {
    return wanted.empty() || wanted == has;
  };
  return fits(fault.platform, account.platform) && fits(fault.host, account.host) &&
         fits(fault.handle, account.handle);
}

// What one account's answer says about a whole host, the watcher believes.
bool spreads(const Fault& fault, const SimAccount& account) {
  const bool wide = fault.kind == FaultKind::login_page || fault.kind == FaultKind::closed ||
                    fault.kind == FaultKind::rate_limited;
  return wide && fault.platform == account.platform && fault.host == account.host;
}

}  // namespace

std::vector<Fault> plan_faults(const Stage& stage, const Population& population) {
  Plan plan(stage, population);
  add_mastodon_faults(plan);
  add_instagram_faults(plan, population);
  add_bluesky_faults(plan);
  add_other_faults(plan);
  for (const Row& row : lone_faults) {
    const SimAccount* one = plan.quiet_one(row.platform);
    if (one == nullptr) continue;
    plan.add({row.kind, plan.span(row.from, row.looks, rhythm_of(*one, stage.rhythm)),
              one->platform, one->host, one->handle});
  }
  return plan.take();
}

Interval blinded_by(const Fault& fault, const SimAccount& account, const Population& population,
                    const Rhythm& otherwise) {
  const bool one_of_several =
      !fault.user_id.empty() && instagram_credentials(population).size() > 1;
  const bool reached = concerns(fault, account) || spreads(fault, account);
  if (!reached || one_of_several || !blinds(fault.kind)) return {};
  const Rhythm& rhythm = rhythm_of(account, otherwise);
  const bool blocks = fault.kind == FaultKind::login_page || fault.kind == FaultKind::closed;
  return {fault.span.start, fault.span.end + rhythm.recovery + (blocks ? rhythm.block : Millis{0})};
}

}  // namespace pw
