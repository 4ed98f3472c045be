// A usual day's log, made: every account looked at once a minute, with the outcomes
// and clocks of a usual day, some outages, some posts, findings and reviews; written
// as the recorder writes (once a second) and exported with a checkpoint a minute.
#pragma once

#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/ledger/log_writer.h"
#include "daemon/ledger/report.h"
#include "daemon/ledger/store_leaves.h"
#include "daemon/ledger/terms.h"

namespace pw::bench {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  return *std::move(result);
}

// The looks' first moment; the window is the day that begins an hour later.
Instant day_start();
Interval day_window();

Terms day_terms(AccountNumber accounts);

// How long each step held up the one thread that everything runs on.
struct DaySteps {
  std::vector<double> commit_ms;  // one second's looks into the store
  std::vector<double> export_ms;  // one minute's leaves to tiles, and the checkpoint
  double cpu_s = 0;               // of all of it
  std::uint64_t looks = 0;
};

class Day {
 public:
  // All outlive it. Declares the campaign.
  Day(Store& store, Folder& log, Signer& signer, AccountNumber accounts);

  DaySteps run(int minutes);
  // What the report needs beside the log: one account in fifty has a finding.
  const std::vector<FindingRow>& findings() const { return findings_; }

 private:
  Look look_at(AccountNumber number, Instant t);
  void post_of(AccountNumber number, Instant t, std::vector<std::string>& leaves);

  Store& store_;
  StoreLeaves leaves_;
  LogWriter writer_;
  AccountNumber accounts_;
  std::mt19937_64 random_{2020};
  std::vector<FindingRow> findings_;
};

}  // namespace pw::bench
