// One question to the database, its parameters bound and its rows read in turn.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "daemon/core/hash.h"
#include "daemon/core/result.h"
#include "daemon/core/time.h"
#include "daemon/store/database.h"

namespace pw {

// Bytes that are no text.
struct Blob {
  std::string_view bytes;
};

// Whose the parameters' bytes are, once they are bound.
enum class Parameters { copied, borrowed };

class Statement {
 public:
  // Parameters are copied. Texts may hold any bytes, NUL included.
  template <class... Values>
  Statement(Database& database, Sql sql, const Values&... values)
      : Statement(Parameters::copied, database, sql, values...) {}
  // Borrowed ones have to outlive the statement.
  template <class... Values>
  Statement(Parameters parameters, Database& database, Sql sql, const Values&... values)
      : database_(database), sql_(sql), statement_(compile()), parameters_(parameters) {
    [[maybe_unused]] int index = 0;
    (bind(++index, values), ...);
  }
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // The next row; false at the end and after a failure.
  bool next();
  // To the end, for statements without rows.
  Result<Done> run();
  // Once next() said false: whether that was the end.
  Result<Done> end(std::string_view doing) const;

  // Of the current row. A value that the store cannot have written makes the
  // statement fail: the file was changed by somebody else, or is damaged.
  std::int64_t integer(int column);
  int small(int column);
  bool flag(int column);
  bool null(int column);
  std::string text(int column);
  std::string_view view(int column);  // until the next row
  Instant instant(int column);
  Interval interval(int column);  // two columns
  Digest digest(int column);
  std::optional<Instant> maybe_instant(int column);
  std::optional<Interval> maybe_interval(int column);
  std::optional<Digest> maybe_digest(int column);
  std::vector<std::string> texts(int column);
  // A name of a closed set, through its parse function.
  template <class Parse>
  auto named(int column, Parse parse) ->
      typename std::invoke_result_t<Parse, std::string_view>::value_type {
    const auto value = parse(text(column));
    if (!value) damaged();
    return value.value_or(typename std::invoke_result_t<Parse, std::string_view>::value_type{});
  }

 private:
  sqlite3_stmt* compile();

  template <class Integer>
  requires std::is_integral_v<Integer>
  void bind(int index, Integer value) { bind_integer(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::string_view text);
  void bind(int index, const std::string& text) { bind(index, std::string_view(text)); }
  void bind(int index, Blob blob) { bind_blob(index, blob.bytes, parameters_); }
  void bind(int index, Instant t) { bind_integer(index, ms_of(t)); }
  void bind(int index, Millis span) { bind_integer(index, span.count()); }
  void bind(int index, const Digest& digest) { bind(index, Blob{bytes_of(digest)}); }
  void bind(int index, const std::vector<std::string>& texts);
  template <class Value>
  void bind(int index, const std::optional<Value>& value) {
    if (value) return bind(index, *value);
    bind_null(index);
  }
  void bind_blob(int index, std::string_view bytes, Parameters parameters);
  void bind_integer(int index, std::int64_t value);
  void bind_null(int index);
  void check(int code);
  void damaged();

  Database& database_;
  Sql sql_;
  std::optional<Error> error_;
  sqlite3_stmt* statement_;  // after error_: compiling may set it
  Parameters parameters_;
};

}  // namespace pw
