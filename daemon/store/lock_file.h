// Keeps a second daemon from the store: an exclusive flock on a file beside the
// database. It ends with the process, however that ends. SQLite's own locks do
// not serve: readers must be let in while the daemon runs.
#pragma once

#include <string>

#include "daemon/core/result.h"

namespace pw {

class LockFile {
 public:
  // `refused` when somebody else holds it; the detail names their process.
  static Result<LockFile> take(const std::string& path);

  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) noexcept;
  ~LockFile();

 private:
  explicit LockFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace pw
