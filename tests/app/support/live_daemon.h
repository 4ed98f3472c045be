// The daemon as its own process, from a campaign file, as an operator starts it.
#pragma once

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace pw::test {

// A campaign of one feed that answers nothing, in a folder that goes with it.
class CampaignFolder {
 public:
  explicit CampaignFolder(const std::string& name);
  ~CampaignFolder();
  CampaignFolder(const CampaignFolder&) = delete;
  CampaignFolder& operator=(const CampaignFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string config() const { return (path_ / "campaign.yaml").string(); }
  void write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

class LiveDaemon {
 public:
  // Returns once it says that it is ready (sd_notify); its journal goes to
  // `folder`/journal.
  explicit LiveDaemon(const CampaignFolder& folder);
  // Killed, if it still runs.
  ~LiveDaemon();
  LiveDaemon(const LiveDaemon&) = delete;
  LiveDaemon& operator=(const LiveDaemon&) = delete;

  void signal(int number) const;
  // The next time that it says READY=1: after a reload.
  void wait_until_ready();
  // After a signal that ends it; its exit code, or -1 when it was killed.
  int wait_for_end();

 private:
  void end();

  int notices_ = -1;
  pid_t child_ = -1;
};

}  // namespace pw::test
