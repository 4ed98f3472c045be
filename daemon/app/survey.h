// One look at each account, kept nowhere: whether every handle of the roster leads to
// an account that can be read, before anybody relies on it, and what its list shows.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/app/daemon.h"
#include "daemon/core/look.h"
#include "daemon/store/store.h"

namespace pw {

struct SurveyedAccount {
  Account account;  // as the roster has it, with the id that its platform gave
  // Its only look; nothing: its turn did not come in time.
  std::optional<Look> look{};
  std::vector<StoredPost> posts{};  // its list, as far back as a first look reads
  bool seen() const { return look && observes(look->outcome); }
};

struct SurveyLimits {
  Millis within{std::chrono::minutes(5)};  // looks are paced by the budgets, as on the day
  std::function<void(double done)> progress{};
};

// As a command's options have them: with a progress bar on a terminal, unless it prints
// JSON.
SurveyLimits survey_limits(std::optional<Millis> within, bool json);

// Looks with the world that is given; `folder` is empty and holds the daemon that looks.
// Ends when every account has had its look, or the time is up. `run` runs the world's
// loop to its end, on whatever clock that is.
Result<std::vector<SurveyedAccount>> survey(World world, Setup setup, const std::string& folder,
                                            const SurveyLimits& limits,
                                            const std::function<void()>& run);

// With this machine's clock and network, and a folder that is gone afterwards. Ctrl-C
// ends it with what has been seen so far.
Result<std::vector<SurveyedAccount>> survey_online(Setup setup, const SurveyLimits& limits);

}  // namespace pw
