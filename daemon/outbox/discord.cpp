// Discord's "Execute Webhook". Limits: content 2,000, title 256, description 4,096,
// 25 fields of 256 and 1,024, footer 2,048, all embeds together 6,000 characters
// (discord.com/developers, "Message" and "Embed Limits"), counted here in UTF-16
// units, which are never fewer.
#include "daemon/outbox/service_json.h"

namespace pw {
namespace {

constexpr std::size_t fields_max = 10;
// 256 + 10 * (60 + 240) + 2,200 + 500 = 5,956 of 6,000.
constexpr std::size_t name_max = 60;
constexpr std::size_t value_max = 240;
constexpr std::size_t description_max = 2'200;
constexpr std::size_t footer_max = 500;

int colour_of(const Notice& notice) {
  if (notice.resolves) return 0x5c946e;
  if (notice.severity == "breach") return 0xb3261e;
  return notice.severity == "warning" ? 0xc77700 : 0x4a6fa5;
}

// Escaping lengthens, so the cut is made on what is sent; an escape stays whole.
std::string fitted(std::string_view text, std::size_t max) {
  for (std::size_t share = max;; share = share * 3 / 4) {
    std::string out = markdown_escaped(cut_text(text, share, Unit::utf16));
    if (length_of(out, Unit::utf16) <= max) return out;
  }
}

std::string description_of(const Notice& notice) {
  std::string text;
  for (const NoticeItem& item : notice.items) text += "- " + item.title + '\n';
  if (!notice.quote.empty()) text += notice.quote;
  return text;
}

}  // namespace

HttpRequest discord_request(const SinkTarget& sink, const Notice& notice, const Sending& sending) {
  const std::string title = titled(notice, sending);
  Json embed = {{"title", fitted(title, 256)}};
  if (const std::string link = fit_link(notice.link); !link.empty()) embed["url"] = link;
  if (const std::string text = description_of(notice); !text.empty())
    embed["description"] = fitted(text, description_max);
  embed["color"] = colour_of(notice);
  Json fields = Json::array();
  for (const NoticeFact& fact : notice.facts) {
    if (fields.size() == fields_max) break;
    fields.push_back({{"name", fitted(fact.name, name_max)},
                      {"value", fitted(fact.value, value_max)},
                      {"inline", fact.value.size() < 40}});
  }
  if (!fields.empty()) embed["fields"] = std::move(fields);
  if (!notice.text.empty())
    embed["footer"] = {{"text", cut_text(notice.text, footer_max, Unit::utf16)}};
  embed["timestamp"] = print_rfc3339(notice.at);
  // A quoted post pings nobody.
  const Json body = {{"embeds", {embed}}, {"allowed_mentions", {{"parse", Json::array()}}}};
  const bool has_query = sink.url.find('?') != std::string::npos;
  return json_post(sink, sink.url + (has_query ? "&" : "?") + "wait=true", body);
}

}  // namespace pw
