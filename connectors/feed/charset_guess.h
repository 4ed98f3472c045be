// Which charset undeclared bytes are in, told by the letters that the languages
// written in it use most.
#pragma once

#include <string>
#include <string_view>

namespace pw {

// "euc-jp", "windows-1251", ...; empty when nothing fits. For bytes that are no
// UTF-8; looks at the first 64 KiB.
std::string guess_charset(std::string_view bytes);

}  // namespace pw
