// What the rules make of one stored post. Pure, so that a backtest and an
// explanation judge exactly as the daemon does.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "daemon/screen/grounds.h"
#include "daemon/screen/statements.h"
#include "rules/facts.h"

namespace pw {

// False: of no account that is watched, or it stood before the first look and
// no server's own stamp says when it appeared.
bool is_judged(const Grounds& grounds, const StoredPost& post);

// False: no screening of it, now or after a reload, can come to anything. A list's
// posts of before the watch are mostly that, and a first pass brings little else.
bool needs_screening(const Grounds& grounds, const StoredPost& post);

// What `rule` sees of the post: in the pledge's window in which its outcome is
// the strongest. The grounds and the post must outlive the facts.
Facts facts_of(const Grounds& grounds, const StoredPost& post, const Rule& rule,
               int statements_used, Instant now);

// Nothing: no match, an exemption, or a pledge that is not watched.
std::optional<Finding> finding_of(const Grounds& grounds, const StoredPost& post, const Rule& rule,
                                  int statements_used, Instant now);

using PostOrStatement = std::pair<const StoredPost*, bool>;  // with whether it is a statement

// The posts of each pledge, by its index in the roster.
std::map<std::uint32_t, std::vector<PostOrStatement>> statements_by_pledge(
    const Grounds& grounds, std::span<const StoredPost> posts);

}  // namespace pw
