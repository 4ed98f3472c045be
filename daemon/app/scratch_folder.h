// A folder for a daemon that nobody else shall hear of: a rehearsal's, or a survey's.
#pragma once

#include <filesystem>
#include <string>

#include "config/config.h"

namespace pw {

// The wished one stays; one of our own is gone with this object, and lies in memory
// where the machine has such a folder: it is written to as often as a real one.
class ScratchFolder {
 public:
  // `purpose` is part of the name.
  ScratchFolder(const std::string& purpose, const std::string& wished);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  // Whether it is there and empty.
  bool usable() const { return usable_; }
  std::string path() const { return path_.string(); }

 private:
  bool keeps_;
  bool usable_ = false;
  std::filesystem::path path_;
};

// Store, log and key go to `folder`. Nothing outside hears of it, or is asked to call back:
// a signer above all, which would remember this log and refuse the real one.
void keep_to_itself(const std::string& folder, Config& config);

}  // namespace pw
