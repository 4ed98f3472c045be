// The hashtags, mentions and links that people write into plain text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pw {

// At most this many of each are kept of one post; more say nothing new.
inline constexpr std::size_t marks_max = 200;

// Without '#'. A tag starts after a character that is no word character, has
// letters, digits, marks and connectors of any script, and at least one letter
// (Unicode UAX #31, hashtag identifiers, less its emoji: on most platforms they
// end a tag).
std::vector<std::string> hashtags_in(std::string_view text);

// Without '@'. ASCII letters, digits, '_', '.', '-', and one "@host" after it.
std::vector<std::string> mentions_in(std::string_view text);

// What starts with http:// or https://, less the punctuation that ends it; at most
// 2,048 bytes.
std::vector<std::string> links_in(std::string_view text);

// Appends `item` unless it is there or the list is full.
void add_mark(std::vector<std::string>& marks, std::string item);

}  // namespace pw
