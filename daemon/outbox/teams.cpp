// Microsoft Teams through a Workflows webhook: one Adaptive Card 1.2. The whole
// message may have about 28 KB; 21 KB is the largest that others saw accepted, so
// the shares stay below 16. A TextBlock reads Markdown.
#include "daemon/outbox/service_json.h"

namespace pw {
namespace {

Json block(const std::string& text, std::size_t max, bool strong) {
  Json json = {{"type", "TextBlock"},
               {"text", markdown_escaped(cut_text(text, max, Unit::utf16))},
               {"wrap", true}};
  if (strong) json["weight"] = "bolder";
  return json;
}

}  // namespace

HttpRequest teams_request(const SinkTarget& sink, const Notice& notice, const Sending& sending) {
  Json body = Json::array();
  body.push_back(block(titled(notice, sending), 300, /*strong=*/true));
  Json facts = Json::array();
  for (const NoticeFact& fact : notice.facts) {
    if (facts.size() == 12) break;
    facts.push_back({{"title", fact.name},
                     {"value", markdown_escaped(cut_text(fact.value, 300, Unit::utf16))}});
  }
  if (!facts.empty()) body.push_back({{"type", "FactSet"}, {"facts", std::move(facts)}});
  for (const NoticeItem& item : notice.items)
    body.push_back(block(item.title, 150, /*strong=*/false));
  if (!notice.quote.empty()) body.push_back(block(notice.quote, 1'500, /*strong=*/false));
  if (!notice.text.empty()) body.push_back(block(notice.text, 600, /*strong=*/false));
  Json card = {{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
               {"type", "AdaptiveCard"},
               {"version", "1.2"},
               {"body", std::move(body)}};
  if (const std::string link = fit_link(notice.link); !link.empty())
    card["actions"] = {{{"type", "Action.OpenUrl"}, {"title", "The post"}, {"url", link}}};
  const Json message = {{"type", "message"},
                        {"attachments",
                         {{{"contentType", "application/vnd.microsoft.card.adaptive"},
                           {"contentUrl", nullptr},
                           {"content", std::move(card)}}}}};
  return json_post(sink, sink.url, message);
}

}  // namespace pw
