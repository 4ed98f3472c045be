// Bodies in the codings that servers use, made by the libraries' own encoders.
#pragma once

#include <string>
#include <string_view>

namespace pw {

// gzip, x-gzip, deflate (with zlib's frame), br or zstd.
std::string compressed(std::string_view coding, std::string_view text);
std::string raw_deflated(std::string_view text);
// A zstd frame whose header demands a window of 2^log bytes.
std::string zstd_with_window(std::string_view text, int log);

}  // namespace pw
