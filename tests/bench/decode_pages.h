// The saved and made answers that `bench decode` reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pw::bench {

struct DecodePage {
  std::string name;  // what it is, for people
  std::string body;
};

// The largest capture of the connector that decodes to posts, or nothing where
// there is none; run from the source root.
std::vector<DecodePage> captured_pages(std::string_view connector);

// Ten media as Business Discovery lists them (platforms-meta 2.9), about 9 KB:
// captions of several languages with tags, mentions and emoji.
DecodePage instagram_page();

// So many items as a WordPress site lists them: title, link, guid, author, date,
// category, and a description in HTML. `number` makes documents differ.
std::string rss_document(int number, int items);

}  // namespace pw::bench
