#include "daemon/runtime/log.h"

#include <cstdlib>
#include <utility>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace pw {
namespace {

constexpr std::size_t field_bytes_max = 400;  // a longer value is cut, visibly

void append_escaped(std::string& line, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  for (const char c : text.substr(0, field_bytes_max)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      line += "\\x";
      line += digits[byte >> 4];
      line += digits[byte & 15];
    } else {
      line += c;
    }
  }
  if (text.size() > field_bytes_max) line += "...";
}

void append_value(std::string& line, std::string_view value) {
  const bool plain = !value.empty() && value.find_first_of(" \"=") == std::string_view::npos;
  if (!plain) line += '"';
  append_escaped(line, value);
  if (!plain) line += '"';
}

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// sd-daemon(3): a priority in angle brackets before the line.
std::string_view journal_priority(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "<7>";
    case LogLevel::info:
      return "<6>";
    case LogLevel::warning:
      return "<4>";
    case LogLevel::error:
      return "<3>";
  }
  return "<3>";
}

}  // namespace

Log Log::to_stderr(LogLevel least) {
  if (std::getenv("JOURNAL_STREAM") != nullptr) {
    auto logger = std::make_shared<spdlog::logger>(
        "journal", std::make_shared<spdlog::sinks::stderr_sink_st>());
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::debug);
    logger->flush_on(spdlog::level::debug);
    return Log(
        [logger](LogLevel level, const std::string& line) {
          logger->info("{}{}", journal_priority(level), line);
        },
        least);
  }
  auto logger = std::make_shared<spdlog::logger>(
      "stderr", std::make_shared<spdlog::sinks::stderr_color_sink_st>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
  logger->set_level(spdlog::level::debug);
  logger->flush_on(spdlog::level::debug);
  return Log([logger](LogLevel level,
                      const std::string& line) { logger->log(level_of(level), "{}", line); },
             least);
}

Log::Log(Sink sink, LogLevel least) : sink_(std::move(sink)), least_(least) {}

void Log::write(LogLevel level, std::string_view event, std::string_view message,
                std::initializer_list<LogField> fields) const {
  if (level < least_) return;
  std::string line(event);
  if (!message.empty()) {
    line += ": ";
    append_escaped(line, message);
  }
  for (const LogField& field : fields) {
    line += ' ';
    line += field.name;
    line += '=';
    append_value(line, field.value);
  }
  sink_(level, redactor_.redact(line));
}

}  // namespace pw
