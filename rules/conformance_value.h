// Values and types as the public CEL suite writes them in JSON: Value of
// cel/expr/value.proto, Type of cel/expr/checked.proto (github.com/google/cel-spec).
// Of messages only those are read that the language knows as its own values.
#pragma once

#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"
#include "rules/context.h"
#include "rules/types.h"

namespace pw {

const nlohmann::json* member(const nlohmann::json& object, const char* key);
std::string text_of(const nlohmann::json& object, const char* key);

// What is read lives as long as its reader. An error says what is not supported,
// or that the form is none of the suite's.
class ConformanceValues {
 public:
  using Read = Result<cel::Value>;
  Read read(const nlohmann::json& value, int depth = 0);
  Result<const cel::Type*> read_type(const nlohmann::json& type, int depth = 0);

 private:
  static Error unreadable();
  Read scalar(const std::string& kind, const std::string& text);
  Read list(const nlohmann::json& content, int depth);
  Read map(const nlohmann::json& content, int depth);
  Read message(const nlohmann::json& content, int depth);
  Read time(const std::string& name, const std::string& text);
  Read plain(const nlohmann::json& value, int depth);
  Result<const cel::Type*> message_type(std::string_view name);
  Result<const cel::Type*> abstract_type(const nlohmann::json& abstract, int depth);

  cel::Arena arena_{};
  cel::Context context_{arena_};
  cel::TypePool pool_{};
  std::deque<std::string> texts_{};
  std::deque<std::vector<cel::Value>> lists_{};
};

}  // namespace pw
