#include "daemon/outbox/together.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> reasons = {"group", "over_limit", "reminder"};
constexpr std::size_t detailed_max = 20;
constexpr std::size_t ids_max = 300;

// What the webhook's body says of a finding; empty texts where it does not.
Notice notice_of_body(const std::string& body) {
  const Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  const Json data = json.is_object() ? json.value("data", Json::object()) : Json::object();
  const auto text = [&](const char* name) {
    return data.is_object() && data.contains(name) && data[name].is_string()
               ? data[name].get<std::string>()
               : std::string();
  };
  Notice notice;
  notice.title = text("headline");
  notice.severity = text("severity");
  notice.link = text("permalink");
  notice.campaign = text("campaign");
  notice.key = text("finding");
  notice.rule = text("rule");
  notice.actor = text("actor");
  notice.account = text("account");
  notice.text = text("notice");
  return notice;
}

std::vector<Notice> notices_of(bool webhook, const std::vector<std::string>& bodies) {
  std::vector<Notice> notices;
  for (const std::string& body : bodies) {
    if (webhook) {
      notices.push_back(notice_of_body(body));
      continue;
    }
    // Written by us; one that is damaged is counted and not quoted.
    Result<Notice> notice = parse_notice(body);
    notices.push_back(notice ? *std::move(notice) : Notice{});
  }
  return notices;
}

std::string counted(std::size_t count, const char* before_finding) {
  return std::to_string(count) + before_finding + (count == 1 ? " finding" : " findings");
}

void say_why(Together why, std::size_t count, const std::optional<Flood>& flood, Notice& notice) {
  if (why == Together::over_limit && flood) {
    notice.title = counted(count, " more") + ": over the limit of " +
                   std::to_string(flood->messages) + " messages in " + print_duration(flood->span);
    notice.text = "Told in one message; " + std::string(where_all_are) + " " + notice.text;
  } else if (why == Together::reminder) {
    notice.title =
        "Reminder: " + counted(count, "") + (count == 1 ? " awaits" : " await") + " a review";
  }
}

Json detail_of(const Notice& notice) {
  return {{"finding", notice.key},
          {"headline", notice.title},
          {"severity", notice.severity},
          {"actor", notice.actor},
          {"account", notice.account},
          {"rule", notice.rule},
          {"permalink", notice.link.empty() ? Json(nullptr) : Json(notice.link)}};
}

std::string print_webhook(Together why, const Notice& all, const std::vector<Notice>& notices,
                          std::size_t detailed, Instant at) {
  const std::size_t named = std::min(notices.size(), detailed + ids_max);
  Json data = {{"headline", all.title},    {"reason", reasons[static_cast<std::size_t>(why)]},
               {"campaign", all.campaign}, {"severity", all.severity},
               {"count", notices.size()},  {"findings", Json::array()},
               {"also", Json::array()},    {"more", notices.size() - named},
               {"notice", all.text}};
  for (std::size_t i = 0; i < named; ++i) {
    if (i < detailed)
      data["findings"].push_back(detail_of(notices[i]));
    else
      data["also"].push_back(notices[i].key);
  }
  const Json payload = {{"type", "pledgewatch.findings"},
                        {"timestamp", print_rfc3339(at)},
                        {"data", std::move(data)}};
  return payload.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string together_body(bool webhook, Together why, const std::vector<std::string>& bodies,
                          const std::optional<Flood>& flood, Instant at) {
  const std::vector<Notice> notices = notices_of(webhook, bodies);
  Notice all = group_notice(notices);
  all.at = at;
  say_why(why, notices.size(), flood, all);
  if (!webhook) return print_notice(all);
  std::string body;
  for (std::size_t detailed = std::min(notices.size(), detailed_max);; detailed /= 2) {
    body = print_webhook(why, all, notices, detailed, at);
    if (body.size() <= webhook_body_bytes_max || detailed == 0) return body;
  }
}

}  // namespace pw
