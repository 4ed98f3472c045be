// What was asked and what came back, in the archives' own format (WARC 1.1, ISO
// 28500:2017, text of the IIPC), one gzip member a record, so that any web archive
// tool reads it. The answer's body is kept as it was decoded, without transfer and
// content codings and with credentials redacted: the warcinfo record says so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/http.h"
#include "daemon/core/redact.h"
#include "daemon/core/time.h"

namespace pw {

// One exchange; `fields` become a metadata record beside it ("name: value").
struct Capture {
  Instant at{};
  std::string request;   // as print_request gave it
  std::string response;  // as print_response gave it
  std::string uri;       // redacted
  std::string ip;        // numeric, or empty
  std::vector<std::pair<std::string, std::string>> fields{};
};

// HTTP/1.1 in shape, credentials redacted, secret headers left out.
std::string print_request(const HttpRequest& request, const Redactor& redactor);
std::string print_response(const HttpResponse& response, const Redactor& redactor);

// The whole file. Record ids are made from the bytes, so that equal captures give
// equal files.
std::string print_warc(std::string_view software, const std::vector<Capture>& captures);

// zlib's gzip container without a time; and back, at most `bytes_max`, empty when damaged.
std::string pack_gzip(std::string_view bytes);
std::string unpack_gzip(std::string_view bytes, std::size_t bytes_max);

}  // namespace pw
