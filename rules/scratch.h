// The memory of one evaluation, reused by the next. The first few kilobytes
// lie in the object itself, so that usual rules never touch the heap. About
// 6 KB: fine on a stack.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "rules/limits.h"

namespace pw::cel {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Null when scratch_bytes_max would be exceeded. Aligned for anything.
  void* take(std::size_t bytes);
  // Everything taken is gone; at most one heap block is kept.
  void reset();

 private:
  void* take_block(std::size_t bytes);

  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };
  std::byte* next_ = inline_;
  std::size_t left_ = sizeof inline_;
  std::size_t total_ = 0;
  std::vector<Block> blocks_{};
  alignas(std::max_align_t) std::byte inline_[4096];
};

class Scratch {
 public:
  Arena& arena() { return arena_; }

 private:
  Arena arena_;
};

}  // namespace pw::cel
