// What encoding and decoding of leaves share: values brought into the range the
// format can say, and fields read strictly. Internal to the ledger.
#pragma once

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "daemon/core/hash.h"
#include "daemon/core/result.h"
#include "daemon/core/surface.h"
#include "daemon/core/time.h"

namespace pw {

// Texts of people and platforms in a leaf; longer ones are cut. Together with
// the numbers of their entry they stay far below leaf_bytes_max.
inline constexpr std::size_t leaf_text_bytes_max = 1000;

// Whole numbers beyond it are not exact in every JSON reader (RFC 7493 2.2).
inline constexpr std::int64_t json_integer_max = 9'007'199'254'740'991;

// RFC 3339 has years of four digits; a time outside becomes the nearest inside.
Instant printable(Instant t);
Interval printable(Interval span);
std::int64_t printable_ms(Millis span);
std::string printable_text(std::string_view text);

nlohmann::json print_interval(Interval span);
nlohmann::json print_surface_list(SurfaceSet surfaces);

// Reads one object's members. The first wrong one is remembered and everything
// after it reads as nothing, so that a reader asks once, at the end. Members are
// counted: finish() refuses an object that has more than were asked for.
class Fields {
 public:
  explicit Fields(const nlohmann::json& object);

  bool has(const char* name) const;
  std::string text(const char* name);
  bool flag(const char* name);
  std::int64_t integer(const char* name, std::int64_t least, std::int64_t most);
  template <class Integer>
  Integer integer(const char* name) {
    constexpr bool wide = sizeof(Integer) > 4;
    return static_cast<Integer>(
        integer(name, wide ? -json_integer_max : std::numeric_limits<Integer>::min(),
                wide ? json_integer_max : std::numeric_limits<Integer>::max()));
  }
  Millis span(const char* name) { return Millis{integer<std::int64_t>(name)}; }
  Instant instant(const char* name);
  Interval interval(const char* name);
  Digest digest(const char* name);
  SurfaceSet surfaces(const char* name);
  // An array, or null when it is none.
  const nlohmann::json* list(const char* name);
  template <class Enum, std::size_t N>
  Enum name(const char* field, const std::array<std::string_view, N>& names) {
    const auto it = std::find(names.begin(), names.end(), text(field));
    if (it == names.end()) fail(field);
    return it == names.end() ? Enum{} : static_cast<Enum>(it - names.begin());
  }

  void fail(const std::string& what);
  // What was wrong, if anything was.
  std::optional<Error> finish();

 private:
  const nlohmann::json* take(const char* name);

  const nlohmann::json& object_;
  std::size_t taken_ = 0;
  std::string wrong_;
};

// Reads the two strings of an interval.
std::optional<Interval> parse_interval(const nlohmann::json& value);

}  // namespace pw
