#include "daemon/rehearsal/field_expansion.h"

#include <algorithm>

namespace pw {
namespace {

constexpr int depth_max = 4;
constexpr int fields_max = 200;

bool is_name_part(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool done() const { return at_ == text_.size(); }

  bool read_list(std::vector<GraphField>& fields, int depth) {
    if (depth > depth_max) return false;
    do {
      if (++count_ > fields_max) return false;
      GraphField& field = fields.emplace_back();
      if (!read_field(field, depth)) return false;
    } while (take(','));
    return true;
  }

 private:
  bool take(char c) {
    const bool there = at_ < text_.size() && text_[at_] == c;
    if (there) ++at_;
    return there;
  }

  bool read_name(std::string& name) {
    while (at_ < text_.size() && is_name_part(text_[at_])) name += text_[at_++];
    return !name.empty();
  }

  // Modifiers may stand before and after the braces.
  bool read_field(GraphField& field, int depth) {
    if (!read_name(field.name)) return false;
    for (;;) {
      if (take('.')) {
        if (!read_modifier(field)) return false;
      } else if (!field.expanded && take('{')) {
        field.expanded = true;
        if (!read_list(field.fields, depth + 1) || !take('}')) return false;
      } else {
        return true;
      }
    }
  }

  bool read_modifier(GraphField& field) {
    auto& [name, argument] = field.modifiers.emplace_back();
    if (!read_name(name) || !take('(')) return false;
    const std::size_t end = text_.find(')', at_);
    if (end == std::string_view::npos) return false;
    argument = text_.substr(at_, end - at_);
    at_ = end + 1;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int count_ = 0;
};

}  // namespace

const std::string* GraphField::modifier(std::string_view called) const {
  for (const auto& [key, value] : modifiers) {
    if (key == called) return &value;
  }
  return nullptr;
}

const GraphField* GraphField::field(std::string_view called) const {
  const auto it = std::find_if(fields.begin(), fields.end(),
                               [&](const GraphField& field) { return field.name == called; });
  return it == fields.end() ? nullptr : &*it;
}

std::optional<std::vector<GraphField>> parse_field_expansion(std::string_view text) {
  Reader reader(text);
  std::vector<GraphField> fields;
  if (!reader.read_list(fields, 1) || !reader.done()) return std::nullopt;
  return fields;
}

}  // namespace pw
