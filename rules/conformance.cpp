#include "rules/conformance.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "daemon/core/issue.h"
#include "rules/code_points.h"
#include "rules/conformance_value.h"
#include "rules/format.h"
#include "rules/program.h"

namespace pw {
namespace {

using cel::Kind;
using cel::Type;
using cel::TypeKind;
using cel::Value;
using nlohmann::json;

// The suite tells values apart that the language calls equal: 1 and 1.0.
bool same(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  if (a.is(Kind::real)) return a.real == b.real || (std::isnan(a.real) && std::isnan(b.real));
  if (a.is(Kind::list)) {
    return std::equal(a.list().begin(), a.list().end(), b.list().begin(), b.list().end(), same);
  }
  if (a.is(Kind::map)) {
    if (a.map->size != b.map->size) return false;
    for (std::size_t i = 0; i < a.map->size; ++i) {
      const Value* const other = cel::find(*b.map, a.map->keys[i]);
      if (other == nullptr || !same(a.map->values[i], *other)) return false;
    }
    return true;
  }
  return cel::equal_scalars(a, b);
}

// One case, from its line to the fault that it shows, or nothing.
class Case {
 public:
  explicit Case(const json& line) : line_(line) {}

  std::optional<std::string> fault() {
    if (!line_.is_object() || !line_.contains("expr")) return "not a case";
    if (is_set("disableMacros")) return "not supported: parsing without macros";
    if (auto reason = declare()) return reason;
    const cel::Compiled compiled = cel::compile(text_of(line_, "expr"), environment_);
    if (!compiled.program) {
      if (wants_error()) return std::nullopt;
      return "refused: " + print_issue(compiled.issues.front());
    }
    if (auto reason = type_fault(*compiled.program)) return reason;
    if (is_set("checkOnly")) return std::nullopt;
    cel::Scratch scratch;
    return verdict(compiled.program->evaluate({slots_}, scratch));
  }

 private:
  bool is_set(const char* key) const {
    const json* const flag = member(line_, key);
    return flag != nullptr && flag->is_boolean() && flag->get<bool>();
  }
  bool wants_error() const {
    return line_.contains("evalError") || line_.contains("anyEvalErrors");
  }

  std::optional<std::string> declare() {
    environment_.container = text_of(line_, "container");
    environment_.checked = !is_set("disableCheck");
    if (const json* const declared = member(line_, "typeEnv")) {
      for (const json& variable : *declared) {
        if (member(variable, "function") != nullptr) {
          return "not supported: functions of the host: " + text_of(variable, "name");
        }
        const json* const ident = member(variable, "ident");
        const json* const type = ident == nullptr ? nullptr : member(*ident, "type");
        if (type == nullptr) continue;
        const auto read = values_.read_type(*type);
        if (!read) return read.error().detail;
        add(text_of(variable, "name"), *read);
      }
    }
    const json* const bindings = member(line_, "bindings");
    return bindings == nullptr ? std::nullopt : bind(*bindings);
  }

  std::size_t add(std::string name, const Type* type) {
    environment_.variables.push_back({std::move(name), type});
    slots_.push_back(Value::unbound());
    return slots_.size() - 1;
  }

  std::optional<std::string> bind(const json& bindings) {
    if (!bindings.is_object()) return "bindings are no object";
    for (const auto& [key, binding] : bindings.items()) {
      const std::string& name = key;
      const auto value = bound(binding);
      if (!value) return value.error().detail + " (of " + name + ")";
      const auto& variables = environment_.variables;
      const auto it = std::find_if(variables.begin(), variables.end(),
                                   [&](const cel::Variable& v) { return v.name == name; });
      const std::size_t slot = it == variables.end()
                                   ? add(name, cel::plain_type(TypeKind::dyn))
                                   : static_cast<std::size_t>(it - variables.begin());
      slots_[slot] = *value;
    }
    return std::nullopt;
  }

  Result<Value> bound(const json& binding) {
    if (member(binding, "error") != nullptr) return Value::error("bound to an error");
    if (member(binding, "unknown") != nullptr) return Value::unknown("bound to an unknown");
    const json* const content = member(binding, "value");
    if (content == nullptr) return Error{Errc::malformed, "an unreadable binding"};
    return values_.read(*content);
  }

  std::optional<std::string> type_fault(const cel::Program& program) {
    const json* const typed = member(line_, "typedResult");
    const json* const deduced = typed == nullptr ? nullptr : member(*typed, "deducedType");
    if (deduced == nullptr) return std::nullopt;
    const auto wanted = values_.read_type(*deduced);
    if (!wanted) return wanted.error().detail;
    const std::string type = cel::print_type(*wanted);
    if (type == program.type_name()) return std::nullopt;
    return "wanted type " + type + ", got " + program.type_name();
  }

  // Null: the case says nothing of its result.
  const json* expected() const {
    static const json yes = {{"boolValue", true}};
    const json* const typed = member(line_, "typedResult");
    if (typed != nullptr) return member(*typed, "result");
    const json* const value = member(line_, "value");
    return value == nullptr ? &yes : value;
  }

  std::optional<std::string> verdict(const Value& got) {
    const std::string shown = ", got " + cel::print_value(got, 200);
    if (wants_error()) {
      if (got.is_exceptional()) return std::nullopt;
      return "wanted an error" + shown;
    }
    if (line_.contains("unknown") || line_.contains("anyUnknowns")) {
      if (got.is(Kind::unknown)) return std::nullopt;
      return "wanted an unknown" + shown;
    }
    if (expected() == nullptr) return std::nullopt;
    const auto wanted = values_.read(*expected());
    if (!wanted) return "wanted what is not read (" + wanted.error().detail + ")" + shown;
    if (same(got, *wanted)) return std::nullopt;
    return "wanted " + cel::print_value(*wanted, 200) + shown;
  }

  const json& line_;
  ConformanceValues values_{};
  cel::Environment environment_{};
  std::vector<Value> slots_{};
};

// A case's source on one line.
std::string on_one_line(std::string source) {
  constexpr std::size_t shown_bytes_max = 200;
  source.resize(cel::cut(source, shown_bytes_max).size());
  std::replace_if(
      source.begin(), source.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; },
      ' ');
  return source;
}

ConformanceFile& file_of(ConformanceReport& report, const std::string& name) {
  for (ConformanceFile& file : report.files) {
    if (file.name == name) return file;
  }
  return report.files.emplace_back(ConformanceFile{.name = name});
}

void run_line(ConformanceReport& report, std::string_view text) {
  const json line = json::parse(text, nullptr, /*allow_exceptions=*/false);
  ConformanceFile& file = file_of(report, text_of(line, "file"));
  const auto fault = Case(line).fault();
  ++(fault ? file.failed : file.passed);
  ++(fault ? report.failed : report.passed);
  if (!fault) return;
  report.failures.push_back(text_of(line, "file") + '/' + text_of(line, "section") + '/' +
                            text_of(line, "name") + ": " + on_one_line(text_of(line, "expr")) +
                            ": " + *fault);
}

}  // namespace

ConformanceReport run_conformance(std::string_view jsonl) {
  ConformanceReport report;
  while (!jsonl.empty()) {
    const std::size_t end = std::min(jsonl.find('\n'), jsonl.size());
    const std::string_view line = jsonl.substr(0, end);
    jsonl.remove_prefix(std::min(end + 1, jsonl.size()));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) run_line(report, line);
  }
  return report;
}

std::string print_conformance(const ConformanceReport& report) {
  std::string text;
  for (const ConformanceFile& file : report.files) {
    text += file.name + ": " + std::to_string(file.passed) + " passed, " +
            std::to_string(file.failed) + " failed\n";
  }
  for (const std::string& failure : report.failures) text += "failed: " + failure + '\n';
  return text + std::to_string(report.passed) + " passed, " + std::to_string(report.failed) +
         " failed\n";
}

}  // namespace pw
