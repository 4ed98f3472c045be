// How many statements an actor had made before each of its posts. Pure: a
// function of all known posts of the actor, so that a post that is found late
// counts at its own time and the later ones are judged anew.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/account.h"
#include "daemon/store/store.h"

namespace pw {

using PostKey = std::pair<AccountNumber, std::string>;  // account, post id

// One statement cross-posted to several platforms counts once when its copies
// appeared within this span of the first.
inline constexpr Millis statement_span = std::chrono::hours(1);

// `posts` of one actor with, beside each, whether it is a statement. Ordered by
// (appeared, id): for each post the number of statements before it.
std::map<PostKey, int> statements_before(
    const std::vector<std::pair<const StoredPost*, bool>>& posts);

}  // namespace pw
