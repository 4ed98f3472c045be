#include "daemon/app/rehearsal.h"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "daemon/app/daemon.h"
#include "daemon/app/ledger_reading.h"
#include "daemon/app/rehearsal_stage.h"
#include "daemon/ledger/verify.h"
#include "daemon/poll/watch.h"
#include "daemon/rehearsal/fault_plan.h"
#include "daemon/rehearsal/sim_network.h"
#include "daemon/rehearsal/world_clock.h"

namespace pw {
namespace {

namespace asio = boost::asio;

// The day itself; everything the daemon touches lives here, in this order.
class Day {
 public:
  Day(const RehearsalStage& stage, const RehearsalOptions& options)
      : stage_(stage),
        options_(options),
        io_(1),
        clock_(stage.start),
        world_clock_(clock_),
        log_([this](LogLevel, const std::string& line) { hear(line); }, LogLevel::info),
        world_(stage.population),
        receiver_(
            stage.hook_secrets,
            {HookFailure::error, HookFailure::too_many, HookFailure::close, HookFailure::hang},
            [](const std::string&) {}),
        network_(world_, world_clock_) {
    network_.serve_hooks(receiver_);
    moments_ = moments();
  }

  Result<Done> live(Setup setup, RehearsalFacts& facts) {
    Result<Done> finished = live_once(std::move(setup), facts);
    while (options_.read_again && world_clock_.now() < stage_.end) {
      ++facts.restarts;
      const bool again = facts.restarts < restarts_max;
      clock_.advance(io_, restart_after);
      while (next_moment_ < moments_.size() && moments_[next_moment_].at <= world_clock_.now())
        moments_[next_moment_++].happens();
      std::optional<Setup> next = again ? options_.read_again() : std::nullopt;
      if (!next) return Error{Errc::refused, "the daemon does not stay up: " + facts.daemon_fault};
      set_stage(*next, options_.folder, options_.seed);
      facts.daemon_fault.clear();
      finished = live_once(*std::move(next), facts);
    }
    facts.requests = network_.requests();
    facts.deliveries = receiver_.accepted();
    facts.repeated = receiver_.repeated();
    return finished;
  }

 private:
  static constexpr int restarts_max = 1000;

  // Until the day is over or the daemon ends by itself.
  Result<Done> live_once(Setup setup, RehearsalFacts& facts) {
    World world{io_, clock_, network_, log_, seeded_random(options_.seed + life_++)};
    world.disk = options_.disk;
    auto daemon = Daemon::open(std::move(world), std::move(setup));
    if (!daemon) {
      facts.daemon_fault = daemon.error().detail;
      return daemon.error();
    }
    TaskGroup group(io_.get_executor());
    (*daemon)->start(group, /*until_closed=*/false);
    joined_ = false;
    asio::co_spawn(io_, group.join(), [&](std::exception_ptr error) {
      joined_ = true;
      if (error) facts.daemon_fault = group.first_to_end() + why(error);
    });
    pass_day();
    group.stop();
    for (int i = 0; i < 10 && !joined_; ++i) clock_.advance(io_, Millis{1000});
    return (*daemon)->finish("the rehearsal is over");
  }

  void hear(const std::string& line) {
    if (options_.journal) options_.journal(print_rfc3339(world_clock_.now()) + ' ' + line);
  }

  static std::string why(std::exception_ptr error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& cause) {
      return std::string(": ") + cause.what();
    }
  }

  // From where it stands; each moment happens once, whoever lives through it.
  void pass_day() {
    for (; next_moment_ < moments_.size(); ++next_moment_) {
      pass_until(moments_[next_moment_].at);
      if (joined_) return;
      moments_[next_moment_].happens();
    }
    pass_until(stage_.end);
  }

  void pass_until(Instant moment) {
    // A daemon that is started again is missed at once.
    const Millis leg = options_.read_again ? restart_after : Millis(std::chrono::minutes(10));
    while (!joined_ && world_clock_.now() < moment) {
      clock_.advance(io_, std::min(leg, moment - world_clock_.now()));
      if (options_.progress) {
        const auto all = static_cast<double>((stage_.end - stage_.start).count());
        options_.progress(static_cast<double>((world_clock_.now() - stage_.start).count()) / all);
      }
    }
  }

  struct Moment {
    Instant at;
    std::function<void()> happens;
  };
  std::vector<Moment> moments() {
    std::vector<Moment> all{{stage_.step_at, [this] { clock_.step(options_.clock_step); }},
                            {stage_.step_back_at, [this] { clock_.step(-options_.clock_step); }}};
    const Interval window = stage_.terms.window;
    const auto length = static_cast<double>(window.length().count());
    for (const RehearsalEvent& event : options_.events)
      all.push_back(
          {window.start + Millis(static_cast<std::int64_t>(length * event.at)), event.happens});
    std::stable_sort(all.begin(), all.end(),
                     [](const Moment& a, const Moment& b) { return a.at < b.at; });
    return all;
  }

  const RehearsalStage& stage_;
  const RehearsalOptions& options_;
  asio::io_context io_{1};
  SimClock clock_;
  WorldClock world_clock_;
  Log log_;
  SimWorld world_;
  Receiver receiver_;
  SimNetwork network_;
  std::vector<Moment> moments_;
  std::size_t next_moment_ = 0;
  std::uint64_t life_ = 0;
  bool joined_ = false;
};

using PostKey = std::pair<std::string, std::string>;  // account as printed, post id

std::string account_key(const PlannedAccount& account) {
  return account.platform + ':' + account.handle;
}

const SimAccount* played_account(const RehearsalStage& stage, const std::string& key) {
  for (const SimAccount& account : stage.population.accounts) {
    if (account.platform + ':' + account.handle == key) return &account;
  }
  return nullptr;
}

// Whether a fault or a spell kept the watcher from seeing the account then: its
// delay is the fault's, not the plan's.
bool was_blinded(const RehearsalStage& stage, const std::string& key, Instant at) {
  const SimAccount* account = played_account(stage, key);
  if (account == nullptr) return true;
  for (const Fault& fault : stage.population.faults) {
    const Interval span = blinded_by(fault, *account, stage.population, stage.terms.rhythm);
    if (!span.empty() && span.contains(at)) return true;
  }
  return std::any_of(account->spells.begin(), account->spells.end(), [&](const Spell& spell) {
    return spell.span.start <= at &&
           at < spell.span.end + rhythm_of(*account, stage.terms.rhythm).recovery;
  });
}

LaneFacts* lane_of(RehearsalFacts& facts, const std::map<std::string, std::size_t>& lanes,
                   const std::string& account) {
  const auto it = lanes.find(account);
  return it == lanes.end() ? nullptr : &facts.lanes[it->second];
}

void note_lanes(const Setup& setup, RehearsalFacts& facts,
                std::map<std::string, std::size_t>& lane_at) {
  for (const PlannedLane& lane : setup.plan.lanes) {
    facts.lanes.push_back({lane.plan.name, lane.plan.accounts, lane.promise.interval,
                           lane.promise.detection_max, lane.promise.gap_max, Millis{0},
                           infeasible(lane.plan, lane.promise, setup.plan.ceiling)});
    for (const std::uint32_t account : lane.accounts)
      lane_at[print_account(setup.roster.accounts[account])] = facts.lanes.size() - 1;
  }
  for (const auto& [name, connector] : setup.connectors)
    facts.blind_spots[name] = connector->declaration().blind_spots;
  for (const Issue& issue : plan_issues(setup.config, setup.plan)) {
    // An infeasible lane is an obstacle, told as such.
    const bool told = std::any_of(facts.lanes.begin(), facts.lanes.end(), [&](const LaneFacts& l) {
      return l.infeasible == issue.message;
    });
    if (!told) facts.warnings.push_back(issue.message);
  }
}

void note_findings(const RehearsalStage& stage, const LedgerReading& reading,
                   const std::vector<Finding>& findings,
                   const std::map<std::string, std::size_t>& lane_at, RehearsalFacts& facts) {
  std::map<AccountNumber, std::string> name_of_account;
  for (const AccountVerdict& verdict : reading.judgement.accounts)
    name_of_account[verdict.account.number] = print_account(verdict.account);
  std::map<PostKey, Instant> found;
  std::vector<ClaimedFinding> claimed;
  for (const Finding& finding : findings) {
    if (finding.mode != Mode::alert || finding.severity != Severity::breach) continue;
    ++facts.findings;
    const std::string& account = name_of_account[finding.account];
    if (!found.try_emplace({account, finding.post_id}, finding.found_at).second) continue;
    const std::size_t colon = account.find(':');
    claimed.push_back(
        {account.substr(0, colon), account.substr(colon + 1), finding.post_id, stage.plan.rule});
  }
  const Difference difference = compare(stage.plan, claimed);
  facts.matched = difference.matched;
  facts.missed = difference.missed;
  facts.wrong = difference.wrong;
  facts.planned = facts.matched + static_cast<int>(facts.missed.size());
  for (const PlannedAccount& account : stage.plan.accounts) {
    for (const PlannedPost& post : account.posts) {
      if (post.expected == Expected::unseen_possible) ++facts.not_promised[post.reason];
      const auto it = found.find({account_key(account), post.id});
      if (it == found.end() || post.expected == Expected::unseen_possible) continue;
      const Millis delay = std::max(Millis{0}, it->second - post.told);
      facts.detections.push_back({account_key(account), post.id, delay});
      if (was_blinded(stage, account_key(account), post.told)) continue;
      if (LaneFacts* lane = lane_of(facts, lane_at, account_key(account)))
        lane->detected_max = std::max(lane->detected_max, delay);
    }
  }
}

// A verdict that says kept where the plan knows a breach that stood longer than
// the gap it was printed with.
void note_verdicts(const RehearsalStage& stage, const Judgement& judgement, RehearsalFacts& facts) {
  facts.verdicts = judgement.actors_by_verdict;
  std::map<std::string, const PlannedAccount*> planned;
  for (const PlannedAccount& account : stage.plan.accounts)
    planned[account_key(account)] = &account;
  for (const AccountVerdict& verdict : judgement.accounts) {
    for (std::size_t i = 0; i < facts.looks.size(); ++i)
      facts.looks[i] += verdict.coverage.outcomes[i];
    const auto it = planned.find(print_account(verdict.account));
    if (verdict.verdict != Verdict::kept || it == planned.end()) continue;
    for (const PlannedPost& post : it->second->posts) {
      const Millis stood = post.deleted ? *post.deleted - post.appeared : Millis::max();
      const bool inside = verdict.window.certain.contains(post.appeared);
      if (post.expected == Expected::breach && inside && stood > verdict.coverage.longest_gap &&
          verdict.surfaces.has(post.surface)) {
        facts.contradicted.push_back(it->first + " kept, and yet " + post.id);
      }
    }
  }
}

// What the daemon went by: the first list of every account.
void note_habits(const CampaignPlan& plan, const Roster& roster, const LedgerReading& reading,
                 std::uint64_t seed, RehearsalFacts& facts) {
  std::map<std::string, AccountNumber> number_of;
  for (const AccountVerdict& verdict : reading.judgement.accounts)
    number_of[print_account(verdict.account)] = verdict.account.number;
  for (std::size_t i = 0; i < plan.lanes.size(); ++i) {
    const PlannedLane& lane = plan.lanes[i];
    if (!share_of(lane.plan, lane.promise).shares()) continue;
    std::vector<double> habits;
    for (const std::uint32_t place : lane.accounts) {
      const AccountNumber number = number_of[print_account(roster.accounts[place])];
      auto posts = reading.store->posts_of({&number, 1});
      if (!posts) return;
      std::erase_if(*posts, [](const StoredPost& post) { return !post.baseline; });
      habits.push_back(posts_per_day(
          times_of(*posts), posts->empty() ? facts.window.start : posts->front().first_seen));
    }
    facts.lanes[i].habits = try_habits(lane.plan, lane.promise, habits, seed);
  }
}

std::string log_fault(const Config& config, const std::string& vkey) {
  const Result<VerifierKey> key = parse_vkey(vkey);
  const Result<std::unique_ptr<Folder>> folder = open_folder(config.log_dir);
  if (!key || !folder) return "it cannot be read";
  const VerifyReport report = verify(**folder, *key);
  return report.ok() ? std::string() : print_damage(report.damages.front());
}

}  // namespace

Result<RehearsalFacts> rehearse(Setup setup, const RehearsalOptions& options) {
  RehearsalFacts facts;
  const RehearsalStage stage = set_stage(setup, options.folder, options.seed);
  const Config config = setup.config;
  facts.campaign = config.campaign.name;
  facts.seed = options.seed;
  facts.window = stage.terms.window;
  facts.accounts = static_cast<int>(stage.population.accounts.size());
  facts.left_out = stage.left_out;
  facts.sinks = static_cast<int>(config.sinks.size());
  for (const Fault& fault : stage.population.faults)
    ++facts.faults[std::string(name_of(fault.kind))];
  std::map<std::string, std::size_t> lane_at;
  note_lanes(setup, facts, lane_at);
  const CampaignPlan plan = setup.plan;
  const Roster roster = setup.roster;

  if (const Result<Done> lived = Day(stage, options).live(std::move(setup), facts); !lived)
    return lived.error();
  Result<LedgerReading> reading = read_ledger(config);
  if (!reading) return reading.error();
  const Result<std::vector<Finding>> findings = reading->store->findings();
  if (!findings) return findings.error();
  const Result<std::vector<Delivery>> deliveries = reading->store->deliveries();
  if (!deliveries) return deliveries.error();
  facts.deliveries_lost = static_cast<int>(std::count_if(
      deliveries->begin(), deliveries->end(),
      [](const Delivery& delivery) { return delivery.state != DeliveryState::delivered; }));
  note_findings(stage, *reading, *findings, lane_at, facts);
  note_verdicts(stage, reading->judgement, facts);
  note_habits(plan, roster, *reading, options.seed, facts);
  facts.log_fault = log_fault(config, reading->vkey);
  return facts;
}

}  // namespace pw
