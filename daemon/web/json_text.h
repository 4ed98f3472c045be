// The API's words for common things; internal, since it shows the JSON library.
#pragma once

#include <nlohmann/json.hpp>

#include "daemon/core/time.h"
#include "daemon/ledger/utf8.h"

namespace pw {

using Json = nlohmann::ordered_json;

inline constexpr std::size_t json_name_bytes_max = 1000;
inline constexpr std::size_t json_text_bytes_max = 20'000;

inline std::string json_name(std::string_view text) {
  return clean_text(text, json_name_bytes_max);
}
inline std::string json_text(std::string_view text) {
  return clean_text(text, json_text_bytes_max);
}

inline Json json_span(Interval span) {
  return {{"start", print_rfc3339(span.start)}, {"end", print_rfc3339(span.end)}};
}

// Dumps of clean texts cannot fail; what is not clean is replaced.
inline std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace pw
