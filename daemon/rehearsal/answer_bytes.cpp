#include "daemon/rehearsal/answer_bytes.h"

#include <cassert>

#include <zlib.h>
#include <boost/beast/http/status.hpp>

namespace pw {
namespace {

constexpr std::size_t worth_compressing_bytes = 512;

bool has_body(int status) { return status != 304 && status != 204 && status >= 200; }

}  // namespace

std::string gzip(std::string_view body) {
  z_stream stream{};
  // 16 above the window bits: a gzip header (zlib manual, deflateInit2).
  constexpr int gzip_bits = 15 + 16;
  const int begun =
      deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_bits, 8, Z_DEFAULT_STRATEGY);
  assert(begun == Z_OK && "zlib has no memory");
  std::string packed(deflateBound(&stream, static_cast<uLong>(body.size())) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int ended = deflate(&stream, Z_FINISH);
  assert(ended == Z_STREAM_END && "the bound was too small");
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  (void)begun, (void)ended;
  return packed;
}

const std::string& gzip_bomb() {
  constexpr std::size_t decoded_bytes = 64 << 20;
  static const std::string bomb = gzip(std::string(decoded_bytes, ' '));
  return bomb;
}

std::string print_answer(HttpResponse response, std::string_view accept_encoding, bool keep_alive) {
  const bool coded = response.headers.find("content-encoding").has_value();
  const bool welcome = accept_encoding.find("gzip") != std::string_view::npos;
  if (welcome && !coded && response.body.size() >= worth_compressing_bytes) {
    response.body = gzip(response.body);
    response.headers.add("Content-Encoding", "gzip");
    response.headers.add("Vary", "Accept-Encoding");
  }
  namespace http = boost::beast::http;
  const http::status status = http::int_to_status(static_cast<unsigned>(response.status));
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + ' ' +
                    std::string(http::obsolete_reason(status)) + "\r\n";
  for (std::size_t i = 0; i < response.headers.size(); ++i) {
    out += std::string(response.headers.name(i)) + ": " + std::string(response.headers.value(i)) +
           "\r\n";
  }
  if (has_body(response.status)) {
    out += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  }
  out += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  if (has_body(response.status)) out += response.body;
  return out;
}

std::size_t body_start(std::string_view answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string_view::npos ? answer.size() : end + 4;
}

}  // namespace pw
