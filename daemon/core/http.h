// An HTTP exchange as plain values, so that connectors and sinks can describe
// requests and read answers without knowing a network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/time.h"

namespace pw {

struct HttpHeader {
  std::string name;
  std::string value;
};

// Which non-public targets one connector or sink may reach. An allowance never
// follows a redirect, a paging link or a name found in an answer.
struct Allowance {
  std::vector<std::string> hosts{};    // exact host names or numeric addresses
  std::vector<std::uint16_t> ports{};  // beside 80 and 443
};

enum class Redirects { follow, refuse };

// Whoever asks, proven by a signature over the request (HTTP Signatures, draft
// cavage-12, rsa-sha256), as some ActivityPub servers demand of readers.
struct RequestKey {
  std::string id;   // the address at which the public key can be read
  std::string pem;  // the private key; a secret
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<HttpHeader> headers{};
  std::string body{};
  Redirects redirects = Redirects::follow;
  // Not owned; outlives the request. Null: public addresses on 80 and 443 only.
  const Allowance* allowance = nullptr;
  std::optional<RequestKey> key{};  // signs every hop that is asked of the same origin
};

// The answer's header fields, in order, in one buffer, so that reading an
// answer into the same object again allocates nothing.
class HttpHeaders {
 public:
  void clear();
  void add(std::string_view name, std::string_view value);
  // The first field of that name, compared without case.
  std::optional<std::string_view> find(std::string_view name) const;
  std::size_t size() const { return fields_.size(); }
  std::string_view name(std::size_t i) const;
  std::string_view value(std::size_t i) const;

 private:
  struct Field {
    std::uint32_t name_at, name_size, value_size;
  };
  std::string bytes_;
  std::vector<Field> fields_;
};

// Filled by a Fetcher; reusable. `body` is decoded (gzip, br, zstd) text.
struct HttpResponse {
  int status = 0;
  HttpHeaders headers;
  std::string body;
  Instant received{};       // our clock, when the last byte came
  std::string final_url{};  // after redirects; secrets are still in it: redact before logging
  std::string peer{};       // numeric address that answered
};

}  // namespace pw
