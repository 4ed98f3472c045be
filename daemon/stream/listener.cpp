#include "daemon/stream/listener.h"

#include <algorithm>

#include "daemon/core/hash.h"

namespace pw {

namespace asio = boost::asio;

namespace {

constexpr Millis keep_cursor_every = std::chrono::seconds(5);
constexpr Millis refresh_every = std::chrono::seconds(2);
constexpr Millis nobody_pause = std::chrono::seconds(5);

}  // namespace

Millis reconnect_after(int failures, std::uint64_t seed) {
  const Millis least = std::chrono::seconds(1);
  const Millis most = std::chrono::minutes(1);
  const Millis whole = std::min(most, least * (1 << std::clamp(failures - 1, 0, 6)));
  const std::uint64_t part =
      mix64("reconnect " + std::to_string(seed) + ' ' + std::to_string(failures));
  return whole - whole * static_cast<std::int64_t>(part % 1000) / 4000;
}

Listener::Listener(ListenerParts parts)
    : parts_(std::move(parts)), progress_(parts_.load_cursor()) {}

bool Listener::add(AccountNumber account, const std::string& did) {
  if (accounts_.contains(did)) return true;
  if (accounts_.size() >= jetstream_accounts_max) return false;
  accounts_.emplace(did, account);
  filter_is_old_ = true;
  return true;
}

void Listener::remove(const std::string& did) {
  if (accounts_.erase(did) > 0) filter_is_old_ = true;
}

bool Listener::compare(AccountNumber account, std::string_view rev, Instant at) {
  return progress_.compare(account, rev, at);
}

asio::awaitable<void> Listener::run() {
  for (;;) {
    if (accounts_.empty()) {
      co_await parts_.clock.sleep_until(parts_.clock.now() + nobody_pause);
      continue;
    }
    const Result<Done> ended = co_await listen();
    socket_.reset();
    connected_ = false;
    keep_cursor();
    ++failures_;
    const Millis pause = reconnect_after(failures_, parts_.seed);
    say_end(ended.error(), pause);
    co_await parts_.clock.sleep_until(parts_.clock.now() + pause);
  }
}

// One connection, from greeting to its end, which is always an error.
asio::awaitable<Result<Done>> Listener::listen() {
  if (progress_.has_lost(parts_.clock.now())) {
    parts_.log.write(LogLevel::warning, "stream_lost",
                     "away for longer than the stream is kept; looks alone cover that time", {});
  }
  HttpRequest request;
  request.url = jetstream_address(parts_.base, progress_.resume_from());
  request.allowance = &parts_.allowance;
  Result<std::unique_ptr<MessageSocket>> opened = co_await parts_.sockets.open(request);
  if (!opened) co_return opened.error();
  const std::shared_ptr<MessageSocket> socket = *std::move(opened);
  const Result<Done> sent = co_await send_filter(*socket);
  if (!sent) co_return sent.error();
  socket_ = socket;
  std::string message;
  for (;;) {
    const Result<Done> received = co_await socket->receive(message);
    if (!received) co_return received.error();
    failures_ = 0;  // a server that greets and then closes is no working one
    take(message);
  }
}

// What cannot be sent ends the reading too, which then connects again.
asio::awaitable<void> Listener::refresh() {
  for (;;) {
    co_await parts_.clock.sleep_until(parts_.clock.now() + refresh_every);
    const std::shared_ptr<MessageSocket> socket = socket_;
    if (!filter_is_old_ || !socket || accounts_.empty()) continue;
    const Result<Done> sent = co_await send_filter(*socket);
    filter_is_old_ = !sent;
  }
}

asio::awaitable<Result<Done>> Listener::send_filter(MessageSocket& socket) {
  std::vector<std::string> dids;
  dids.reserve(accounts_.size());
  for (const auto& [did, account] : accounts_) dids.push_back(did);
  std::sort(dids.begin(), dids.end());
  const std::string filter = jetstream_filter(dids);
  filter_is_old_ = false;
  const Result<Done> sent = co_await socket.send(filter);
  if (!sent) co_return sent.error();
  if (!connected_) {
    parts_.log.write(LogLevel::info, "stream_open", parts_.base,
                     {{"accounts", static_cast<std::int64_t>(dids.size())}});
  }
  connected_ = true;
  co_return Done{};
}

void Listener::take(std::string_view message) {
  const std::optional<JetstreamEvent> event = decode_jetstream(message);
  if (!event) {
    if (unreadable_++ == 0) {
      parts_.log.write(LogLevel::warning, "stream_unreadable", "a message of no known kind", {});
    }
    return;
  }
  // Identity and account events of others may pass the filter.
  const auto it = accounts_.find(event->did);
  if (it == accounts_.end()) return;
  ++heard_;
  if (progress_.hear(it->second, *event)) parts_.heard(it->second, *event);
  if (parts_.clock.now() - cursor_kept_ >= keep_cursor_every) keep_cursor();
}

void Listener::keep_cursor() {
  cursor_kept_ = parts_.clock.now();
  if (const auto cursor = progress_.cursor()) parts_.save_cursor(*cursor);
}

void Listener::say_end(const Error& why, Millis pause) {
  if (failures_ > 1) return;  // said once
  parts_.log.write(LogLevel::warning, "stream_closed", why.detail,
                   {{"again_in", print_duration(pause)}});
}

}  // namespace pw
