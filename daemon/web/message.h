// One question to the web server and its answer, as plain values: the server
// fills and sends them, everything between is pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pw {

struct WebHeader {
  std::string name;  // of a question in lower case
  std::string value;
};

// Who stands at the other end of the connection, as the kernel says.
struct Peer {
  bool local_socket = false;  // the unix socket; then `uid` is the peer's
  std::uint32_t uid = 0;
  bool tls = false;
};

struct WebRequest {
  std::string method;
  std::string target;  // as sent
  std::vector<WebHeader> headers{};
  std::string body{};
  Peer peer{};

  // The first of that name; nothing when there is none, or when a field that
  // decides access (host, origin, authorization) stands twice.
  std::optional<std::string_view> header(std::string_view lower_name) const;
};

struct WebAnswer {
  int status = 200;
  std::string type = "text/html; charset=utf-8";
  std::string body{};
  std::vector<WebHeader> headers{};
  // The connection becomes a stream of events instead.
  bool stream = false;

  void set(std::string_view name, std::string_view value);
};

// RFC 9110 12.5.3; "gzip;q=0" is a no.
bool takes_gzip(const WebRequest& request);

// "OK", "Not Found"; for every status that this server gives.
std::string_view reason_of(int status);

}  // namespace pw
