#include <algorithm>
#include <bit>

#include <zlib.h>

#include "daemon/ledger/warc.h"

namespace pw {
namespace {

constexpr int as_gzip = 16;  // added to a window's bits

// No wider than what is packed: zlib clears its windows first, which costs more than
// packing a short answer.
int window_bits_for(std::string_view bytes) {
  return std::clamp(static_cast<int>(std::bit_width(bytes.size())), 9, 15);
}

Bytef* bytes_at(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

}  // namespace

std::string pack_gzip(std::string_view bytes) {
  z_stream stream{};
  const int bits = window_bits_for(bytes);
  const int memory = bits - 7;  // as zlib's own: 8 for 15
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, bits + as_gzip, memory,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return {};
  }
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = bytes_at(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = bytes_at(out);
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string unpack_gzip(std::string_view bytes, std::size_t bytes_max) {
  z_stream stream{};
  if (inflateInit2(&stream, MAX_WBITS + as_gzip) != Z_OK) return {};
  stream.next_in = bytes_at(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  int state = Z_OK;
  while (state == Z_OK && out.size() <= bytes_max) {
    const std::size_t had = out.size();
    out.resize(had + 65'536);
    stream.next_out = bytes_at(std::string_view(out).substr(had));
    stream.avail_out = 65'536;
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (stream.avail_in == 0 && stream.avail_out > 0 && state == Z_OK) break;
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END && out.size() <= bytes_max ? out : std::string();
}

}  // namespace pw
