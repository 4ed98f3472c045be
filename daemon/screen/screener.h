// New posts × rules → findings and what is sent of them. Transaction 2: what was
// screened, the findings, their log entries and their outbox rows together.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/core/finding.h"
#include "daemon/screen/grounds.h"
#include "daemon/store/store.h"

namespace pw {

class Screener {
 public:
  // `found` is told of every new finding after it is stored.
  Screener(Store& store, std::function<void(const Finding&)> found);

  // Screens everything not yet screened. Returns how many findings are new; an
  // error means that nothing of the failing transaction happened.
  Result<int> screen(const Grounds& grounds, Instant now);

 private:
  struct Batch;

  // When a rule's newest findings were made, at most as many as its quota: more say
  // nothing of whether there is room.
  struct Sent {
    Quota quota;
    std::vector<Instant> times;
  };

  Result<Done> gather(const Grounds& grounds, Batch& batch);
  Result<Done> judge_post(const Grounds& grounds, Batch& batch, const StoredPost& post,
                          Instant now);
  Result<Done> judge_rule(const Grounds& grounds, Batch& batch, const StoredPost& post,
                          const Rule& rule, Instant now);
  Result<Done> keep(const Grounds& grounds, Batch& batch, const Rule& rule, const StoredPost& post,
                    Finding finding, Instant now);
  Result<bool> within_quota(const Rule& rule, Instant now);
  Result<Done> recall(const Rule& rule, Instant now);

  Store& store_;
  std::function<void(const Finding&)> found_;
  std::map<std::string, Sent> sent_;  // by rule, of those that have a quota
};

}  // namespace pw
