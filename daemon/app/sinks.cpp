#include "daemon/app/sinks.h"

#include <algorithm>

#include "daemon/outbox/notice.h"
#include "daemon/outbox/webhook_body.h"

namespace pw {

Message message_of(const std::string& campaign, const Subject& subject) {
  Message message;
  message.finding = subject.finding;
  message.campaign = campaign;
  message.actor = subject.pledge.actor;
  message.account = print_account(subject.account);
  message.platform = subject.account.platform;
  message.surface = subject.post.post.surface;
  message.post_url = subject.post.post.url;
  message.post_text = subject.post.post.text;
  message.claimed_at = subject.post.post.claimed_at;
  return message;
}

SinkType type_of(const SinkConfig& sink) {
  const auto it = std::find(sink_type_names.begin(), sink_type_names.end(), sink.type);
  return static_cast<SinkType>(it - sink_type_names.begin());
}

SinkTarget target_of(const Config& config, const SinkConfig& sink) {
  SinkTarget target;
  target.name = sink.name;
  target.type = type_of(sink);
  target.url = sink.url.value;
  if (sink.secret) target.secrets.push_back(sink.secret->value);
  target.to = sink.to;
  if (sink.cloud_events) target.cloud_source = config.log.origin;
  target.allowance = sink.allowance;
  target.timeout = sink.timeout;
  return target;
}

std::vector<SinkRoute> sink_routes(const Config& config,
                                   const std::vector<std::optional<cel::Program>>& conditions) {
  std::vector<SinkRoute> routes;
  for (std::size_t i = 0; i < config.sinks.size(); ++i) {
    if (config.sinks[i].operators) continue;
    SinkRoute route;
    route.name = config.sinks[i].name;
    if (i < conditions.size()) route.when = conditions[i];
    route.is_public = config.sinks[i].is_public;
    const bool webhook = type_of(config.sinks[i]) == SinkType::webhook;
    route.body = [webhook, campaign = config.campaign.name](const Subject& subject, Instant) {
      const Message message = message_of(campaign, subject);
      return webhook ? webhook_body(message) : print_notice(notice_of(message));
    };
    route.correction = [webhook, campaign = config.campaign.name](const Subject& subject,
                                                                  const Correction& correction) {
      const Message message = message_of(campaign, subject);
      return webhook ? correction_body(message, correction)
                     : print_notice(notice_of(message, correction));
    };
    routes.push_back(std::move(route));
  }
  return routes;
}

Result<std::vector<std::unique_ptr<Dispatcher>>> make_dispatchers(const Config& config,
                                                                  Store& store, Fetcher& fetcher,
                                                                  Clock& clock, const Log& log) {
  std::vector<std::unique_ptr<Dispatcher>> dispatchers;
  for (const SinkConfig& sink : config.sinks) {
    auto dispatcher = Dispatcher::make(target_of(config, sink), store, fetcher, clock, log);
    if (!dispatcher)
      return Error{dispatcher.error().code, "sink " + sink.name + ": " + dispatcher.error().detail};
    dispatchers.push_back(*std::move(dispatcher));
  }
  return dispatchers;
}

}  // namespace pw
