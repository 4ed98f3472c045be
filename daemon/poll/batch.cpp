#include "daemon/poll/batch.h"

#include <algorithm>

namespace pw {

ProbeWord word_of(ProbeProves proves, const std::string& known, const ProbeReading& reading) {
  const std::string* token = std::get_if<std::string>(&reading);
  if (token == nullptr || token->empty() || proves == ProbeProves::nothing) {
    return ProbeWord::no_answer;
  }
  // The first token of all has nothing to differ from.
  if (known.empty()) return ProbeWord::no_proof;
  if (*token != known) return ProbeWord::changed;
  return proves == ProbeProves::silence ? ProbeWord::unchanged : ProbeWord::no_proof;
}

Millis batch_spacing(const Declaration& declared, std::span<const Budget> budgets) {
  const bool tells = declared.probe == ProbeProves::change || declared.probe == ProbeProves::lists;
  if (!tells || declared.batch_size < 2) return Millis{0};
  constexpr double share = 0.1;
  double per_hour = 0;
  for (const Budget& budget : budgets) per_hour += Meter(budget).hourly();
  const Millis least = std::max(Millis(std::chrono::seconds(30)), declared.interval_floor);
  if (per_hour <= 0) return least;
  const double calls = declared.batch_counts_each ? declared.batch_size : 1;
  const double apart_ms = 3'600'000.0 * calls / (per_hour * share);
  return std::max(least, Millis(static_cast<std::int64_t>(std::min(apart_ms, 3.6e6))));
}

}  // namespace pw
