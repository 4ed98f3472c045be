#include "daemon/rehearsal/populate.h"

#include "daemon/rehearsal/fault_plan.h"

namespace pw {

Population populate(const PopulationOptions& options) {
  Population population;
  population.seed = options.cast.seed;
  population.window = options.window;
  population.hashtag = options.hashtag;
  population.credentials = options.credentials;
  population.limits = options.limits;
  population.accounts =
      options.given.empty() ? cast_of(options.cast) : cast_of(options.cast.seed, options.given);
  const Stage stage{options.cast.seed, options.window, options.rhythm, options.hashtag};
  play(stage, population.accounts);
  if (options.faults) population.faults = plan_faults(stage, population);
  return population;
}

}  // namespace pw
