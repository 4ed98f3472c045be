#include "daemon/web/message.h"

#include <algorithm>

namespace pw {

std::optional<std::string_view> WebRequest::header(std::string_view lower_name) const {
  const auto named = [&](const WebHeader& field) { return field.name == lower_name; };
  const auto it = std::find_if(headers.begin(), headers.end(), named);
  if (it == headers.end()) return std::nullopt;
  const bool decides =
      lower_name == "host" || lower_name == "origin" || lower_name == "authorization";
  if (decides && std::any_of(it + 1, headers.end(), named)) return std::nullopt;
  return it->value;
}

void WebAnswer::set(std::string_view name, std::string_view value) {
  for (WebHeader& field : headers) {
    if (field.name != name || name == "Set-Cookie") continue;
    field.value = value;
    return;
  }
  headers.push_back({std::string(name), std::string(value)});
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

bool takes_gzip(const WebRequest& request) {
  std::string_view rest = request.header("accept-encoding").value_or("");
  while (!rest.empty()) {
    std::string_view coding = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), coding.size() + 1));
    while (coding.starts_with(' ')) coding.remove_prefix(1);
    if (!coding.starts_with("gzip")) continue;
    coding.remove_prefix(4);
    if (coding.empty() || coding.starts_with(' ')) return true;
    const std::size_t quality = coding.find("q=");
    return coding.starts_with(';') && quality != coding.npos &&
           coding.find_first_of("123456789", quality) != coding.npos;
  }
  return false;
}

}  // namespace pw
