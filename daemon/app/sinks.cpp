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

// A group's key: the actor, the rule, or when the window that the post is in opens.
std::string group_of(GroupBy by, const Subject& subject) {
  if (by == GroupBy::actor) return subject.pledge.actor;
  if (by == GroupBy::rule) return subject.finding.rule;
  for (const Window& window : subject.pledge.windows) {
    if (covers(window, subject.finding.appeared) != Ternary::no)
      return print_rfc3339(window.possible.start);
  }
  return {};
}

std::optional<Pace> pace_of(const SinkConfig& sink) {
  if (!sink.group && !sink.flood) return std::nullopt;
  Pace pace;
  if (sink.group) pace = {/*groups=*/true, sink.group->wait, sink.group->interval, {}};
  if (sink.flood) pace.flood = Flood{sink.flood->messages, sink.flood->span};
  return pace;
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
  target.from = sink.from;
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
    const bool json = reads_json(type_of(config.sinks[i]));
    route.body = [json, campaign = config.campaign.name](const Subject& subject, Instant) {
      const Message message = message_of(campaign, subject);
      return json ? webhook_body(message) : print_notice(notice_of(message));
    };
    route.correction = [json, campaign = config.campaign.name](const Subject& subject,
                                                               const Correction& correction) {
      const Message message = message_of(campaign, subject);
      return json ? correction_body(message, correction)
                  : print_notice(notice_of(message, correction));
    };
    if (const auto& group = config.sinks[i].group)
      route.group = [by = group->by](const Subject& subject) { return group_of(by, subject); };
    else if (config.sinks[i].flood)
      route.group = [](const Subject& subject) { return subject.finding.id; };
    routes.push_back(std::move(route));
  }
  return routes;
}

Result<SinkWires> make_dispatchers(const Config& config, Store& store, Fetcher& fetcher,
                                   const MakeWire& wire, Clock& clock, const Log& log) {
  SinkWires wires;
  for (const SinkConfig& sink : config.sinks) {
    const SinkType type = type_of(sink);
    wires.fetchers.emplace_back();
    if (wire && (type == SinkType::email || type == SinkType::exec)) {
      auto made = wire(config, sink);
      if (!made) return Error{made.error().code, "sink " + sink.name + ": " + made.error().detail};
      wires.fetchers.back() = *std::move(made);
    }
    Fetcher& own = wires.fetchers.back() ? *wires.fetchers.back() : fetcher;
    auto dispatcher = Dispatcher::make(target_of(config, sink), store, own, clock, log);
    if (!dispatcher)
      return Error{dispatcher.error().code, "sink " + sink.name + ": " + dispatcher.error().detail};
    wires.dispatchers.push_back(*std::move(dispatcher));
  }
  return wires;
}

}  // namespace pw
