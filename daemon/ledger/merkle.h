// The Merkle tree of the compliance log: RFC 6962 section 2.1 (the same as RFC
// 9162 section 2.1 with SHA-256). Roots, proofs and their checks; no I/O.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/core/hash.h"
#include "daemon/core/result.h"

namespace pw {

Digest hash_leaf(std::string_view leaf);
Digest hash_node(const Digest& left, const Digest& right);
Digest empty_root();

// The right edge of a growing tree: the roots of its complete subtrees, largest
// first. Appending is O(1) on average, memory at most 64 digests.
class Frontier {
 public:
  void append(const Digest& leaf_hash) { append_subtree(0, leaf_hash); }
  // A complete subtree of 2^level leaves; the size so far must be a multiple of it.
  void append_subtree(unsigned level, Digest root);
  std::uint64_t size() const { return size_; }
  Digest root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> subtrees_;
};

// A proof's hashes, leaf side first.
using Proof = std::vector<Digest>;

// The hash of the complete subtree over leaves [index * 2^level, (index + 1) * 2^level).
using NodeReader = std::function<Result<Digest>(unsigned level, std::uint64_t index)>;

// That leaf `index` is in the tree of `size`; an error when it cannot be.
Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, const NodeReader& node);
// That the tree of `new_size` extends the one of `old_size`, 0 < old_size <= new_size.
Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t new_size,
                                const NodeReader& node);

// RFC 9162 section 2.1.3.2 and 2.1.4.2. Consistency with the empty tree proves
// nothing and is refused; callers that allow a first checkpoint say so themselves.
bool check_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf_hash,
                     std::span<const Digest> proof, const Digest& root);
bool check_consistency(std::uint64_t old_size, std::uint64_t new_size, const Digest& old_root,
                       const Digest& new_root, std::span<const Digest> proof);

}  // namespace pw
