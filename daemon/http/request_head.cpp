#include "daemon/http/request_head.h"

#include <algorithm>
#include <array>

#include "daemon/core/ascii.h"

namespace pw {
namespace {

constexpr std::array<std::string_view, 11> own_headers = {"host",
                                                          "content-length",
                                                          "transfer-encoding",
                                                          "connection",
                                                          "keep-alive",
                                                          "upgrade",
                                                          "te",
                                                          "trailer",
                                                          "expect",
                                                          "proxy-authorization",
                                                          "proxy-connection"};
constexpr std::array<std::string_view, 6> idempotent_methods = {"GET", "HEAD",   "OPTIONS",
                                                                "PUT", "DELETE", "TRACE"};

bool same_name(std::string_view a, std::string_view lower_case) {
  return std::equal(a.begin(), a.end(), lower_case.begin(), lower_case.end(),
                    [](char x, char y) { return lower_ascii(x) == y; });
}

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (lower_ascii(c) >= 'a' && lower_ascii(c) <= 'z') ||
           marks.find(c) != std::string_view::npos;
  });
}

bool is_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

bool has_header(const HttpRequest& request, std::string_view lower_case) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [&](const HttpHeader& header) { return same_name(header.name, lower_case); });
}

void write_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

// A body needs its length; methods that usually have one say so when it is empty.
bool states_length(const HttpRequest& request) {
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

}  // namespace

Result<Done> check_request(const HttpRequest& request) {
  const auto refused = [](std::string why) {
    return Error{Errc::refused, "request refused: " + std::move(why)};
  };
  if (!is_token(request.method) || request.method == "CONNECT") return refused("its method");
  std::size_t bytes = request.url.size();
  for (const HttpHeader& header : request.headers) {
    if (!is_token(header.name)) return refused("a header whose name is no token");
    if (!is_value(header.value)) return refused("a control character in " + header.name);
    const bool is_own = std::any_of(own_headers.begin(), own_headers.end(),
                                    [&](auto name) { return same_name(header.name, name); });
    if (is_own) return refused("it sets " + header.name + " itself");
    bytes += header.name.size() + header.value.size();
  }
  if (bytes > request_head_bytes_max) return refused("its head is longer than 64 KiB");
  return Done{};
}

void write_request(const HttpRequest& request, const Target& target, const RequestStyle& style,
                   std::string& out) {
  out.append(request.method).append(" ");
  if (style.is_absolute) {
    out.append(print_url(target));
  } else {
    out.append(target.path);
  }
  out.append(" HTTP/1.1\r\n");
  write_header(out, "Host", host_header(target));
  if (!style.proxy_authorization.empty()) {
    write_header(out, "Proxy-Authorization", style.proxy_authorization);
  }
  if (!has_header(request, "user-agent")) write_header(out, "User-Agent", style.user_agent);
  if (!has_header(request, "accept")) write_header(out, "Accept", "*/*");
  if (!has_header(request, "accept-encoding")) {
    write_header(out, "Accept-Encoding", "gzip, br, zstd");
  }
  for (const HttpHeader& header : request.headers) write_header(out, header.name, header.value);
  if (states_length(request)) {
    write_header(out, "Content-Length", std::to_string(request.body.size()));
  }
  out.append("\r\n").append(request.body);
}

bool is_idempotent(std::string_view method) {
  return std::find(idempotent_methods.begin(), idempotent_methods.end(), method) !=
         idempotent_methods.end();
}

}  // namespace pw
