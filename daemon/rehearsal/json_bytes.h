// JSON as bytes. Included by rehearsal sources only, since it shows the library.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace pw {

// A request may have put ill-formed UTF-8 into an answer: it is replaced.
inline std::string json_bytes(const nlohmann::ordered_json& json, int indent = -1) {
  return json.dump(indent, ' ', /*ensure_ascii=*/false,
                   nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace pw
