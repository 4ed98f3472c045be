// Values as literals, for the printer, explanations and messages.
#include <array>
#include <cmath>
#include <cstdio>

#include "rules/code_points.h"
#include "rules/format.h"
#include "rules/object.h"
#include "rules/real_text.h"
#include "rules/time_text.h"

namespace pw::cel {
namespace {

std::string bytes_literal(std::string_view bytes) {
  std::string out = "b\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\') {
      out += c;
      continue;
    }
    std::array<char, 8> escape{};
    std::snprintf(escape.data(), escape.size(), "\\x%02x", static_cast<unsigned>(byte));
    out += escape.data();
  }
  return out + '"';
}

// Reads back as a double, so it has a point or an exponent.
std::string real_literal(double value) {
  if (!std::isfinite(value)) return "double(\"" + print_real(value) + "\")";
  std::string text = print_real(value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

class Writer {
 public:
  explicit Writer(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  void write(const Value& value) {
    if (out_.size() > bytes_max_) return;
    switch (value.kind) {
      case Kind::null:
        out_ += "null";
        break;
      case Kind::boolean:
        out_ += value.boolean ? "true" : "false";
        break;
      case Kind::integer:
        out_ += std::to_string(value.integer);
        break;
      case Kind::natural:
        out_ += std::to_string(value.natural) + "u";
        break;
      case Kind::real:
        out_ += real_literal(value.real);
        break;
      // Twice the limit, so that a cut text is seen to be cut.
      case Kind::string:
        out_ += quoted(cut(value.view(), cut_at()));
        break;
      case Kind::bytes:
        out_ += bytes_literal(value.view().substr(0, cut_at()));
        break;
      case Kind::list:
        list(value);
        break;
      case Kind::map:
        map(value);
        break;
      case Kind::type:
        out_ += value.view();
        break;
      case Kind::timestamp:
        out_ += "timestamp(\"" + print_time(value.time) + "\")";
        break;
      case Kind::duration:
        out_ += "duration(\"" + print_span(value.nanos) + "\")";
        break;
      case Kind::optional:
        optional(value);
        break;
      case Kind::object:
        out_ += value.object.type->name;
        break;
      case Kind::error:
        out_ += "error: " + std::string(value.view());
        break;
      case Kind::unknown:
        out_ += "unknown: " + std::string(value.view());
        break;
    }
  }

  std::string finish() {
    if (out_.size() <= bytes_max_) return std::move(out_);
    return std::string(cut(out_, bytes_max_)) + "…";
  }

 private:
  std::size_t cut_at() const { return bytes_max_ > string_max ? bytes_max_ : bytes_max_ * 2; }

  void list(const Value& value) {
    out_ += '[';
    for (std::size_t i = 0; i < value.items.size && out_.size() <= bytes_max_; ++i) {
      if (i > 0) out_ += ", ";
      write(value.items.data[i]);
    }
    out_ += ']';
  }

  void map(const Value& value) {
    out_ += '{';
    for (std::size_t i = 0; i < value.map->size && out_.size() <= bytes_max_; ++i) {
      if (i > 0) out_ += ", ";
      write(value.map->keys[i]);
      out_ += ": ";
      write(value.map->values[i]);
    }
    out_ += '}';
  }

  void optional(const Value& value) {
    if (value.inner == nullptr) {
      out_ += "optional.none()";
      return;
    }
    out_ += "optional.of(";
    write(*value.inner);
    out_ += ')';
  }

  static constexpr std::size_t string_max = string_bytes_max;
  std::size_t bytes_max_;
  std::string out_{};
};

}  // namespace

std::string print_value(const Value& value, std::size_t bytes_max) {
  Writer writer(bytes_max);
  writer.write(value);
  return writer.finish();
}

}  // namespace pw::cel
