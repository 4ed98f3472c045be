#include "tests/outbox/support/readable.h"

#include <sstream>

#include <nlohmann/json.hpp>

#include "daemon/core/hash.h"

namespace pw::test {
namespace {

using Json = nlohmann::ordered_json;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string unescaped_markdown(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return replaced(out, "**", "");
}

// Every text of a card, in order.
void collect(const Json& json, std::string& out) {
  if (json.is_array()) {
    for (const Json& item : json) collect(item, out);
    return;
  }
  if (!json.is_object()) return;
  if (json.contains("title") && json.contains("value"))
    out += json["title"].get<std::string>() + ": " + json["value"].get<std::string>() + '\n';
  else if (json.contains("url") && json.contains("title"))
    out += "[" + json["title"].get<std::string>() + "] " + json["url"].get<std::string>() + '\n';
  else if (json.contains("text") && json["text"].is_string())
    out += json["text"].get<std::string>() + '\n';
  for (const auto& [key, value] : json.items()) {
    if (value.is_structured()) collect(value, out);
  }
}

std::string discord(const Json& embed) {
  std::string out = embed["title"].get<std::string>() + "\n" + embed.value("url", "") + "\n";
  out += embed.value("description", "") + '\n';
  for (const Json& field : embed["fields"])
    out += field["name"].get<std::string>() + ": " + field["value"].get<std::string>() + '\n';
  return unescaped_markdown(out) + embed["footer"]["text"].get<std::string>() + '\n';
}

std::string pagerduty(const Json& body) {
  std::string out = body["payload"]["severity"].get<std::string>() + ": " +
                    body["payload"]["summary"].get<std::string>() + '\n';
  for (const auto& [name, value] : body["payload"]["custom_details"].items())
    out += name + ": " + value.get<std::string>() + '\n';
  return out;
}

std::string alertmanager(const Json& alert) {
  std::string out = alert["annotations"]["summary"].get<std::string>() + '\n';
  for (const auto& [name, value] : alert["labels"].items())
    out += name + "=" + value.get<std::string>() + '\n';
  return out;
}

std::string ntfy(const HttpRequest& request) {
  std::string out;
  for (const HttpHeader& header : request.headers) {
    if (header.name == "title" || header.name == "priority")
      out += header.name + ": " + header.value + '\n';
  }
  return out + request.body + '\n';
}

}  // namespace

std::string shown_html(const std::string& html) {
  std::string out;
  for (std::size_t i = 0; i < html.size(); ++i) {
    if (html[i] == '<') {
      if (html.compare(i, 4, "<br>") == 0) out += '\n';
      i = html.find('>', i);
    } else {
      out += html[i];
    }
  }
  for (const auto& [entity, plain] : {std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"},
                                      std::pair{"&quot;", "\""}, std::pair{"&amp;", "&"}})
    out = replaced(out, entity, plain);
  return out;
}

std::string readable_mail(const std::string& message) {
  const std::size_t end = message.find("\r\n\r\n");
  std::string head = replaced(replaced(message.substr(0, end), "\r\n ", " "), "\r\n", "\n");
  std::string body = message.substr(end + 4);
  if (head.find("Content-Transfer-Encoding: base64") != std::string::npos)
    body = parse_base64(replaced(body, "\r\n", "")).value_or("");
  std::istringstream lines(head);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    for (const char* shown : {"Date: ", "From: ", "To: ", "Subject: ", "Message-ID: "})
      if (line.starts_with(shown)) out += line + '\n';
  }
  return out + '\n' + replaced(body, "\r\n", "\n");
}

std::string readable(SinkType type, const HttpRequest& request) {
  const Json body = Json::parse(request.body, nullptr, false);
  std::string cards;
  switch (type) {
    case SinkType::discord:
      return discord(body["embeds"][0]);
    case SinkType::mattermost:
      return unescaped_markdown(body["text"].get<std::string>()) + '\n';
    case SinkType::telegram:
      return shown_html(body["text"].get<std::string>()) + '\n';
    case SinkType::matrix:
      return shown_html(body["formatted_body"].get<std::string>()) + '\n';
    case SinkType::pagerduty:
      return pagerduty(body);
    case SinkType::alertmanager:
      return alertmanager(body[0]);
    case SinkType::ntfy:
      return ntfy(request);
    case SinkType::slack:
      collect(body["blocks"], cards);
      return cards;
    default:
      collect(body, cards);
      return unescaped_markdown(cards);
  }
}

}  // namespace pw::test
