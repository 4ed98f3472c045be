// Everything that a campaign has stored, ready to be judged again: by other rules
// (backtest), or by the same ones aloud (rules explain). Works while the daemon
// runs.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/app/survey.h"
#include "daemon/core/result.h"
#include "daemon/screen/screening.h"
#include "daemon/store/store.h"

namespace pw {

struct Hindsight {
  std::unique_ptr<Store> store;  // read only; none before the first start
  Grounds grounds;               // of the files as they are now; no sinks
  std::vector<StoredPost> posts;
  std::map<PostKey, int> statements;  // used before each post
  std::vector<Finding> findings;
};

// Mistakes of the files go to `issues`, and then the error is `refused`. With what a
// survey has `fetched` there need be no store yet; a post that is stored counts as stored.
Result<Hindsight> look_back(const std::string& config_file, Issues& issues,
                            const std::vector<SurveyedAccount>* fetched = nullptr);

// A post's own time of judgement: when it was first seen, so that judging again
// gives the same answer however late.
Instant judged_at(const StoredPost& post);
int statements_used(const Hindsight& past, const StoredPost& post);

// Loads packs and runs their examples. Nothing when `issues` has an error.
std::optional<std::vector<RulePack>> load_packs(const std::vector<std::string>& files,
                                                Issues& issues);

}  // namespace pw
