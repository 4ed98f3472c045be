#include "daemon/store/statement.h"

#include <limits>

#include <sqlite3.h>

#include "daemon/store/text_list.h"

namespace pw {
namespace {

// SQLite reads a null pointer as NULL, even with length zero.
const char* pointer_of(std::string_view bytes) { return bytes.data() ? bytes.data() : ""; }

sqlite3_destructor_type lifetime_of(Parameters parameters) {
  return parameters == Parameters::copied ? SQLITE_TRANSIENT : SQLITE_STATIC;
}

}  // namespace

sqlite3_stmt* Statement::compile() {
  if (const auto& failure = database_.final_failure()) {
    error_ = *failure;
    return nullptr;
  }
  sqlite3_stmt* statement = database_.take(sql_);
  if (statement == nullptr) error_ = database_.failed("compiling a statement");
  return statement;
}

Statement::~Statement() { database_.give_back(sql_, statement_); }

bool Statement::next() {
  if (error_) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) error_ = database_.failed(sql_.text());
  return false;
}

Result<Done> Statement::run() {
  while (next()) {
  }
  return end(sql_.text());
}

Result<Done> Statement::end(std::string_view doing) const {
  if (error_) return Error{error_->code, std::string(doing) + ": " + error_->detail};
  return Done{};
}

void Statement::check(int code) {
  if (code != SQLITE_OK && !error_) error_ = database_.failed("binding a value");
}

void Statement::damaged() {
  if (!error_) error_ = Error{Errc::malformed, "a stored value is not one that was written here"};
}

void Statement::bind(int index, std::string_view text) {
  if (error_) return;
  check(sqlite3_bind_text64(statement_, index, pointer_of(text), text.size(),
                            lifetime_of(parameters_), SQLITE_UTF8));
}

void Statement::bind_blob(int index, std::string_view bytes, Parameters parameters) {
  if (error_) return;
  check(sqlite3_bind_blob64(statement_, index, pointer_of(bytes), bytes.size(),
                            lifetime_of(parameters)));
}

void Statement::bind(int index, const std::vector<std::string>& texts) {
  bind_blob(index, encode_text_list(texts), Parameters::copied);
}

void Statement::bind_integer(int index, std::int64_t value) {
  if (!error_) check(sqlite3_bind_int64(statement_, index, value));
}

void Statement::bind_null(int index) {
  if (!error_) check(sqlite3_bind_null(statement_, index));
}

std::int64_t Statement::integer(int column) { return sqlite3_column_int64(statement_, column); }

int Statement::small(int column) {
  const std::int64_t value = integer(column);
  if (value >= std::numeric_limits<int>::min() && value <= std::numeric_limits<int>::max())
    return static_cast<int>(value);
  damaged();
  return 0;
}

bool Statement::flag(int column) { return integer(column) != 0; }

bool Statement::null(int column) { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::string_view Statement::view(int column) {
  // A blob is read as it is; a text keeps its NULs.
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

std::string Statement::text(int column) { return std::string(view(column)); }

Instant Statement::instant(int column) { return instant_of_ms(integer(column)); }

Interval Statement::interval(int column) { return {instant(column), instant(column + 1)}; }

Digest Statement::digest(int column) {
  const std::string bytes = text(column);
  Digest digest{};
  if (bytes.size() != digest.size()) {
    damaged();
    return digest;
  }
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(bytes[i]);
  return digest;
}

std::optional<Instant> Statement::maybe_instant(int column) {
  if (null(column)) return std::nullopt;
  return instant(column);
}

std::optional<Interval> Statement::maybe_interval(int column) {
  if (null(column)) return std::nullopt;
  return interval(column);
}

std::optional<Digest> Statement::maybe_digest(int column) {
  if (null(column)) return std::nullopt;
  return digest(column);
}

std::vector<std::string> Statement::texts(int column) {
  auto texts = decode_text_list(text(column));
  if (!texts) damaged();
  return texts.value_or(std::vector<std::string>{});
}

}  // namespace pw
