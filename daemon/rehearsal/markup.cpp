#include "daemon/rehearsal/markup.h"

namespace pw {
namespace {

std::string escape(std::string_view text, bool quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"' && quotes)
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string escape_text(std::string_view text) { return escape(text, /*quotes=*/false); }
std::string escape_attribute(std::string_view text) { return escape(text, /*quotes=*/true); }

std::string element(const std::string& name, std::string_view text) {
  return '<' + name + '>' + escape_text(text) + "</" + name + '>';
}

}  // namespace pw
