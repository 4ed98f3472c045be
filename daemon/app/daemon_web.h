// The daemon as the web sees it. Follows the compliance log entry by entry and
// judges it by the same code as the report and `verify`, so that the board says
// what they will say. Private to daemon*.cpp.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/app/daemon_parts.h"
#include "daemon/ledger/judge.h"
#include "daemon/web/backend.h"
#include "daemon/web/board_model.h"
#include "daemon/web/server.h"

namespace pw {

struct Daemon::Web final : public Backend {
  Web(Daemon& daemon, std::unique_ptr<Shelf> shelf);

  Instant now() const override { return parts.world.clock.now(); }
  void follow() override;
  const BoardModel& board() override;
  Result<AccountModel> account(AccountNumber number) override;
  Result<std::vector<FindingModel>> findings(const FindingsAsk& ask) override;
  Result<std::uint64_t> finding_count(const FindingsAsk& ask) override {
    return parts.store->finding_count(ask);
  }
  Result<FindingModel> finding(const std::string& id) override;
  Result<std::vector<FindingModel>> waiting(const std::string& reviewer, const std::string& beyond,
                                            int limit) override;
  Result<HealthModel> health() override;
  Result<std::optional<std::string>> log_file(const std::string& path) override;
  Result<ReviewDone> review(const ReviewAsk& ask) override;
  ActionDone act(const ActionAsk& ask) override;
  ActionDone erase(const ActionAsk& ask);
  HubSaid hub(const HubAsk& ask) override { return daemon.called(ask); }
  const std::vector<Reviewer>& reviewers() override { return parts.config.reviewers; }
  std::uint64_t reviewers_revision() override { return parts.reviewers_revision; }

  // What the looks at one account came to, beside what the judge keeps.
  struct Seen {
    LastSight sight{};
    std::array<std::uint32_t, outcome_names.size()> outcomes{};
    std::deque<LookRun> runs{};
    bool runs_cut = false;
  };
  // Looks by minute of the last hour.
  struct HourCount {
    std::array<std::uint32_t, 60> minutes{};
    std::int64_t minute = 0;
    void add(Instant t);
    std::uint64_t total(Instant t) const;
  };

  void take(std::uint64_t index, std::string_view leaf);
  void take_look(const Look& look);
  Result<Terms> terms(const Digest& digest);
  void refresh();
  void add_findings(BoardModel& board);
  void read_log_state();
  std::uint64_t roster_digest(const BoardModel& board) const;
  bool is_stale() const;
  bool has_caught_up() const { return read >= known; }
  Result<std::vector<FindingModel>> models_of(Result<std::vector<FindingView>> views) const;
  ActionDone observe(const ActionAsk& ask);
  std::vector<RoomModel> rooms(const PlannedLane& lane) const;
  std::vector<LaneModel> lanes();
  Result<std::vector<SinkModel>> sinks();

  Daemon& daemon;
  Parts& parts;
  Judge judge;
  std::uint64_t read = 0;        // leaves that the judge knows
  std::uint64_t known = 0;       // leaves that there are
  bool news = true;              // something that people wait for: a finding, a review, new terms
  std::vector<Seen> seen;        // by account number
  std::vector<HourCount> hours;  // by lane
  // Alerting findings, as the store had them when `news` last was.
  int alerts = 0;
  int alerts_open = 0;
  std::vector<FindingNote> latest;
  bool findings_read = false;
  BoardModel model;
  Tick refreshed = tick_never;
  Millis refresh_cost{0};
  std::string checkpoint;
  std::optional<Instant> signed_at;
  std::vector<SinkModel> sink_rows;
  Tick sinks_read = tick_never;
  Instant started;
  std::unique_ptr<WebServer> server;
};

}  // namespace pw
