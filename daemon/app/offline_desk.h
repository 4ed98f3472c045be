// The store at rest, for commands while no daemon runs. What only reads opens it
// read-only and works beside a daemon too.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "daemon/app/people.h"
#include "daemon/app/setup.h"

namespace pw {

class OfflineDesk final : public People {
 public:
  // `refused` and `transient` as open_sqlite says: writing takes the store's lock,
  // which a running daemon has.
  static Result<std::unique_ptr<OfflineDesk>> open(Setup setup, OpenMode mode, Instant now);

  int publish_needs() const { return setup_.config.publish_needs; }

  Instant now() const override { return now_; }
  Result<std::vector<FindingView>> findings(const FindingsAsk& ask) override;
  Result<FindingView> finding(const std::string& id) override;
  Result<ReviewOutcome> review(const ReviewRequest& request) override;
  Result<std::vector<Delivery>> deliveries(const DeliveriesAsk& ask) override;
  Result<std::vector<AttemptRecord>> attempts_of(const Delivery& delivery) override;
  Result<Done> resend(const std::string& sink, const std::string& id,
                      const std::string& who) override;
  Result<std::vector<Silence>> silences() override;
  Result<Silence> add_silence(const SilenceRequest& request) override;
  Result<Silence> end_silence(const std::string& id, const std::string& who) override;
  Result<Done> command_campaign(const std::string& event, const std::string& who,
                                const std::string& why) override;
  // From the log, read from its first entry.
  Result<CampaignRun> campaign_run() override;

 private:
  OfflineDesk(Setup setup, std::unique_ptr<Store> store, Instant now);
  // Read-only nobody is enrolled: whose number is whose then stands in the log.
  void number_accounts();
  Result<SilenceDesk*> silence_desk();

  Setup setup_;
  Grounds grounds_;
  std::unique_ptr<Store> store_;
  ReviewDesk reviews_;
  std::optional<SilenceDesk> silences_;
  bool numbered_ = false;
  Instant now_;
};

}  // namespace pw
