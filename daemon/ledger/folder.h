// Where a log lies: a folder of small files that appear whole or not at all.
// An interface, so that tests can break every single write.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"

namespace pw {

struct FolderFile {
  std::string path;  // relative, with '/'
  std::uint64_t bytes = 0;
};

class Folder {
 public:
  virtual ~Folder() = default;

  // Nothing when there is no such file; an error when it cannot be read or has
  // more than `bytes_max` bytes.
  virtual Result<std::optional<std::string>> read(const std::string& path,
                                                  std::uint64_t bytes_max) = 0;
  // When it returns a value, the file with exactly these bytes is on disk; a
  // crash before leaves the old file whole. Makes the folders on the way.
  virtual Result<Done> replace(const std::string& path, std::string_view bytes) = 0;
  // A crash may leave any beginning of `bytes` behind.
  virtual Result<Done> append(const std::string& path, std::string_view bytes) = 0;
  // A file that is not there is no error.
  virtual Result<Done> remove(const std::string& path) = 0;
  // All files below `under` (empty: all), sorted by path. Links are not followed.
  virtual Result<std::vector<FolderFile>> list(const std::string& under) = 0;
};

// The folder at `path`, which is made (mode 0755) when it is not there.
Result<std::unique_ptr<Folder>> open_folder(const std::string& path);

// Names that replace() writes before they are renamed; left over by a crash.
bool is_temporary(std::string_view path);

// Held as long as it lives; the kernel lets go when the process dies.
class FolderLock {
 public:
  explicit FolderLock(int fd) : fd_(fd) {}
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  int fd_;
};
inline constexpr std::string_view lock_file = ".lock";
// `refused` when another process holds it.
Result<FolderLock> lock_folder(const std::string& path);

// A file of at most `bytes_max` bytes that only its owner may read or write
// (0600), for keys. Writing refuses to replace one.
Result<std::string> read_private_file(const std::string& path, std::size_t bytes_max);
Result<Done> write_private_file(const std::string& path, std::string_view bytes);

}  // namespace pw
