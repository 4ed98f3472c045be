#include "daemon/poll/habit_trial.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "daemon/core/hash.h"
#include "daemon/poll/backoff.h"
#include "daemon/poll/schedule.h"

namespace pw {
namespace {

// So many of the longest spacings are lived through.
constexpr int rounds = 12;

class Trial {
 public:
  Trial(const LanePlan& lane, std::span<const double> habits, std::vector<Millis> intervals,
        std::uint64_t seed)
      : cost_(lane.cost), habits_(habits), intervals_(std::move(intervals)), seed_(seed) {
    schedule_.add_lane(lane.budgets, lane.apps);
    last_.assign(habits.size(), tick_never);
    turns_.assign(habits.size(), 0);
    for (std::uint32_t i = 0; i < habits.size(); ++i)
      schedule_.add(i, 0, phase_of({intervals_[i], seed}, i));
  }

  void live(Tick end) {
    for (Tick now = schedule_.next_due(); now < end; now = schedule_.next_due()) {
      const auto turn = schedule_.pop_due(now);
      if (!turn) return;
      for (int i = 1; i < cost_; ++i) schedule_.take_more(*turn, now);
      look(turn->account, now);
    }
  }

  Millis mean_delay() const { return Millis(posts_ > 0 ? std::llround(delay_ / posts_) : 0); }
  Millis gap_max() const { return gap_max_; }

 private:
  // Posts come evenly over the time between two looks, so many as the habit says.
  void look(std::uint32_t account, Tick now) {
    if (last_[account] != tick_never) {
      const Millis gap = now - last_[account];
      const auto length = static_cast<double>(gap.count());
      delay_ += habits_[account] * length * length / 2;
      posts_ += habits_[account] * length;
      gap_max_ = std::max(gap_max_, gap);
    }
    last_[account] = now;
    const Pace pace{intervals_[account], seed_};
    schedule_.put_back(account, now + delay_after(pace, account, ++turns_[account], 0));
  }

  int cost_;
  std::span<const double> habits_;
  std::vector<Millis> intervals_;
  std::uint64_t seed_;
  Schedule schedule_;
  std::vector<Tick> last_;
  std::vector<std::uint64_t> turns_;
  double delay_ = 0;
  double posts_ = 0;
  Millis gap_max_{0};
};

}  // namespace

HabitTrial try_habits(const LanePlan& lane, const Promise& promise, std::span<const double> habits,
                      std::uint64_t seed) {
  std::vector<Millis> intervals = share_looks(share_of(lane, promise), habits);
  HabitTrial result;
  result.even = promise.interval / 2;
  result.optimum = expected_delay(habits, intervals);
  Trial trial(lane, habits, std::move(intervals), seed);
  trial.live(promise.interval_max * rounds);
  result.measured = trial.mean_delay();
  result.gap_max = trial.gap_max();
  return result;
}

std::string print_trial(const HabitTrial& trial) {
  return "a post is noticed after " + print_duration(trial.measured) +
         " on average; the square-root rule allows " + print_duration(trial.optimum) +
         ", everybody alike " + print_duration(trial.even);
}

std::vector<double> assumed_habits(int accounts, std::uint64_t seed) {
  std::vector<double> habits;
  for (int i = 0; i < accounts; ++i) {
    const double place = static_cast<double>(mix64(std::to_string(i), seed) % 2001) / 1000 - 1;
    habits.push_back(std::pow(10, place));
  }
  return habits;
}

}  // namespace pw
