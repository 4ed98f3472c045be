#include "daemon/ledger/slot_file.h"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

namespace pw {
namespace {

off_t place_of(std::size_t slot) { return static_cast<off_t>(slot * slot_bytes_max); }

// Some file systems make no file without a name; then one that loses it at once.
int open_nameless(const std::string& path) {
  const int fd = ::open(path.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  std::string name = path + "/.slots-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

// `step` moves so many bytes from an offset, or fails; true when all were moved.
template <class Step>
bool move_all(std::size_t size, Step&& step) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t count = step(done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

SlotFile::SlotFile(const std::string& path) : fd_(open_nameless(path)) {}

SlotFile::~SlotFile() {
  if (fd_ >= 0) ::close(fd_);
}

bool SlotFile::put(std::size_t slot, std::string_view bytes) {
  if (bytes.size() > slot_bytes_max) return false;
  return move_all(bytes.size(), [&](std::size_t done) {
    return ::pwrite(fd_, bytes.data() + done, bytes.size() - done,
                    place_of(slot) + static_cast<off_t>(done));
  });
}

std::string SlotFile::get(std::size_t slot, std::size_t size) const {
  std::string bytes(size, '\0');
  const bool whole = move_all(size, [&](std::size_t done) {
    return ::pread(fd_, bytes.data() + done, size - done,
                   place_of(slot) + static_cast<off_t>(done));
  });
  return whole ? bytes : std::string();
}

void SlotFile::clear(std::size_t slot) {
  ::fallocate(fd_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, place_of(slot), slot_bytes_max);
}

}  // namespace pw
