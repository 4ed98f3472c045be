#include "daemon/store/lock_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pw {
namespace {

constexpr int attempts_max = 10;

// The holder wrote its number there, for people; nothing is decided by it.
std::string holder_of(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  std::string holder;
  for (ssize_t i = 0; i < size && text[static_cast<std::size_t>(i)] >= '0' &&
                      text[static_cast<std::size_t>(i)] <= '9';
       ++i) {
    holder += text[static_cast<std::size_t>(i)];
  }
  return holder.empty() ? "another process" : "process " + holder;
}

// False when the file was removed or replaced after it was opened: then the
// lock is on something nobody else will find.
bool still_there(int descriptor, const std::string& path) {
  struct stat held {};
  struct stat named {};
  return ::fstat(descriptor, &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
         held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

// Only for people; a failure to write it changes nothing.
void sign(int descriptor) {
  const std::string text = std::to_string(::getpid()) + '\n';
  if (::ftruncate(descriptor, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, text.data(), text.size(), 0);
}

}  // namespace

Result<LockFile> LockFile::take(const std::string& path) {
  for (int i = 0; i < attempts_max; ++i) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (descriptor < 0) return Error{Errc::refused, path + ": " + std::strerror(errno)};
    LockFile lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      return Error{Errc::refused, path + ": the store is in use by " + holder_of(descriptor)};
    }
    if (!still_there(descriptor, path)) continue;
    sign(descriptor);
    return lock;
  }
  return Error{Errc::refused, path + ": somebody keeps replacing this file"};
}

LockFile::LockFile(LockFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

LockFile& LockFile::operator=(LockFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

LockFile::~LockFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace pw
