// What brings looks forward, where it is configured: a stream, a hub, a webhook.
#include <algorithm>
#include <charconv>

#include "daemon/app/daemon_parts.h"
#include "daemon/core/ascii.h"

namespace pw {
namespace {

constexpr std::string_view cursor_name = "jetstream_cursor";
constexpr std::string_view hub_secret_name = "hub_secret";
constexpr std::size_t hub_secret_bytes = 32;
// Behind /hub; no key of a hub's is as short.
constexpr std::string_view activity_key = "x";
// One of the four public instances (jetstream README, read 2026-08).
constexpr std::string_view public_jetstream = "wss://jetstream2.us-east.bsky.network";

std::optional<JetstreamCursor> parse_cursor(const std::optional<std::string>& text) {
  JetstreamCursor cursor = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), cursor);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return cursor;
}

}  // namespace

void Daemon::Parts::open_stream() {
  const auto it = config.connectors.find("bluesky");
  if (it == config.connectors.end() || it->second.stream != "jetstream") return;
  if (world.sockets == nullptr) {
    world.log.write(LogLevel::info, "stream_absent", "no stream here; accounts are looked at", {});
    return;
  }
  ListenerParts parts{.clock = world.clock, .sockets = *world.sockets, .log = world.log};
  parts.base = it->second.stream_url.empty() ? public_jetstream : it->second.stream_url;
  // The allowance is for what the operator named.
  if (!it->second.stream_url.empty()) parts.allowance = it->second.allowance;
  parts.seed = seed;
  parts.load_cursor = [this] {
    const auto kept = store->value(cursor_name);
    return kept ? parse_cursor(*kept) : std::nullopt;
  };
  parts.save_cursor = [this](JetstreamCursor cursor) {
    const Result<Done> kept = store->set_value(cursor_name, std::to_string(cursor));
    if (!kept) throw StoreFailure(kept.error().detail);
  };
  parts.heard = [this](AccountNumber account, const JetstreamEvent& event) {
    hear(account, event);
  };
  listener = std::make_unique<Listener>(std::move(parts));
}

// YouTube alone has one. Its secret outlives restarts: what a hub was told stays
// true, and subscribing again is a renewal.
Result<Done> Daemon::Parts::open_hub() {
  const auto it = config.connectors.find("youtube");
  if (it == config.connectors.end() || it->second.callback.empty()) return Done{};
  Result<std::optional<std::string>> kept = store->value(hub_secret_name);
  if (!kept) return kept.error();
  std::string secret = kept->value_or("");
  if (secret.empty()) {
    secret = world.random(hub_secret_bytes);
    if (const Result<Done> stored = store->set_value(hub_secret_name, secret); !stored)
      return stored.error();
  }
  HubParts parts{.clock = world.clock, .fetcher = world.fetcher, .log = world.log};
  parts.hub = it->second.hub.empty() ? std::string(youtube_hub) : it->second.hub;
  if (!it->second.hub.empty()) parts.allowance = it->second.allowance;
  parts.callback = it->second.callback;
  parts.secret = std::move(secret);
  parts.heard = [this](AccountNumber account) { poller->hear(account, {}); };
  hub = std::make_unique<HubSubscriber>(std::move(parts));
  return Done{};
}

// X has one app's webhook; the loader has seen to it that there is one.
void Daemon::Parts::open_activity() {
  const auto it = config.connectors.find("x");
  if (it == config.connectors.end() || it->second.callback.empty()) return;
  ActivityParts parts{.clock = world.clock, .fetcher = world.fetcher, .log = world.log};
  for (const CredentialConfig& one : it->second.credentials) {
    if (one.app_secret) parts.app = {it->second.base, one.token.value, one.app_secret->value};
  }
  parts.address = it->second.callback + '/' + std::string(activity_key);
  parts.allowance = it->second.allowance;
  parts.heard = [this](AccountNumber account) { poller->hear(account, {}); };
  parts.watched = [this](AccountNumber account) { return poller->watches(account); };
  activity = std::make_unique<ActivitySubscriber>(std::move(parts));
}

// Who calls us back asks for us by the name that we gave.
std::vector<std::string> Daemon::Parts::callback_hosts() const {
  std::vector<std::string> hosts;
  for (const auto& [name, connector] : config.connectors) {
    const std::string& address = connector.callback;
    if (address.empty()) continue;
    const std::size_t start = address.find("://") + 3;
    hosts.push_back(lower_ascii(address.substr(start, address.find_first_of(":/", start) - start)));
  }
  return hosts;
}

HubSaid Daemon::Parts::answer_hub(const HubAsk& ask) {
  if (ask.key == activity_key) return answer_activity(ask);
  if (!hub) return {};
  if (ask.notice) {
    const HubSubscriber::Notice notice = hub->notify(ask.key, ask.signature, ask.body);
    return {notice == HubSubscriber::Notice::unknown ? 404 : 202, {}};
  }
  HubVerification said = hub->verify(ask.key, ask.query);
  if (said.kind == HubVerification::Kind::unknown) return {};
  return {200, std::move(said.challenge)};
}

// X takes nothing but 200 for received; whoever cannot sign is told so.
HubSaid Daemon::Parts::answer_activity(const HubAsk& ask) {
  if (!activity) return {};
  if (ask.notice) {
    const auto notice = activity->notify(ask.x_signatures, ask.body);
    return {notice == ActivitySubscriber::Notice::dropped ? 403 : 200};
  }
  std::optional<std::string> proof = activity->prove(ask.query);
  if (!proof) return {};
  return {200, *std::move(proof), "application/json"};
}

void Daemon::Parts::listen_to(const Account& account) {
  if (activity && account.platform == "x" && !account.id.empty())
    activity->add(account.number, account.id);
  if (hub && account.platform == "youtube" && !account.id.empty())
    hub->add(account.number, youtube_topic(account.id));
  if (!listener || account.platform != "bluesky" || account.id.empty()) return;
  if (listener->add(account.number, account.id)) return;
  world.log.write(LogLevel::warning, "stream_full", "the account is looked at, not listened to",
                  {{"account", print_account(account)}});
}

void Daemon::Parts::stop_listening_to(const Account& account) {
  if (activity && account.platform == "x") activity->remove(account.number);
  if (hub && account.platform == "youtube") hub->remove(account.number);
  if (listener && account.platform == "bluesky" && !account.id.empty())
    listener->remove(account.id);
}

void Daemon::Parts::hear(AccountNumber account, const JetstreamEvent& event) {
  if (event.kind == JetstreamKind::revised) return;
  HeardNews news;
  news.post = event.post;
  news.moved = event.kind == JetstreamKind::identity || event.kind == JetstreamKind::account;
  poller->hear(account, std::move(news));
}

}  // namespace pw
