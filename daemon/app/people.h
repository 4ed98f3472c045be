// What people may ask for and do, whoever carries it out: the running daemon, or
// the store at rest while none runs. Who asks is known by then. One thread.
#pragma once

#include <string>
#include <vector>

#include "daemon/app/review_desk.h"
#include "daemon/app/silence_desk.h"
#include "daemon/ledger/campaign_run.h"
#include "daemon/store/store.h"

namespace pw {

class People {
 public:
  virtual ~People() = default;

  virtual Instant now() const = 0;

  // `gone`, `refused`, `malformed` as ReviewDesk says.
  virtual Result<std::vector<FindingView>> findings(const FindingsAsk& ask) = 0;
  virtual Result<FindingView> finding(const std::string& id) = 0;
  virtual Result<ReviewOutcome> review(const ReviewRequest& request) = 0;

  virtual Result<std::vector<Delivery>> deliveries(const DeliveriesAsk& ask) = 0;
  virtual Result<std::vector<AttemptRecord>> attempts_of(const Delivery& delivery) = 0;
  // A dead delivery is due again, at once. `gone`: none that is dead.
  virtual Result<Done> resend(const std::string& sink, const std::string& id,
                              const std::string& who) = 0;

  virtual Result<std::vector<Silence>> silences() = 0;
  // `malformed`: a condition that is none, an end that has passed, no reason. The
  // condition's mistakes are in the error's detail.
  virtual Result<Silence> add_silence(const SilenceRequest& request) = 0;
  // `gone`: none that holds.
  virtual Result<Silence> end_silence(const std::string& id, const std::string& who) = 0;

  // Alerts stop while it is paused; looking goes on. "pause", "resume" or "end",
  // after which it stays ended. `malformed`: no reason; `refused`: not from where it
  // stands.
  virtual Result<Done> command_campaign(const std::string& event, const std::string& who,
                                        const std::string& why) = 0;
  virtual Result<CampaignRun> campaign_run() = 0;
};

}  // namespace pw
