#include "daemon/ledger/warc.h"

#include <algorithm>
#include <array>

#include "daemon/core/hash.h"

namespace pw {
namespace {

constexpr std::array<std::string_view, 4> codings = {"content-encoding", "transfer-encoding",
                                                     "content-length", "connection"};

bool same_name(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x) == y;
  });
}

// A field of the decoded answer; of its codings only the length is left.
bool is_kept(std::string_view name) {
  return std::none_of(codings.begin(), codings.end(),
                      [&](std::string_view coding) { return same_name(name, coding); });
}

std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
  return line;
}

std::string field(std::string_view name, std::string_view value) {
  return std::string(name) + ": " + one_line(value) + "\r\n";
}

std::string shown_value(std::string_view name, std::string_view value, const Redactor& redactor) {
  return is_secret_header(name) ? "[redacted]" : redactor.redact(value);
}

// RFC 9562, version 8: 122 bits of a digest of our own choosing.
std::string uuid_of(std::string_view what, std::string_view bytes) {
  Digest digest = sha256(std::string(what) + '\n' + std::string(bytes));
  digest[6] = static_cast<std::uint8_t>(0x80 | (digest[6] & 0x0f));
  digest[8] = static_cast<std::uint8_t>(0x80 | (digest[8] & 0x3f));
  const std::string hex = print_hex({digest.data(), 16});
  return "<urn:uuid:" + hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' +
         hex.substr(16, 4) + '-' + hex.substr(20) + '>';
}

std::string digest_of_block(std::string_view bytes) { return "sha256:" + print_hex(sha256(bytes)); }

struct Record {
  std::string_view type;
  std::string_view content_type;
  Instant at{};
  std::string block;
  std::string headers;  // beyond those that every record has
  std::string id{};
};

std::string print_record(const Record& record) {
  std::string text = "WARC/1.1\r\n" + field("WARC-Type", record.type) +
                     field("WARC-Record-ID", record.id) +
                     field("WARC-Date", print_rfc3339(record.at)) + record.headers +
                     field("Content-Type", record.content_type) +
                     field("WARC-Block-Digest", digest_of_block(record.block)) +
                     field("Content-Length", std::to_string(record.block.size())) + "\r\n";
  return pack_gzip(text + record.block + "\r\n\r\n");
}

Record warcinfo(std::string_view software, Instant at) {
  Record info{"warcinfo", "application/warc-fields", at, {}, {}};
  info.block = field("software", software) + field("format", "WARC File Format 1.1") +
               field("conformsTo",
                     "http://iipc.github.io/warc-specifications/specifications/warc-format/"
                     "warc-1.1/") +
               field("description",
                     "HTTP messages in the form of HTTP/1.1, made from what the client decoded: "
                     "transfer and content codings are removed, credentials are redacted");
  info.id = uuid_of("warcinfo", info.block + print_rfc3339(at));
  return info;
}

std::string print_capture(const Capture& capture, std::string_view info_id) {
  const std::string key = print_rfc3339(capture.at) + capture.uri + capture.response;
  const std::string request_id = uuid_of("request", key);
  const std::string response_id = uuid_of("response", key);
  std::string common = field("WARC-Target-URI", capture.uri) + field("WARC-Warcinfo-ID", info_id);
  if (!capture.ip.empty()) common += field("WARC-IP-Address", capture.ip);
  const std::size_t body = std::min(capture.response.find("\r\n\r\n"), capture.response.size());
  const std::string_view payload =
      std::string_view(capture.response)
          .substr(body)
          .substr(std::min<std::size_t>(4, capture.response.size() - body));
  Record response{"response",
                  "application/http;msgtype=response",
                  capture.at,
                  capture.response,
                  common + field("WARC-Payload-Digest", digest_of_block(payload)),
                  response_id};
  Record request{"request",
                 "application/http;msgtype=request",
                 capture.at,
                 capture.request,
                 common + field("WARC-Concurrent-To", response_id),
                 request_id};
  Record metadata{"metadata",
                  "application/warc-fields",
                  capture.at,
                  {},
                  common + field("WARC-Concurrent-To", response_id)};
  for (const auto& [name, value] : capture.fields) metadata.block += field(name, value);
  metadata.id = uuid_of("metadata", key + metadata.block);
  return print_record(request) + print_record(response) +
         (metadata.block.empty() ? std::string() : print_record(metadata));
}

}  // namespace

std::string print_request(const HttpRequest& request, const Redactor& redactor) {
  std::string_view target = request.url;
  const std::size_t scheme = target.find("://");
  std::string_view host = scheme == target.npos ? target : target.substr(scheme + 3);
  const std::size_t slash = std::min(host.find_first_of("/?"), host.size());
  const std::string path = slash < host.size() ? std::string(host.substr(slash)) : "/";
  std::string text = request.method + ' ' + one_line(redactor.redact(path)) + " HTTP/1.1\r\n" +
                     field("Host", redactor.redact(host.substr(0, slash)));
  for (const HttpHeader& header : request.headers) {
    text += field(header.name, shown_value(header.name, header.value, redactor));
  }
  return text + "\r\n" + redactor.redact(request.body);
}

std::string print_response(const HttpResponse& response, const Redactor& redactor) {
  const std::string body = redactor.redact(response.body);
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + " \r\n";
  for (std::size_t i = 0; i < response.headers.size(); ++i) {
    const std::string_view name = response.headers.name(i);
    if (is_kept(name)) text += field(name, shown_value(name, response.headers.value(i), redactor));
  }
  text += field("Content-Length", std::to_string(body.size())) + "\r\n";
  text.reserve(text.size() + body.size());
  text += body;
  return text;
}

std::string print_warc(std::string_view software, const std::vector<Capture>& captures) {
  if (captures.empty()) return {};
  const Record info = warcinfo(software, captures.front().at);
  std::string file = print_record(info);
  for (const Capture& capture : captures) file += print_capture(capture, info.id);
  return file;
}

}  // namespace pw
