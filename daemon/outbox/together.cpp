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

// Written by us; one that is damaged is counted and not quoted.
Notice read_notice(const std::string& body) {
  Result<Notice> notice = parse_notice(body);
  return notice ? *std::move(notice) : Notice{};
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

}  // namespace

void TogetherBody::add(const std::string& body) {
  Notice notice = webhook_ ? notice_of_body(body) : read_notice(body);
  if (ids_.size() < detailed_max + ids_max) ids_.push_back(notice.key);
  group_.add(std::move(notice));
}

std::string TogetherBody::print_webhook(const Notice& all, std::size_t detailed, Instant at) const {
  const std::size_t named = std::min(ids_.size(), detailed + ids_max);
  Json data = {{"headline", all.title},    {"reason", reasons[static_cast<std::size_t>(why_)]},
               {"campaign", all.campaign}, {"severity", all.severity},
               {"count", group_.size()},   {"findings", Json::array()},
               {"also", Json::array()},    {"more", group_.size() - named},
               {"notice", all.text}};
  for (std::size_t i = 0; i < named; ++i) {
    if (i < detailed)
      data["findings"].push_back(detail_of(group_.first()[i]));
    else
      data["also"].push_back(ids_[i]);
  }
  const Json payload = {{"type", "pledgewatch.findings"},
                        {"timestamp", print_rfc3339(at)},
                        {"data", std::move(data)}};
  return payload.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string TogetherBody::print(Instant at) const {
  Notice all = group_.notice();
  all.at = at;
  say_why(why_, group_.size(), flood_, all);
  if (!webhook_) return print_notice(all);
  std::string body;
  for (std::size_t detailed = group_.first().size();; detailed /= 2) {
    body = print_webhook(all, detailed, at);
    if (body.size() <= webhook_body_bytes_max || detailed == 0) return body;
  }
}

}  // namespace pw
