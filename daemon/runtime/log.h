// The journal: what the daemon tells its operator. One event name per kind of
// event, fields after it, one line each; everything passes the redaction first.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "daemon/core/redact.h"

namespace pw {

enum class LogLevel { debug, info, warning, error };

struct LogField {
  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const char* v) : name(n), value(v) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(v) {}
  template <class Number>
  requires std::is_arithmetic_v<Number> LogField(std::string_view n, Number v)
      : name(n), value(std::to_string(v)) {}

  std::string_view name;
  std::string value;
};

class Log {
 public:
  using Sink = std::function<void(LogLevel, const std::string& line)>;

  // To standard error: with systemd's <N> priorities when it is the journal,
  // with time and colour on a terminal.
  static Log to_stderr(LogLevel least);
  // For tests and the rehearsal.
  explicit Log(Sink sink, LogLevel least = LogLevel::info);

  void set_redactor(Redactor redactor) { redactor_ = std::move(redactor); }

  // "event: message account=instagram:x outcome=fresh"; values with spaces are
  // quoted, control characters escaped, so that hostile text stays one line.
  void write(LogLevel level, std::string_view event, std::string_view message,
             std::initializer_list<LogField> fields = {}) const;

 private:
  Sink sink_;
  LogLevel least_;
  Redactor redactor_;
};

}  // namespace pw
