// A disk under SQLite that fails when told to. It becomes the default for every
// file that SQLite opens in this process, and does nothing until it is armed.
#pragma once

namespace pw {

enum class DiskFault {
  write_error,  // EIO
  full,         // ENOSPC
  sync_error,   // fsync says EIO
  torn,         // half of it is written, then EIO
};

class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();  // heals
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  // The n-th write or sync from now (from 1) fails, and, if `lasting`, every later.
  void arm(DiskFault fault, int n, bool lasting);
  void heal();
  bool struck() const;  // since arm()
};

}  // namespace pw
