#include "connectors/html_tree.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

namespace pw {
namespace {

constexpr std::size_t block_bytes = 64 * 1024;
constexpr std::size_t kept_blocks_max = 16;

class Arena {
 public:
  void* take(std::size_t bytes) {
    constexpr std::size_t step = alignof(std::max_align_t);
    bytes = (bytes + step - 1) / step * step;
    if (bytes > block_bytes / 2) {
      large_.push_back(std::make_unique<std::byte[]>(bytes));
      return large_.back().get();
    }
    if (used_ + bytes > block_bytes) {
      ++block_;
      used_ = 0;
    }
    // Uninitialised: gumbo writes before it reads.
    if (block_ == blocks_.size()) blocks_.emplace_back(new std::byte[block_bytes]);
    void* const memory = blocks_[block_].get() + used_;
    used_ += bytes;
    return memory;
  }

  void clear() {
    large_.clear();
    blocks_.resize(std::min(blocks_.size(), kept_blocks_max));
    block_ = used_ = 0;
  }

 private:
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::vector<std::unique_ptr<std::byte[]>> large_;
  std::size_t block_ = 0;
  std::size_t used_ = 0;
};

void* take(void* arena, std::size_t bytes) { return static_cast<Arena*>(arena)->take(bytes); }
void keep(void*, void*) {}

}  // namespace

const GumboNode* html_tree(std::string_view html) {
  thread_local Arena arena;
  arena.clear();
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = take;
  options.deallocator = keep;
  options.userdata = &arena;
  options.fragment_context = GUMBO_TAG_DIV;
  options.max_errors = 0;
  return gumbo_parse_with_options(&options, html.data(), html.size())->root;
}

}  // namespace pw
