#include "rules/scratch.h"

#include <algorithm>

namespace pw::cel {
namespace {

constexpr std::size_t block_bytes = 64u << 10;
constexpr std::size_t alignment = alignof(std::max_align_t);

}  // namespace

void* Arena::take(std::size_t bytes) {
  if (bytes > scratch_bytes_max) return nullptr;
  const std::size_t size = (bytes + alignment - 1) / alignment * alignment;
  if (size > left_) return take_block(size);
  std::byte* const start = next_;
  next_ += size;
  left_ -= size;
  return start;
}

void* Arena::take_block(std::size_t bytes) {
  const std::size_t size = std::max(block_bytes, bytes);
  if (total_ + size > scratch_bytes_max) return nullptr;
  total_ += size;
  Block& block = blocks_.emplace_back();
  block.bytes = std::make_unique<std::byte[]>(size);
  block.size = size;
  next_ = block.bytes.get() + bytes;
  left_ = size - bytes;
  return block.bytes.get();
}

void Arena::reset() {
  if (!blocks_.empty()) {
    // The first block stays for the next evaluation, unless it is a giant.
    const bool usual = blocks_.front().size == block_bytes;
    blocks_.erase(blocks_.begin() + (usual ? 1 : 0), blocks_.end());
  }
  total_ = 0;
  next_ = inline_;
  left_ = sizeof inline_;
  if (blocks_.empty()) return;
  total_ = blocks_.front().size;
  next_ = blocks_.front().bytes.get();
  left_ = blocks_.front().size;
}

}  // namespace pw::cel
