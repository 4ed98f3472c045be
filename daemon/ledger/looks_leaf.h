// Looks as one leaf, compactly: a day of 10,000 accounts is 15 million of them.
// Read and written by hand, since a general JSON tree costs twenty times the time
// for the same bytes. Internal to the ledger; the form is in log_format.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/look.h"
#include "daemon/core/result.h"

namespace pw {

// One leaf, whatever its size. Times outside of years 1 to 9999 and texts beyond
// look_detail_bytes_max are brought into range.
std::string encode_looks_leaf(std::span<const Look> looks);

inline constexpr std::size_t look_detail_bytes_max = 300;

// Whether the leaf claims to hold looks.
bool is_looks_leaf(std::string_view leaf);

// Refuses every byte that encode_looks_leaf would not have printed.
Result<std::vector<Look>> decode_looks_leaf(std::string_view leaf);

}  // namespace pw
