// A disk under SQLite that fails when told to. It becomes the default for every
// file that SQLite opens in this process, and does nothing until it is armed.
#pragma once

namespace pw {

enum class Fault {
  write_error,  // EIO
  full,         // ENOSPC
  sync_error,   // fsync says EIO
};

class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();  // heals
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  // The n-th write or sync from now (from 1) fails, and, if `lasting`, every later.
  void arm(Fault fault, int n, bool lasting);
  void heal();
  bool struck() const;  // since arm()
};

}  // namespace pw
