// Matrix: PUT with a transaction id, so that a repeat is the same event (client-
// server API v1.11, "Sending events to a room"). An event has at most 65,536 bytes
// with its envelope; a character of HTML takes up to six ("&quot;"), and the shares
// below stay under 55,000 whatever they hold.
#include "daemon/outbox/service_json.h"

namespace pw {
namespace {

constexpr std::size_t value_points_max = 300;
constexpr std::size_t item_points_max = 200;
constexpr std::size_t matrix_quote_points_max = 1'500;
constexpr std::size_t text_bytes_max = 8'000;

std::string html_of(const Notice& notice, const std::string& title) {
  std::string html = "<strong>" + html_escaped(title) + "</strong>";
  if (const std::string link = fit_link(notice.link); !link.empty())
    html += "<br><a href=\"" + html_escaped(link) + "\">The post</a>";
  for (const NoticeFact& fact : notice.facts)
    html += "<br>" + html_escaped(fact.name) + ": " +
            html_escaped(cut_text(fact.value, value_points_max, Unit::points));
  for (const NoticeItem& item : notice.items)
    html += "<br>- " + html_escaped(cut_text(item.title, item_points_max, Unit::points));
  if (!notice.text.empty()) html += "<br><em>" + html_escaped(notice.text) + "</em>";
  if (!notice.quote.empty())
    html += "<blockquote>" +
            html_escaped(cut_text(notice.quote, matrix_quote_points_max, Unit::points)) +
            "</blockquote>";
  return html;
}

}  // namespace

HttpRequest matrix_request(const SinkTarget& sink, const Notice& notice, const Sending& sending) {
  const std::string title = titled(notice, sending);
  const std::string room = sink.to.empty() ? std::string() : sink.to.front();
  const Json body = {
      {"msgtype", "m.text"},
      {"body", title + '\n' + cut_text(plain_text(notice), text_bytes_max, Unit::bytes)},
      {"format", "org.matrix.custom.html"},
      {"formatted_body", html_of(notice, title)}};
  HttpRequest request =
      json_post(sink,
                joined(sink.url, "/_matrix/client/v3/rooms/" + percent_encoded(room) +
                                     "/send/m.room.message/" + percent_encoded(sending.id)),
                body);
  request.method = "PUT";
  if (!sink.secrets.empty())
    request.headers.push_back({"authorization", "Bearer " + sink.secrets.front()});
  return request;
}

}  // namespace pw
