#include "daemon/app/sinks.h"

#include "daemon/outbox/webhook_body.h"

namespace pw {
namespace {

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

}  // namespace

std::vector<SinkRoute> sink_routes(const Config& config,
                                   const std::vector<std::optional<cel::Program>>& conditions) {
  std::vector<SinkRoute> routes;
  for (std::size_t i = 0; i < config.sinks.size(); ++i) {
    SinkRoute route;
    route.name = config.sinks[i].name;
    if (i < conditions.size()) route.when = conditions[i];
    route.body = [campaign = config.campaign.name](const Subject& subject, Instant) {
      return webhook_body(message_of(campaign, subject));
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
    SinkTarget target;
    target.name = sink.name;
    target.url = sink.url.value;
    if (sink.secret) target.secrets.push_back(sink.secret->value);
    target.allowance = sink.allowance;
    target.timeout = sink.timeout;
    auto dispatcher = Dispatcher::make(std::move(target), store, fetcher, clock, log);
    if (!dispatcher)
      return Error{dispatcher.error().code, "sink " + sink.name + ": " + dispatcher.error().detail};
    dispatchers.push_back(*std::move(dispatcher));
  }
  return dispatchers;
}

}  // namespace pw
