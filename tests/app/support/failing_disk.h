// A machine's disk on a bad day: it fills up, breaks, or tears a write, under the store
// or under the log, at moments that a seed decides.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/app/rehearsal.h"
#include "daemon/ledger/folder.h"
#include "tests/store/support/faulty_disk.h"

namespace pw::test {

enum class FolderTrouble { none, full, broken, torn };

class FailingDisk {
 public:
  explicit FailingDisk(std::uint64_t seed);

  // What happens on the day, for RehearsalOptions. The disk outlives the day.
  std::vector<RehearsalEvent> events();
  std::unique_ptr<Folder> wrap(std::unique_ptr<Folder> folder);

  // In words, for who reads a failing seed.
  const std::string& story() const { return story_; }
  int struck() const { return struck_; }

 private:
  friend class FailingFolder;
  // What the next write to a folder has to suffer.
  FolderTrouble next_trouble();
  void strike(int kind, int write);
  void heal();

  std::uint64_t seed_;
  FaultyDisk store_;
  FolderTrouble trouble_ = FolderTrouble::none;
  int writes_before_ = 0;
  int struck_ = 0;
  std::string story_;
};

}  // namespace pw::test
