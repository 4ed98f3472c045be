#include "rules/condition.h"

namespace pw {

std::optional<cel::Program> compile_condition(std::string_view source, std::string_view file,
                                              int line, int column,
                                              const cel::Environment& environment, Issues& issues) {
  const cel::Place place{.file = std::string(file), .stretches = {{0, {line, column}}}};
  cel::Compiled compiled = cel::compile(source, environment, place, cel::Wanted::condition);
  issues.insert(issues.end(), compiled.issues.begin(), compiled.issues.end());
  return std::move(compiled.program);
}

}  // namespace pw
