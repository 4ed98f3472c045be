#include "daemon/app/tell.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <string_view>

#include "daemon/app/commands.h"
#include "rules/program.h"

namespace pw {
namespace {

// The first line of `text`, which is then what follows it.
std::string_view take_line(std::string_view& text) {
  const std::size_t newline = text.find('\n');
  const std::string_view line = text.substr(0, newline);
  text.remove_prefix(newline == text.npos ? text.size() : newline + 1);
  return line;
}

std::string_view line_of(std::string_view text, int line) {
  for (int at = 1; at < line; ++at) take_line(text);
  return take_line(text);
}

bool starts_with_any(std::string_view text, std::span<const std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(),
                     [&](std::string_view start) { return text.starts_with(start); });
}

// Nothing but rules, so that a campaign file is none however its keys are spelt.
bool is_pack(std::string_view text) {
  constexpr std::array<std::string_view, 5> rows = {"rules:", "- ", "#", "---", " "};
  bool has_rules = false;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (!line.empty() && line != "\r" && !starts_with_any(line, rows)) return false;
    has_rules = has_rules || line.starts_with("rules:");
  }
  return has_rules;
}

bool is_condition(std::string_view line) {
  constexpr std::array<std::string_view, 4> keys = {"when:", "unless:", "matches:", "quota:"};
  line.remove_prefix(std::min(line.find_first_not_of(" -"), line.size()));
  return starts_with_any(line, keys);
}

// To find a line takes a walk through the file, for each of up to a thousand mistakes.
constexpr std::size_t shown_file_bytes_max = 1024 * 1024;

bool may_be_shown(const Issue& issue, std::string_view text) {
  if (text.empty() || text.size() > shown_file_bytes_max) return false;
  if (issue.file.ends_with(".csv")) return true;
  const std::string_view line = line_of(text, issue.line);
  constexpr std::array<std::string_view, 3> secrets = {"token", "secret", "password"};
  const bool may_hold_one = std::any_of(secrets.begin(), secrets.end(), [&](std::string_view word) {
    return line.find(word) != line.npos;
  });
  return !may_hold_one && (is_condition(line) || is_pack(text));
}

}  // namespace

int fail(int code, const std::string& why) {
  std::fprintf(stderr, "pledgewatch: %s\n", why.c_str());
  return code;
}

std::string print_shown(const Issue& issue, std::string_view file_text) {
  return may_be_shown(issue, file_text) ? cel::print_with_caret(issue, file_text)
                                        : print_issue(issue);
}

void print_issues(const Issues& issues) {
  std::string file;
  std::string text;
  for (const Issue& issue : issues) {
    if (issue.line > 0 && issue.file != file) {
      file = issue.file;
      if (!read_file(file, text)) text.clear();
    }
    const std::string said = issue.line > 0 ? print_shown(issue, text) : print_issue(issue);
    std::fprintf(stderr, "%s\n", said.c_str());
  }
}

void draw_progress(std::string_view doing, double done) {
  constexpr int width = 40;
  const int full = static_cast<int>(done * width);
  std::string bar(static_cast<std::size_t>(full), '#');
  bar.resize(width, '.');
  std::fprintf(stderr, "\r%.*s [%s] %3d %%", static_cast<int>(doing.size()), doing.data(),
               bar.c_str(), static_cast<int>(done * 100));
  if (done >= 1) std::fputs("\r\x1b[K", stderr);
}

}  // namespace pw
