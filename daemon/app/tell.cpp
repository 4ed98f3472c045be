#include "daemon/app/tell.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "daemon/app/commands.h"
#include "rules/program.h"

namespace pw {
namespace {

std::string_view line_of(std::string_view text, int line) {
  for (int at = 1; at < line; ++at) {
    const std::size_t newline = text.find('\n');
    if (newline == text.npos) return {};
    text.remove_prefix(newline + 1);
  }
  return text.substr(0, text.find('\n'));
}

bool has_line(std::string_view text, std::string_view start) {
  return text.starts_with(start) || text.find("\n" + std::string(start)) != text.npos;
}

// Rule packs and rosters hold no secret; campaign files and custom connectors may.
bool has_no_secret(const Issue& issue, std::string_view text) {
  const bool is_pack = has_line(text, "rules:") && !has_line(text, "campaign:");
  return is_pack || issue.file.ends_with(".csv");
}

bool may_be_shown(const Issue& issue, std::string_view text) {
  if (has_no_secret(issue, text)) return true;
  constexpr std::array<std::string_view, 4> conditions = {"when:", "unless:", "matches:", "quota:"};
  constexpr std::array<std::string_view, 5> secrets = {"token", "secret", "password", "key", "url"};
  const std::string_view line = line_of(text, issue.line);
  const auto is_in = [&](std::string_view word) { return line.find(word) != line.npos; };
  return std::any_of(conditions.begin(), conditions.end(), is_in) &&
         std::none_of(secrets.begin(), secrets.end(), is_in);
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
  for (const Issue& issue : issues) {
    std::string text;
    const bool is_read = issue.line > 0 && read_file(issue.file, text);
    const std::string said = is_read ? print_shown(issue, text) : print_issue(issue);
    std::fprintf(stderr, "%s\n", said.c_str());
  }
}

}  // namespace pw
