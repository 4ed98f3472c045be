#include "rules/template.h"

#include "rules/code_points.h"
#include "rules/context.h"
#include "rules/format.h"

namespace pw {
namespace {

constexpr std::string_view absent_text = "(unknown)";

// The offset after the string that begins at `at` (a quote), as far as it goes.
std::size_t after_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool raw = at > 0 && (text[at - 1] == 'r' || text[at - 1] == 'R');
  const std::string_view triple = text.substr(at, 3);
  const bool is_triple = triple.size() == 3 && triple[1] == quote && triple[2] == quote;
  const std::string mark(is_triple ? 3 : 1, quote);
  for (at += mark.size(); at < text.size(); ++at) {
    if (text[at] == '\\' && !raw) {
      ++at;
    } else if (text.substr(at).starts_with(mark)) {
      return at + mark.size();
    }
  }
  return text.size();
}

// The offset of the '}' that ends the expression at `at`, or npos. Braces of
// map literals and in strings do not count.
std::size_t end_of_expression(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = after_string(text, at);
      continue;
    }
    if (c == '{') ++depth;
    if (c == '}' && depth-- == 0) return at;
    ++at;
  }
  return std::string_view::npos;
}

}  // namespace

// Reads a template from the left.
struct TemplateReader {
  std::string_view source;
  const cel::Environment& environment;
  const cel::Place& place;
  Issues& issues;
  Template result{};
  std::string text{};
  bool failed = false;

  std::optional<Template> run() {
    result.source_ = source;
    if (source.size() > template_bytes_max)
      return fail(0, "the template is too long (at most 10000 bytes)");
    for (std::size_t at = 0; at < source.size();) {
      const std::string_view rest = source.substr(at);
      if (rest.starts_with("$${")) {
        text += "${";
        at += 3;
      } else if (rest.starts_with("${")) {
        const std::size_t end = end_of_expression(source, at + 2);
        if (end == std::string_view::npos) return fail(at, "'${' without its '}'");
        if (result.parts_.size() == template_parts_max)
          return fail(at, "too many expressions (at most 100)");
        expression(at + 2, end);
        at = end + 1;
      } else {
        text += source[at++];
      }
    }
    if (!text.empty()) result.parts_.push_back({std::move(text), std::nullopt});
    if (failed) return std::nullopt;
    return std::move(result);
  }

 private:
  std::optional<Template> fail(std::size_t at, std::string message) {
    const cel::Spot spot = cel::spot_of(place, source, static_cast<std::uint32_t>(at));
    issues.push_back({place.file, spot.line, spot.column, std::move(message)});
    return std::nullopt;
  }

  void expression(std::size_t begin, std::size_t end) {
    const auto offset = static_cast<std::uint32_t>(begin);
    const auto length = static_cast<std::uint32_t>(end - begin);
    cel::Compiled compiled =
        cel::compile(source.substr(begin, end - begin), environment,
                     cel::part_of(place, source, offset, length), cel::Wanted::text);
    failed = failed || !compiled.program;
    issues.insert(issues.end(), compiled.issues.begin(), compiled.issues.end());
    result.parts_.push_back({std::move(text), std::move(compiled.program)});
    text.clear();
  }
};

std::optional<Template> compile_template(std::string_view source,
                                         const cel::Environment& environment,
                                         const cel::Place& place, Issues& issues) {
  return TemplateReader{source, environment, place, issues}.run();
}

std::string Template::render(const cel::Activation& activation, std::size_t bytes_max) const {
  std::string out;
  cel::Scratch scratch;
  for (const Part& part : parts_) {
    out += part.text;
    if (!part.expression) continue;
    const cel::Value value = part.expression->evaluate(activation, scratch);
    std::string text;
    cel::Context context(scratch.arena());
    const bool shown = !value.is_exceptional() && cel::append_text(text, value, context);
    out += shown ? std::string_view(text) : absent_text;
    if (out.size() > bytes_max) break;
  }
  return std::string(cel::cut(out, bytes_max));
}

}  // namespace pw
