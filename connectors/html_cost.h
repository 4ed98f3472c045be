// What parsing an HTML fragment into a tree can cost, told before it is tried.
#pragma once

#include <string_view>

namespace pw {

// True when the tree could nest deeper than some hundred elements or grow far
// beyond the fragment's own size. gumbo 0.10.1 frees its tree recursively, and
// reopens every formatting element that is still open in each new block (HTML
// standard, 13.2.4.3), so that a few kilobytes can mean millions of nodes.
bool is_costly_html(std::string_view html);

}  // namespace pw
