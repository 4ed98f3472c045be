#include "tests/store/support/faulty_disk.h"

#include <list>

#include <sqlite3.h>

namespace pw {
namespace {

struct Plan {
  bool armed = false;
  DiskFault fault = DiskFault::full;
  int left = 0;
  bool lasting = false;
  bool struck = false;
};
Plan plan;

// True when this operation has to fail.
bool strikes(DiskFault kind) {
  const bool concerned = (plan.fault == DiskFault::sync_error) == (kind == DiskFault::sync_error);
  if (!plan.armed || !concerned) return false;
  if (plan.left > 0) --plan.left;
  if (plan.left > 0 || (plan.struck && !plan.lasting)) return false;
  plan.struck = true;
  return true;
}

// SQLite hands an operation its file; the file's table of operations is ours,
// and knows the one it replaces.
struct Operations {
  sqlite3_io_methods ours;
  const sqlite3_io_methods* real;
};
std::list<Operations> tables;

const sqlite3_io_methods& real_of(sqlite3_file* file) {
  return *reinterpret_cast<const Operations*>(file->pMethods)->real;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  if (strikes(DiskFault::write_error)) {
    if (plan.fault == DiskFault::torn) real_of(file).xWrite(file, bytes, size / 2, at);
    return plan.fault == DiskFault::full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  }
  return real_of(file).xWrite(file, bytes, size, at);
}

int sync(sqlite3_file* file, int flags) {
  if (strikes(DiskFault::sync_error)) return SQLITE_IOERR_FSYNC;
  return real_of(file).xSync(file, flags);
}

sqlite3_vfs* real_disk = nullptr;

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* opened) {
  const int code = real_disk->xOpen(real_disk, name, file, flags, opened);
  if (file->pMethods == nullptr) return code;
  for (const Operations& table : tables) {
    if (table.real != file->pMethods) continue;
    file->pMethods = &table.ours;
    return code;
  }
  Operations& table = tables.emplace_back(Operations{*file->pMethods, file->pMethods});
  table.ours.xWrite = write;
  table.ours.xSync = sync;
  file->pMethods = &table.ours;
  return code;
}

}  // namespace

FaultyDisk::FaultyDisk() {
  static sqlite3_vfs disk;
  if (real_disk != nullptr) return;
  real_disk = sqlite3_vfs_find(nullptr);
  disk = *real_disk;
  disk.zName = "faulty";
  disk.xOpen = open;
  sqlite3_vfs_register(&disk, 1);
}

FaultyDisk::~FaultyDisk() { heal(); }

void FaultyDisk::arm(DiskFault fault, int n, bool lasting) {
  plan = {.armed = true, .fault = fault, .left = n, .lasting = lasting, .struck = false};
}

void FaultyDisk::heal() { plan.armed = false; }

bool FaultyDisk::struck() const { return plan.struck; }

}  // namespace pw
