// The commands of what people decide, each in a file of its own.
#pragma once

#include <string>

namespace pw {

struct ReviewCommand {
  std::string config;
  std::string finding{};
  std::string decision{};  // "confirmed", "excused", "dismissed", "open", or "note"
  std::string state{};     // of those that are listed; empty: all
  std::string reason{};
  std::string token_file{};
  bool json = false;
};
int list_reviews(const ReviewCommand& options);
int decide_review(const ReviewCommand& options);

struct OutboxCommand {
  std::string config;
  std::string sink{};
  std::string id{};
  std::string token_file{};
  bool dead = false;
  bool json = false;
};
int list_outbox(const OutboxCommand& options);
int resend_delivery(const OutboxCommand& options);

struct SilenceCommand {
  std::string config;
  std::string id{};  // of the one to end; empty: a new one
  std::string matches{};
  std::string reason{};
  std::string lasts{};  // "2h"
  std::string token_file{};
  bool json = false;
};
int list_silences(const SilenceCommand& options);
int change_silence(const SilenceCommand& options);

struct CampaignCommand {
  std::string config;
  std::string event{};  // "pause", "resume" or "end"; empty: only show
  std::string reason{};
  std::string token_file{};
  bool json = false;
};
int command_campaign(const CampaignCommand& options);

}  // namespace pw
