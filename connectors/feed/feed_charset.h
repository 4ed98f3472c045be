// From the bytes of a feed to UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pw {

struct DecodedText {
  std::string text;     // valid UTF-8, without a byte order mark
  std::string charset;  // the one that was used, lower case
  // The bytes were not in the charset that was declared for them, or had to be
  // replaced: the feed is dirty.
  bool damaged = false;
};

// Precedence (RFC 7303): byte order mark, the charset of `content_type`, the XML
// declaration, UTF-8; then a guess by the letters of the language, then
// windows-1252. ISO 8859-1 is read as windows-1252, of which it is the printable
// part, and GB 2312 as GB 18030. RFC 3023's us-ascii for text/xml is ignored.
DecodedText decode_charset(std::string_view bytes, std::string_view content_type);

// "windows-1252" of "text/xml; charset=windows-1252", lower case, or empty.
std::string charset_of(std::string_view content_type);

// Nothing when the charset is unknown or the bytes are not in it. A character that
// the end cut off is left out.
std::optional<std::string> to_utf8(std::string_view bytes, const std::string& charset);

}  // namespace pw
