// Telegram's sendMessage in HTML: 1 to 4,096 characters after entities are parsed
// (core.telegram.org/bots/api), counted in UTF-16 units; so texts are cut before
// they are escaped. The bot's token is part of the address and is put in at sending.
#include "daemon/outbox/service_json.h"

namespace pw {
namespace {

constexpr std::size_t telegram_text_max = 4'096;
constexpr std::size_t quote_min = 100;  // less of a quote says nothing

// Collects what is shown, and counts it as Telegram does.
class Html {
 public:
  void add(std::string_view before, std::string_view shown, std::string_view after) {
    const std::string fit = cut_text(shown, room(), Unit::utf16);
    used_ += length_of(fit, Unit::utf16);
    text_.append(before).append(html_escaped(fit)).append(after);
  }
  std::size_t room() const { return telegram_text_max - used_; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::size_t used_ = 0;
};

}  // namespace

HttpRequest telegram_request(const SinkTarget& sink, const Notice& notice, const Sending& sending) {
  Html html;
  html.add("<b>", cut_text(titled(notice, sending), 500, Unit::utf16), "</b>");
  if (const std::string link = fit_link(notice.link); !link.empty()) {
    html.add("", "\n", "");
    html.add("<a href=\"" + html_escaped(link) + "\">", "The post", "</a>");
  }
  for (const NoticeFact& fact : notice.facts)
    html.add("", "\n" + fact.name + ": " + cut_text(fact.value, 200, Unit::utf16), "");
  for (const NoticeItem& item : notice.items)
    html.add("", "\n- " + cut_text(item.title, 100, Unit::utf16), "");
  if (!notice.text.empty()) html.add("<i>", "\n" + cut_text(notice.text, 500, Unit::utf16), "</i>");
  if (!notice.quote.empty() && html.room() > quote_min) {
    html.add("", "\n", "");
    html.add("<blockquote>", notice.quote, "</blockquote>");
  }
  const Json body = {{"chat_id", sink.to.empty() ? std::string() : sink.to.front()},
                     {"text", html.text()},
                     {"parse_mode", "HTML"},
                     {"link_preview_options", {{"is_disabled", true}}}};
  const std::string token = sink.secrets.empty() ? std::string() : sink.secrets.front();
  return json_post(sink, joined(sink.url, "/bot" + token + "/sendMessage"), body);
}

}  // namespace pw
