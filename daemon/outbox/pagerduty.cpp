// PagerDuty Events API v2. `dedup_key` (255) is the finding's id: a repeat is the
// same alert, and a review that lifts the finding resolves it. `summary` has at
// most 1,024 characters (PagerDuty, "Send an Alert Event"). The routing key is put
// in at sending.
#include "daemon/outbox/service_json.h"

namespace pw {
namespace {

std::string_view severity_of(const Notice& notice) {
  if (notice.severity == "breach") return "critical";
  return notice.severity == "warning" ? "warning" : "info";
}

}  // namespace

HttpRequest pagerduty_request(const SinkTarget& sink, const Notice& notice,
                              const Sending& sending) {
  const std::string key = notice.key.empty() ? std::string(sending.id) : notice.key;
  Json body = {{"routing_key", sink.secrets.empty() ? std::string() : sink.secrets.front()},
               {"event_action", notice.resolves ? "resolve" : "trigger"},
               {"dedup_key", cut_text(key, 255, Unit::bytes)}};
  if (!notice.resolves) {
    Json details = Json::object();
    for (const NoticeFact& fact : notice.facts) details[fact.name] = fact.value;
    if (!notice.quote.empty()) details["Post"] = notice.quote;
    if (!notice.text.empty()) details["Note"] = notice.text;
    body["payload"] = {{"summary", cut_text(titled(notice, sending), 1'024, Unit::utf16)},
                       {"source", notice.account.empty() ? "pledgewatch" : notice.account},
                       {"severity", severity_of(notice)},
                       {"timestamp", print_rfc3339(notice.at)},
                       {"group", notice.campaign},
                       {"class", notice.rule},
                       {"custom_details", std::move(details)}};
    if (const std::string link = fit_link(notice.link); !link.empty())
      body["links"] = {{{"href", link}, {"text", "The post"}}};
    body["client"] = "pledgewatch";
  }
  return json_post(sink, joined(sink.url, "/v2/enqueue"), body);
}

}  // namespace pw
