// Posts as the log tells them: which were seen, on what surface, and when they
// can have appeared. A sentence that says "no post" must know of every one that
// was seen and does not count.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/core/hash.h"
#include "daemon/core/surface.h"
#include "daemon/ledger/entry.h"

namespace pw {

// A post as the book knows it, from its name in the log.
Digest post_name(const std::string& name);

class PostBook {
 public:
  void note(const PostEntry& entry);

  // Posts of `account` on `surfaces` that can have appeared, or come back, in `span`.
  std::uint32_t seen(AccountNumber account, Interval span, SurfaceSet surfaces) const;
  // Nothing: no such post was seen.
  std::optional<Surface> surface(AccountNumber account, const Digest& name) const;

 private:
  // Each coming counts: a restored post comes twice. Most come once, and the board
  // holds all that were seen.
  struct Seen {
    Digest name{};
    Interval first{};
    std::unique_ptr<std::vector<Interval>> again{};
    Surface surface = Surface::post;

    bool came(Interval appeared) const;
    void come(Interval appeared);
    bool can_have_come_in(Interval span) const;
  };
  std::unordered_map<AccountNumber, std::vector<Seen>> by_account_;
};

}  // namespace pw
