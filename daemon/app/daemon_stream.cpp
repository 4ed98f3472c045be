// The stream that brings looks forward, where one is configured.
#include <charconv>

#include "daemon/app/daemon_parts.h"

namespace pw {
namespace {

constexpr std::string_view cursor_name = "jetstream_cursor";
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

void Daemon::Parts::listen_to(const Account& account) {
  if (!listener || account.platform != "bluesky" || account.id.empty()) return;
  if (listener->add(account.number, account.id)) return;
  world.log.write(LogLevel::warning, "stream_full", "the account is looked at, not listened to",
                  {{"account", print_account(account)}});
}

void Daemon::Parts::hear(AccountNumber account, const JetstreamEvent& event) {
  if (event.kind == JetstreamKind::revised) return;
  HeardNews news;
  news.post = event.post;
  news.moved = event.kind == JetstreamKind::identity || event.kind == JetstreamKind::account;
  poller->hear(account, std::move(news));
}

}  // namespace pw
