// Text inside XML and HTML, as platforms write it.
#pragma once

#include <string>
#include <string_view>

namespace pw {

// '&', '<' and '>' become entities: what element content needs (XML 1.0, 2.4).
std::string escape_text(std::string_view text);
// '"' too: an attribute's value in quotes.
std::string escape_attribute(std::string_view text);
// "<name>text</name>".
std::string element(const std::string& name, std::string_view text);

}  // namespace pw
