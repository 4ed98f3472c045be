// Mattermost incoming webhooks: Markdown of at most 16,383 code points
// (docs.mattermost.com, "Incoming webhooks").
#include "daemon/outbox/service_json.h"

namespace pw {
namespace {

constexpr std::size_t mattermost_text_max = 16'383;

}  // namespace

HttpRequest mattermost_request(const SinkTarget& sink, const Notice& notice,
                               const Sending& sending) {
  std::string text = "**" + markdown_escaped(titled(notice, sending)) + "**\n";
  if (const std::string link = fit_link(notice.link); !link.empty()) text += "<" + link + ">\n";
  for (const NoticeFact& fact : notice.facts)
    text += markdown_escaped(fact.name) + ": " + markdown_escaped(fact.value) + '\n';
  for (const NoticeItem& item : notice.items) {
    const std::string link = fit_link(item.link);
    text += "- " + markdown_escaped(item.title) + (link.empty() ? "" : " <" + link + ">") + '\n';
  }
  if (!notice.text.empty()) text += markdown_escaped(notice.text) + '\n';
  // At most half of it: escaping may double what is quoted.
  if (!notice.quote.empty()) {
    text += "> ";
    for (const char c : markdown_escaped(cut_text(notice.quote, 4'000, Unit::points)))
      text += c == '\n' ? "\n> " : std::string(1, c);
  }
  const Json body = {{"text", cut_text(text, mattermost_text_max, Unit::points)}};
  return json_post(sink, sink.url, body);
}

}  // namespace pw
