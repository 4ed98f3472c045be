// New posts × rules → findings and what is sent of them. Transaction 2: what was
// screened, the findings, their log entries and their outbox rows together.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/finding.h"
#include "daemon/core/pledge.h"
#include "daemon/screen/statements.h"
#include "daemon/store/store.h"
#include "rules/condition.h"
#include "rules/pack.h"

namespace pw {

// Who a finding is about, for the sink's text.
struct Subject {
  const Finding& finding;
  const StoredPost& post;
  const Account& account;
  const Pledge& pledge;
};

struct SinkRoute {
  std::string name;
  std::optional<cel::Program> when{};  // nothing: every finding
  // The message's frozen bytes. Pure.
  std::function<std::string(const Subject&, Instant now)> body;
};

// What the screener judges by; replaced as a whole on reload.
struct Grounds {
  std::string campaign;
  Roster roster;
  // By account number: index into roster.accounts plus one; 0: not of the roster.
  std::vector<std::uint32_t> account_at;
  std::vector<bool> stable_id;  // by account number: false makes findings needs_review
  std::vector<RulePack> packs;
  std::optional<cel::Program> statement{};
  std::vector<SinkRoute> sinks;
};

std::vector<std::uint32_t> index_accounts(const std::vector<Account>& accounts);

class Screener {
 public:
  // `found` is told of every new finding after it is stored.
  Screener(Store& store, std::function<void(const Finding&)> found);

  // Screens everything not yet screened. Returns how many findings are new; an
  // error means that nothing of the failing transaction happened.
  Result<int> screen(const Grounds& grounds, Instant now);

 private:
  struct Batch;

  Result<Done> gather(const Grounds& grounds, Batch& batch);
  void judge_post(const Grounds& grounds, Batch& batch, const StoredPost& post, Instant now);
  void judge_rule(const Grounds& grounds, Batch& batch, const StoredPost& post, const Rule& rule,
                  Instant now);
  void keep(const Grounds& grounds, Batch& batch, const Rule& rule, const StoredPost& post,
            Finding finding, Instant now);
  bool within_quota(const Rule& rule, Instant now);
  Result<Done> remember();

  Store& store_;
  std::function<void(const Finding&)> found_;
  bool remembers_ = false;
  std::map<std::string, Finding> known_;              // findings by id
  std::map<std::string, std::vector<Instant>> sent_;  // by rule: for quotas
};

}  // namespace pw
