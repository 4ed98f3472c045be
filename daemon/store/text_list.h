// A list of texts as one value, losslessly: each is printed as its length in
// decimal, a colon and its bytes. `{"ab", ""}` is "2:ab0:". JSON would not keep
// bytes that are not UTF-8, and platforms do send them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pw {

std::string encode_text_list(const std::vector<std::string>& texts);
// Nothing when encode_text_list would not have printed it.
std::optional<std::vector<std::string>> decode_text_list(std::string_view bytes);

}  // namespace pw
