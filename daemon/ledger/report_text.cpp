#include "daemon/ledger/report_text.h"

#include <algorithm>
#include <array>

#include "daemon/ledger/utf8.h"

namespace pw {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

bool is_web_address(std::string_view url) {
  const auto starts = [&](std::string_view scheme) {
    return url.size() > scheme.size() &&
           std::equal(scheme.begin(), scheme.end(), url.begin(), [](char a, char b) {
             return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
           });
  };
  return starts("https://") || starts("http://");
}

bool starts_formula(std::string_view text) {
  constexpr std::array<std::string_view, 10> starts = {
      "=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
  const std::size_t first = text.find_first_not_of(" \n");
  const std::string_view rest = first == text.npos ? std::string_view{} : text.substr(first);
  return std::any_of(starts.begin(), starts.end(),
                     [rest](std::string_view start) { return rest.starts_with(start); });
}

}  // namespace

std::string html_text(std::string_view text, std::size_t bytes_max) {
  return escaped(shown_text(text, bytes_max));
}

std::string html_name(std::string_view text, std::size_t bytes_max) {
  return "<bdi>" + html_text(text, bytes_max) + "</bdi>";
}

std::string html_lines(std::string_view text) {
  constexpr std::size_t lines_max = 200;
  std::string out;
  for (std::size_t line = 0; line < lines_max && !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    out += html_text(text.substr(0, end), shown_post_bytes_max) + '\n';
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return out;
}

std::string html_link(std::string_view url) {
  constexpr std::size_t bytes_max = 2000;
  if (!is_web_address(url) || url.size() > bytes_max) return html_name(url);
  return "<a rel=\"noreferrer nofollow\" href=\"" + html_text(url, bytes_max) + "\">" +
         html_name(url, 100) + "</a>";
}

std::string csv_cell(std::string_view text) {
  const bool formula = starts_formula(text);
  std::string cell = formula ? "\"'" : "\"";
  for (const char c : shown_text(text, shown_post_bytes_max)) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

}  // namespace pw
