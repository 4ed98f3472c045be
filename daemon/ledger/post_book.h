// Posts as the log tells them: which were seen, on what surface, and when they
// can have appeared. A sentence that says "no post" must know of every one that
// was seen and does not count.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/core/hash.h"
#include "daemon/core/surface.h"
#include "daemon/ledger/entry.h"

namespace pw {

class PostBook {
 public:
  void note(const PostEntry& entry);

  // Posts of `account` on `surfaces` that can have appeared, or come back, in `span`.
  std::uint32_t seen(AccountNumber account, Interval span, SurfaceSet surfaces) const;

 private:
  struct Seen {
    Digest name{};
    Surface surface = Surface::post;
    std::vector<Interval> appeared{};  // each coming counts: a restored post comes twice
  };
  std::unordered_map<AccountNumber, std::vector<Seen>> by_account_;
};

}  // namespace pw
