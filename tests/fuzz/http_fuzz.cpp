// Hostile bytes against everything of the HTTP client that reads them: URLs and
// references, answers in any pieces, content codings, proxy settings, headers.
// The first byte chooses; the properties stand in the asserts.
#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/http/address_guard.h"
#include "daemon/http/answer_reader.h"
#include "daemon/http/content_decoder.h"
#include "daemon/http/proxy.h"
#include "daemon/http/request_head.h"
#include "daemon/http/target.h"

namespace {

// What was understood once is understood the same way again.
void read_url(std::string_view text) {
  const pw::Allowance allowance{.hosts = {}, .ports = {8080}};
  const auto target = pw::parse_target(text, &allowance);
  if (!target) return;
  const std::string printed = pw::print_url(*target);
  const auto again = pw::parse_target(printed, &allowance);
  assert(again && pw::same_origin(*target, *again) && again->path == target->path);
  assert(printed.find_first_of(std::string_view("\r\n\0 ", 4)) == std::string::npos);
}

void read_reference(std::string_view text) {
  static const auto base = pw::parse_target("https://example.org/a/b?c", nullptr);
  if (const auto url = pw::resolve_reference(*base, text)) read_url(*url);
}

// The outcome does not depend on where the pieces end.
void read_answer(std::string_view bytes, std::size_t piece) {
  const pw::AnswerLimits limits{.header_bytes_max = 4096,
                                .header_count_max = 32,
                                .raw_bytes_max = 65536,
                                .decoded_bytes_max = 65536};
  pw::AnswerReader reader(limits);
  pw::HttpResponse response;
  reader.begin(pw::Question::ordinary, response);
  std::string held;
  while (!bytes.empty() && !reader.is_done()) {
    held += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    const auto taken = reader.feed(held);
    if (!taken) return;
    assert(*taken <= held.size());
    held.erase(0, *taken);
    assert(response.body.size() <= limits.decoded_bytes_max);
  }
  if (!reader.is_done()) (void)static_cast<bool>(reader.end_of_stream());
}

void decode(std::string_view coding, std::string_view bytes, std::size_t piece) {
  static pw::ContentDecoder decoder;
  constexpr std::size_t cap = 65536;
  std::string text;
  if (!decoder.begin(coding, cap)) return;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    const bool is_fine = static_cast<bool>(decoder.feed(bytes.substr(0, piece), text));
    assert(text.size() <= cap);
    if (!is_fine) return;
  }
  (void)static_cast<bool>(decoder.finish());
}

// What passes the check writes exactly the lines it was given.
void write_header(std::string_view text) {
  pw::HttpRequest request;
  request.url = "https://example.org/";
  const std::size_t half = text.size() / 2;
  request.headers.push_back({std::string(text.substr(0, half)), std::string(text.substr(half))});
  if (!pw::check_request(request)) return;
  std::string out;
  pw::write_request(request, *pw::parse_target(request.url, nullptr), {.user_agent = "fuzz"}, out);
  assert(out.find("\r\n\r\n") == out.size() - 4);
  assert(out.find('\0') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t piece = 1 + data[1] % 64;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  switch (data[0] % 9) {
    case 0:
      read_url(text);
      break;
    case 1:
      read_reference(text);
      break;
    case 2:
      read_answer(text, piece);
      break;
    case 3:
      decode("gzip", text, piece);
      break;
    case 4:
      decode("deflate", text, piece);
      break;
    case 5:
      decode("br", text, piece);
      break;
    case 6:
      decode("zstd", text, piece);
      break;
    case 7:
      write_header(text);
      break;
    case 8:
      (void)static_cast<bool>(
          pw::Proxies::parse({.http = std::string(text), .no_proxy = std::string(text)}));
      (void)static_cast<bool>(pw::check_address(text));
      break;
  }
  return 0;
}
