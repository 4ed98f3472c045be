// One HTML fragment as gumbo's tree, in memory that goes away at once.
#pragma once

#include <gumbo.h>

#include <string_view>

namespace pw {

// The root of the fragment's tree as it would stand in a <div>. `html` is valid
// UTF-8 and outlives the tree; the tree lives until the next call on its thread.
//
// gumbo asks for memory hundreds of times a kilobyte and frees its tree by
// recursion; here it takes from blocks that are kept for the next fragment, up to
// 1 MiB of them, so that depth costs no stack and nothing is freed one by one.
const GumboNode* html_tree(std::string_view html);

}  // namespace pw
