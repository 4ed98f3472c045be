// Slack incoming webhooks with Block Kit. Limits: header 150, section text 3,000,
// ten fields of 2,000, 50 blocks (docs.slack.dev, "Block Kit reference"); the sum of
// all blocks fails near 13,200 characters with msg_blocks_too_long (observed by
// others), so the shares stay far below. Only `&`, `<` and `>` are special.
#include "daemon/outbox/service_json.h"

namespace pw {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

// Escaping lengthens, so the cut is made on what is sent; an entity stays whole.
std::string escaped_within(std::string_view text, std::size_t max) {
  for (std::size_t share = max;; share = share * 3 / 4) {
    std::string out = escaped(cut_text(text, share, Unit::utf16));
    if (length_of(out, Unit::utf16) <= max) return out;
  }
}

// As text that Slack does not parse: no mention and no link comes of it.
Json plain(std::string_view text, std::size_t max) {
  return {{"type", "plain_text"}, {"text", cut_text(text, max, Unit::utf16)}, {"emoji", false}};
}

Json section(Json text) { return {{"type", "section"}, {"text", std::move(text)}}; }

}  // namespace

HttpRequest slack_request(const SinkTarget& sink, const Notice& notice, const Sending& sending) {
  const std::string title = titled(notice, sending);
  Json blocks = Json::array();
  blocks.push_back({{"type", "header"}, {"text", plain(title, 150)}});
  if (const std::string link = fit_link(notice.link); !link.empty())
    blocks.push_back(section({{"type", "mrkdwn"}, {"text", "<" + escaped(link) + "|The post>"}}));
  Json fields = Json::array();
  for (const NoticeFact& fact : notice.facts) {
    if (fields.size() < 10) fields.push_back(plain(fact.name + ": " + fact.value, 300));
  }
  if (!fields.empty()) blocks.push_back({{"type", "section"}, {"fields", std::move(fields)}});
  for (const NoticeItem& item : notice.items) {
    const std::string link = fit_link(item.link);
    const std::string text = escaped_within(item.title, 250);
    const bool fits = link.size() <= 200 && !link.empty();
    blocks.push_back(section(
        {{"type", "mrkdwn"}, {"text", fits ? "<" + escaped(link) + "|post> " + text : text}}));
  }
  if (!notice.quote.empty()) blocks.push_back(section(plain(notice.quote, 2'500)));
  if (!notice.text.empty())
    blocks.push_back({{"type", "context"}, {"elements", {plain(notice.text, 1'000)}}});
  // What notifications and screen readers show.
  const Json body = {{"text", escaped(cut_text(title, 300, Unit::utf16))}, {"blocks", blocks}};
  return json_post(sink, sink.url, body);
}

}  // namespace pw
