// Bytes that only this process needs and that are too many for its memory: one
// slot a number, in a file without a name, so that nothing of it outlives the
// process and nobody else opens it. A sparse file: a slot takes the disk's blocks
// of what is in it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace pw {

inline constexpr std::size_t slot_bytes_max = 2 << 20;

class SlotFile {
 public:
  // In the folder at `path`, which must exist. Where none can be made (open(2),
  // O_TMPFILE) every put fails.
  explicit SlotFile(const std::string& path);
  ~SlotFile();
  SlotFile(SlotFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  SlotFile& operator=(SlotFile&&) = delete;

  // False when they are too many or the disk does not take them; then the slot's
  // bytes are undefined.
  bool put(std::size_t slot, std::string_view bytes);
  // The first `size` bytes put there; empty when they cannot be read.
  std::string get(std::size_t slot, std::size_t size) const;
  // What is in it is on the disk no more.
  void clear(std::size_t slot);

 private:
  int fd_;
};

}  // namespace pw
