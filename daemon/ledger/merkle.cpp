#include "daemon/ledger/merkle.h"

#include <bit>
#include <cassert>
#include <string>

namespace pw {
namespace {

// The largest power of two below `size`, which is at least 2.
std::uint64_t split_of(std::uint64_t size) { return std::bit_floor(size - 1); }

// MTH of leaves [from, from + size), from complete subtrees. `from` is a multiple
// of every subtree that the range decomposes into.
Result<Digest> range_root(std::uint64_t from, std::uint64_t size, const NodeReader& node) {
  if (std::has_single_bit(size)) {
    const auto level = static_cast<unsigned>(std::countr_zero(size));
    return node(level, from >> level);
  }
  const std::uint64_t left_size = split_of(size);
  const auto left = range_root(from, left_size, node);
  if (!left) return left.error();
  const auto right = range_root(from + left_size, size - left_size, node);
  if (!right) return right.error();
  return hash_node(*left, *right);
}

// A sibling range on the way from the root to what is proved.
struct LeafRange {
  std::uint64_t from;
  std::uint64_t size;
};

// The siblings were found root side first; a proof has the leaf side first.
Result<Proof> roots_of(const std::vector<LeafRange>& siblings, const NodeReader& node) {
  Proof proof;
  for (auto it = siblings.rbegin(); it != siblings.rend(); ++it) {
    const auto root = range_root(it->from, it->size, node);
    if (!root) return root.error();
    proof.push_back(*root);
  }
  return proof;
}

}  // namespace

Digest hash_leaf(std::string_view leaf) {
  thread_local Sha256 hasher;
  hasher.add(std::string_view("\0", 1));
  hasher.add(leaf);
  return hasher.finish();
}

Digest hash_node(const Digest& left, const Digest& right) {
  char bytes[1 + 2 * 32];
  bytes[0] = 1;
  bytes_of(left).copy(bytes + 1, 32);
  bytes_of(right).copy(bytes + 33, 32);
  return sha256({bytes, sizeof bytes});
}

Digest empty_root() { return sha256({}); }

void Frontier::append_subtree(unsigned level, Digest root) {
  const std::uint64_t leaves = std::uint64_t{1} << level;
  assert(size_ % leaves == 0 && "a subtree out of place");
  // Every subtree of the same size to the left becomes half of a larger one.
  for (std::uint64_t size = leaves; (size_ & size) != 0; size <<= 1) {
    root = hash_node(subtrees_.back(), root);
    subtrees_.pop_back();
  }
  subtrees_.push_back(root);
  size_ += leaves;
}

Digest Frontier::root() const {
  if (subtrees_.empty()) return empty_root();
  Digest root = subtrees_.back();
  for (std::size_t i = subtrees_.size() - 1; i-- > 0;) root = hash_node(subtrees_[i], root);
  return root;
}

Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, const NodeReader& node) {
  if (index >= size) return Error{Errc::gone, "the log has no such leaf"};
  std::vector<LeafRange> siblings;
  std::uint64_t from = 0;
  while (size > 1) {
    const std::uint64_t left = split_of(size);
    if (index - from < left) {
      siblings.push_back({from + left, size - left});
      size = left;
    } else {
      siblings.push_back({from, left});
      from += left;
      size -= left;
    }
  }
  return roots_of(siblings, node);
}

Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t new_size,
                                const NodeReader& node) {
  if (old_size == 0 || old_size > new_size) {
    return Error{Errc::gone, "no tree of that size to be consistent with"};
  }
  std::vector<LeafRange> siblings;
  std::uint64_t from = 0;
  std::uint64_t size = new_size;
  std::uint64_t old = old_size;   // of the old tree, what lies in [from, from + size)
  bool is_whole_old_tree = true;  // then its root is known and not part of the proof
  while (old != size) {
    const std::uint64_t left = split_of(size);
    if (old <= left) {
      siblings.push_back({from + left, size - left});
      size = left;
    } else {
      siblings.push_back({from, left});
      from += left;
      size -= left;
      old -= left;
      is_whole_old_tree = false;
    }
  }
  if (!is_whole_old_tree) siblings.push_back({from, size});
  return roots_of(siblings, node);
}

bool check_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf_hash,
                     std::span<const Digest> proof, const Digest& root) {
  if (index >= size) return false;
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Digest r = leaf_hash;
  for (const Digest& p : proof) {
    if (sn == 0) return false;
    if ((fn & 1) == 1 || fn == sn) {
      r = hash_node(p, r);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      r = hash_node(r, p);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && r == root;
}

bool check_consistency(std::uint64_t old_size, std::uint64_t new_size, const Digest& old_root,
                       const Digest& new_root, std::span<const Digest> proof) {
  if (old_size == 0 || old_size > new_size) return false;
  if (old_size == new_size) return proof.empty() && old_root == new_root;
  const bool starts_at_old_root = std::has_single_bit(old_size);
  if (!starts_at_old_root && proof.empty()) return false;
  std::uint64_t fn = old_size - 1;
  std::uint64_t sn = new_size - 1;
  while ((fn & 1) == 1) {
    fn >>= 1;
    sn >>= 1;
  }
  Digest fr = starts_at_old_root ? old_root : proof.front();
  Digest sr = fr;
  for (const Digest& c : proof.subspan(starts_at_old_root ? 0 : 1)) {
    if (sn == 0) return false;
    if ((fn & 1) == 1 || fn == sn) {
      fr = hash_node(c, fr);
      sr = hash_node(c, sr);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      sr = hash_node(sr, c);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && fr == old_root && sr == new_root;
}

}  // namespace pw
