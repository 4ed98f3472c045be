// What the services' files share: their JSON, printed with hostile bytes replaced.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "daemon/outbox/service.h"
#include "daemon/outbox/text_limits.h"

namespace pw {

using Json = nlohmann::ordered_json;

inline std::string print_body(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

inline HttpRequest json_post(const SinkTarget& sink, std::string url, const Json& body) {
  HttpRequest request;
  request.method = "POST";
  request.url = std::move(url);
  request.headers = {{"content-type", "application/json"}};
  request.body = print_body(body);
  request.redirects = Redirects::refuse;
  request.allowance = &sink.allowance;
  return request;
}

// `base` and `path` with one slash between.
inline std::string joined(std::string base, std::string_view path) {
  while (base.ends_with('/')) base.pop_back();
  return base.append(path);
}

// A backslash before what Markdown would read, and "@" cut from what it would ping.
inline std::string markdown_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\*_~`|>#[]()").find(c) != std::string_view::npos) out += '\\';
    out += c;
    if (c == '@') out += "\xE2\x80\x8B";  // a space of no width
  }
  return out;
}

inline std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

}  // namespace pw
