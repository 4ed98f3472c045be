// What the posts that a look has read say against the posts known: which are new, changed
// or back, and between which looks each appeared. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/poll/observe.h"

namespace pw {

using KnownById = std::unordered_map<std::string_view, const KnownPost*>;
KnownById known_by_id(const std::vector<KnownPost>& known);

// Whether a list showed it that was read as far as it had to be.
bool is_on_a_list(const KnownPost& post);

// The last look that would have shown a post which stood on the list. Fewer items than
// then are unreadable now: it may be one of those.
Instant last_without_any(const Before& before, const Reach& reach);

// Holds on to what it is made of.
class Comparison {
 public:
  Comparison(const Before& before, const Reach& reach, const Sight& sight);

  LookCommit commit;
  std::vector<Digest> digests;      // of the posts read, in their order
  std::vector<std::size_t> depths;  // which of them each of commit.posts is, by its id alone
  std::vector<std::string> edited_ids;
  std::vector<std::string> restored_ids;
  int added = 0;

 private:
  void compare(const Post& post, std::size_t depth);
  void add(const Post& post, std::size_t depth);
  bool older_than_baseline(std::size_t depth) const;
  bool below_all_known(std::size_t depth) const;
  Instant last_without(std::size_t depth) const;
  void store(std::size_t depth, std::string salt, Interval appeared, bool baseline);

  const Before& before_;
  const Reach& reach_;
  const Sight& sight_;
  const ListKind order_;
  KnownById known_;
  std::optional<std::size_t> deepest_known_;
};

}  // namespace pw
