// Hostile bytes against what reads a request: the parser in any pieces, targets,
// forms, cookies, hosts, places in the stream. What was understood is the same
// however it came.
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/web/access.h"
#include "daemon/web/etag.h"
#include "daemon/web/event_ring.h"
#include "daemon/web/request_parser.h"
#include "daemon/web/route.h"

namespace {

using namespace pw;

std::string heard(std::string_view bytes, std::size_t piece) {
  RequestParser parser({.header_bytes_max = 4096, .body_bytes_max = 4096});
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    parser.add(bytes.substr(at, piece));
    for (;;) {
      WebRequest request;
      const Heard result = parser.next(request);
      if (result == Heard::more) break;
      if (result != Heard::request) return out + "end";
      out += request.method + ' ' + request.target + '\n' + request.body + '\n';
      for (const WebHeader& field : request.headers) out += field.name + ':' + field.value + '\n';
    }
  }
  return out;
}

void check_target(std::string_view bytes) {
  const auto target = parse_web_target(bytes);
  if (!target) return;
  std::string again = "/";
  for (const std::string& segment : target->segments) {
    assert(segment != ".." && segment != "." && !segment.empty());
    assert(segment.find('/') == segment.npos && segment.find('\0') == segment.npos);
    again += (again.size() > 1 ? "/" : "") + encode_query(segment);
  }
  if (again.size() > target_bytes_max) return;
  const auto same = parse_web_target(again);
  assert(same && same->segments == target->segments);
  NoWebRoute none;
  for (const char* method : {"GET", "POST", "HEAD"})
    static_cast<void>(route_of(method, *target, none));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = heard(bytes, bytes.size() + 1);
  const std::string pieces = heard(bytes, 3);
  const bool refused = whole.ends_with("end") || pieces.ends_with("end");
  assert(refused || whole == pieces);
  check_target(bytes);
  static_cast<void>(parse_form(bytes));
  static_cast<void>(parse_event_place(bytes));
  static_cast<void>(has_etag(bytes, "\"x\""));
  const WebRequest request{"POST",
                           "/",
                           {{"host", std::string(bytes)},
                            {"origin", std::string(bytes)},
                            {"cookie", std::string(bytes)},
                            {"authorization", std::string(bytes)}}};
  static_cast<void>(host_trouble(request, {"localhost"}));
  static_cast<void>(cookie_in(request));
  static_cast<void>(bearer_in(request));
  return 0;
}
