// Text with expressions: "${actor.name} posted a ${post.surface}". `$${` is a
// plain `${`. Checked when loaded; the only way of text with expressions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/program.h"

namespace pw {

class Template {
 public:
  // Expressions may be of any type that has a text form: strings, numbers,
  // bools, timestamps, durations, types, and lists and maps of them. Absent
  // data and errors read "(unknown)". At most `bytes_max` bytes, cut at a code
  // point.
  std::string render(const cel::Activation& activation, std::size_t bytes_max) const;
  std::string_view source() const { return source_; }

 private:
  friend struct TemplateReader;
  struct Part {
    std::string text;                        // printed first
    std::optional<cel::Program> expression;  // then this
  };
  std::string source_;
  std::vector<Part> parts_;
};

// Appends every mistake to `issues`; nothing when one is an error. At most
// template_bytes_max bytes and template_parts_max expressions.
std::optional<Template> compile_template(std::string_view source,
                                         const cel::Environment& environment,
                                         const cel::Place& place, Issues& issues);
inline constexpr std::size_t template_bytes_max = 10'000;
inline constexpr std::size_t template_parts_max = 100;

}  // namespace pw
