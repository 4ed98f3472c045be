// Posts as the log tells them: which were seen, on what surface, and when they
// can have appeared. A sentence that says "no post" must know of every one that
// was seen and does not count.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/core/hash.h"
#include "daemon/core/surface.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/shelf.h"

namespace pw {

// A post as the book knows it, from its name in the log.
Digest post_name(const std::string& name);

class PostBook {
 public:
  // Not owned.
  explicit PostBook(Shelf& shelf) : shelf_(shelf) {}

  void note(const PostEntry& entry);

  // Posts of `account` on `surfaces` that can have appeared, or come back, in `span`.
  std::uint32_t seen(AccountNumber account, Interval span, SurfaceSet surfaces) const;
  // Nothing: no such post was seen.
  std::optional<Surface> surface(AccountNumber account, const Digest& name) const;

 private:
  // An account is asked about the same few windows again and again, and mostly
  // nothing of it has changed.
  struct Answer {
    Interval span{};
    SurfaceSet surfaces;
    std::uint32_t count = 0;
  };

  Shelf& shelf_;
  mutable std::unordered_map<AccountNumber, std::vector<Answer>> answers_;
};

}  // namespace pw
