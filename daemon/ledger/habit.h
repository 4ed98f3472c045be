// How often somebody is silent anyway: without it a day without a post says little.
// Pure.
#pragma once

#include <span>

#include "daemon/core/post.h"
#include "daemon/ledger/entry.h"

namespace pw {

inline constexpr int habit_spans_max = 365;

// From the first list read of an account, received `at`: whole spans of `span` from `at`
// backwards, as long as they do not reach beyond the oldest post on it, by the posts'
// own times. Pinned posts stand out of order and say nothing of how far the list
// reaches. No span at all where it reaches less far, or times are missing.
HabitEntry habit_of(AccountNumber account, std::span<const Post* const> list, SurfaceSet surfaces,
                    Millis span, Instant at);

}  // namespace pw
