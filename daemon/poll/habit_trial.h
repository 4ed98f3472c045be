// A lane's own schedule in simulated time, without a network: what sharing its looks
// out by habit is worth. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "daemon/poll/habit.h"

namespace pw {

struct HabitTrial {
  Millis even{0};      // mean delay of a post if everybody were looked at alike
  Millis optimum{0};   // the least that the square-root rule allows within the promise
  Millis measured{0};  // by the lane's schedule, its budgets and its jitter
  Millis gap_max{0};   // the longest between two looks
};

// `habits`: posts a day, one for each account. `seed`: of jitter and phases.
HabitTrial try_habits(const LanePlan& lane, const Promise& promise, std::span<const double> habits,
                      std::uint64_t seed);

// "a post is noticed after 18 min on average; the square-root rule allows 17 min,
// everybody alike 24 min"
std::string print_trial(const HabitTrial& trial);

// Where no habit is known yet: from a post in ten days to ten a day, as many of each.
std::vector<double> assumed_habits(int accounts, std::uint64_t seed);

}  // namespace pw
