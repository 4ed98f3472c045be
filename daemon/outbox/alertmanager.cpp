// Prometheus Alertmanager's API v2: the labels are the alert's identity, so they
// hold nothing that changes. Without `endsAt` it would resolve after five minutes;
// a finding stands for a day, or until a review lifts it.
#include "daemon/outbox/service_json.h"

namespace pw {
namespace {

constexpr Millis stands = std::chrono::hours(24);

std::string_view name_of(Notice::Kind kind) {
  switch (kind) {
    case Notice::Kind::operators:
      return "PledgewatchOperation";
    case Notice::Kind::summary:
      return "PledgewatchSummary";
    case Notice::Kind::test:
      return "PledgewatchTest";
    case Notice::Kind::finding:
    case Notice::Kind::group:
    case Notice::Kind::correction:
      break;
  }
  return "PledgeFinding";
}

}  // namespace

HttpRequest alertmanager_request(const SinkTarget& sink, const Notice& notice,
                                 const Sending& sending) {
  Json labels = {{"alertname", name_of(notice.kind)}};
  const std::pair<const char*, const std::string&> known[] = {
      {"severity", notice.severity}, {"campaign", notice.campaign}, {"rule", notice.rule},
      {"actor", notice.actor},       {"account", notice.account},   {"finding", notice.key}};
  for (const auto& [name, value] : known) {
    if (!value.empty()) labels[name] = value;
  }
  Json annotations = {{"summary", titled(notice, sending)}, {"description", plain_text(notice)}};
  Json alert = {
      {"labels", std::move(labels)},
      {"annotations", std::move(annotations)},
      {"startsAt", print_rfc3339(notice.at)},
      {"endsAt", print_rfc3339(notice.resolves ? notice.at + Millis{1} : notice.at + stands)}};
  if (const std::string link = fit_link(notice.link); !link.empty()) alert["generatorURL"] = link;
  return json_post(sink, joined(sink.url, "/api/v2/alerts"), Json::array({std::move(alert)}));
}

}  // namespace pw
