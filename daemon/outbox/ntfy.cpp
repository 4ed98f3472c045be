// ntfy: the message is the body, at most 4,096 bytes, beyond which it would become
// an attachment; titles 1 KB (docs.ntfy.sh, "Publishing"). `Sequence-ID` makes a
// repeat replace the message before it.
#include "daemon/core/hash.h"
#include "daemon/outbox/service_json.h"

namespace pw {
namespace {

constexpr std::size_t message_bytes_max = 4'096;
constexpr std::size_t title_bytes_max = 400;

std::string_view priority_of(const Notice& notice) {
  if (notice.resolves || notice.severity == "note") return "2";
  return notice.severity == "breach" ? "4" : "3";
}

// A header is ASCII: other words are encoded as RFC 2047 says.
std::string header_text(const std::string& text) {
  const bool ascii =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return ascii ? text : "=?UTF-8?B?" + print_base64(text) + "?=";
}

}  // namespace

HttpRequest ntfy_request(const SinkTarget& sink, const Notice& notice, const Sending& sending) {
  HttpRequest request;
  request.method = "POST";
  request.url = sink.url;
  request.redirects = Redirects::refuse;
  request.allowance = &sink.allowance;
  request.headers = {
      {"content-type", "text/plain; charset=utf-8"},
      {"title", header_text(cut_text(titled(notice, sending), title_bytes_max, Unit::bytes))},
      {"priority", std::string(priority_of(notice))},
      {"tags", notice.severity},
      {"sequence-id", std::string(sending.id)}};
  if (const std::string link = fit_link(notice.link); !link.empty())
    request.headers.push_back({"click", link});
  if (!sink.secrets.empty())
    request.headers.push_back({"authorization", "Bearer " + sink.secrets.front()});
  request.body = cut_text(plain_text(notice), message_bytes_max, Unit::bytes);
  return request;
}

}  // namespace pw
