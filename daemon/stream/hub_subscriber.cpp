#include "daemon/stream/hub_subscriber.h"

#include <algorithm>

#include "daemon/core/hash.h"

namespace pw {

namespace asio = boost::asio;

namespace {

// Between two requests, so that a roster of thousands is no flood.
constexpr Millis pace = std::chrono::milliseconds(200);
constexpr Millis glance = std::chrono::seconds(2);
// An accepted request that is never verified is made again, ever more rarely.
constexpr Millis verified_within = std::chrono::minutes(10);
constexpr Millis put_off_least = std::chrono::minutes(1);
constexpr Millis put_off_most = std::chrono::hours(1);
constexpr int hops_max = 3;

std::string derived(std::string_view secret, std::string_view purpose, std::string_view topic) {
  return print_hex(hmac_sha256(secret, std::string(purpose) + '\n' + std::string(topic)));
}

}  // namespace

HubSubscriber::HubSubscriber(HubParts parts) : parts_(std::move(parts)) {}

void HubSubscriber::add(AccountNumber account, std::string topic) {
  // Nobody can guess the key, and nobody but the hub is told the secret.
  const std::string key = derived(parts_.secret, "callback", topic).substr(0, 32);
  Entry& entry = entries_[key];
  const bool is_kept = entry.account == account && entry.mode == HubMode::subscribe;
  if (is_kept && entry.due != Instant{}) return;
  entry.account = account;
  entry.mode = HubMode::subscribe;
  entry.due = parts_.clock.now();
  entry.subscription = {topic, parts_.callback + '/' + key,
                        derived(parts_.secret, "secret", topic)};
}

void HubSubscriber::remove(AccountNumber account) {
  for (auto& [key, entry] : entries_) {
    if (entry.account != account || entry.mode == HubMode::unsubscribe) continue;
    entry.mode = HubMode::unsubscribe;
    entry.due = parts_.clock.now();
    entry.failures = 0;
  }
}

HubSubscriber::Entry* HubSubscriber::next_due() {
  Entry* first = nullptr;
  for (auto& [key, entry] : entries_) {
    if (first == nullptr || entry.due < first->due) first = &entry;
  }
  return first != nullptr && first->due <= parts_.clock.now() ? first : nullptr;
}

asio::awaitable<void> HubSubscriber::run() {
  for (;;) {
    Entry* entry = next_due();
    if (entry != nullptr) {
      const std::string& address = entry->subscription.callback;
      const std::string key = address.substr(address.rfind('/') + 1);
      co_await ask(key);
    }
    co_await parts_.clock.sleep_until(parts_.clock.now() + (entry != nullptr ? pace : glance));
  }
}

asio::awaitable<void> HubSubscriber::ask(const std::string& key) {
  const Entry& asked = entries_.at(key);
  const bool own = asked.hub.empty();
  HttpRequest request = hub_request(own ? parts_.hub : asked.hub, asked.mode, asked.subscription);
  if (own) request.allowance = &parts_.allowance;
  HttpResponse response;
  const Result<Done> fetched = co_await parts_.fetcher.fetch(request, response);
  // The hub may have asked back, and everything changed, while its answer came.
  const auto it = entries_.find(key);
  if (it == entries_.end()) co_return;
  if (!fetched) {
    put_off(it->second, std::nullopt, fetched.error().detail);
  } else {
    take(it->second, read_hub_answer(response));
  }
}

void HubSubscriber::take(Entry& entry, const HubAnswer& answer) {
  const Instant now = parts_.clock.now();
  switch (answer.kind) {
    case HubAnswer::Kind::accepted:
      entry.failures = 0;
      // Verified already, before the answer came: then the lease decides.
      if (entry.due > now) return;
      entry.due = now + verified_within * (1 << std::min(entry.unverified++, 3));
      return;
    case HubAnswer::Kind::elsewhere:
      if (++entry.hops > hops_max) return put_off(entry, put_off_most, "sent on and on");
      entry.hub = answer.hub;
      entry.due = now;
      return;
    case HubAnswer::Kind::later:
      return put_off(entry, answer.wait, answer.detail);
    case HubAnswer::Kind::refused:
      return put_off(entry, put_off_most, answer.detail);
  }
}

// Said once in a row, and tried again ever more rarely.
void HubSubscriber::put_off(Entry& entry, std::optional<Millis> wait, const std::string& why) {
  const Millis grown = put_off_least * (1 << std::min(entry.failures, 6));
  const Millis pause = std::clamp(wait.value_or(grown), put_off_least, put_off_most);
  entry.due = parts_.clock.now() + pause;
  if (entry.failures++ > 0) return;
  parts_.log.write(LogLevel::warning, "hub_not_subscribed", why,
                   {{"topic", entry.subscription.topic}, {"again_in", print_duration(pause)}});
}

HubVerification HubSubscriber::verify(std::string_view key, std::string_view query) {
  const auto it = entries_.find(std::string(key));
  if (it == entries_.end()) return verify_intent(query, nullptr, HubMode::subscribe);
  Entry& entry = it->second;
  const HubVerification said = verify_intent(query, &entry.subscription, entry.mode);
  if (said.kind == HubVerification::Kind::denied) put_off(entry, put_off_most, said.reason);
  if (said.kind != HubVerification::Kind::confirmed) return said;
  if (entry.mode == HubMode::unsubscribe) {
    entries_.erase(it);
    return said;
  }
  const Instant now = parts_.clock.now();
  const Millis lease = said.lease > Millis{0} ? said.lease : hub_lease_asked;
  entry.lease_end = now + lease;
  entry.due = renew_at(now, lease);
  entry.failures = entry.hops = entry.unverified = 0;
  return said;
}

HubSubscriber::Notice HubSubscriber::notify(std::string_view key, std::string_view signature,
                                            std::string_view body) {
  const auto it = entries_.find(std::string(key));
  if (it == entries_.end()) return Notice::unknown;
  const Entry& entry = it->second;
  if (!fits_hub_signature(signature, entry.subscription.secret, body)) {
    if (dropped_++ == 0) {
      parts_.log.write(LogLevel::warning, "hub_notice_dropped", "not signed by the hub",
                       {{"topic", entry.subscription.topic}});
    }
    return Notice::dropped;
  }
  // Who was unsubscribed may still be told of for a while.
  if (entry.mode == HubMode::unsubscribe) return Notice::heard;
  ++heard_;
  parts_.heard(entry.account);
  return Notice::heard;
}

int HubSubscriber::confirmed() const {
  return static_cast<int>(std::count_if(entries_.begin(), entries_.end(), [&](const auto& item) {
    return item.second.lease_end > parts_.clock.now();
  }));
}

}  // namespace pw
