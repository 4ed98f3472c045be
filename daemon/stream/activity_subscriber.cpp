#include "daemon/stream/activity_subscriber.h"

#include <algorithm>

// g++ 12 inlines Asio's allocation of a coroutine's frame but not its release, and
// takes the two for a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace pw {

namespace asio = boost::asio;

namespace {

// The tightest of X's limits here is 450 requests in 15 minutes (platforms-open 6.2).
constexpr Millis activity_pace = std::chrono::seconds(2);
// X checks a webhook hourly and drops one that fails; subscriptions may go too.
constexpr Millis relist_every = std::chrono::hours(1);
// Ids of accounts are found out after a start; until then nobody's may be somebody's.
constexpr Millis nobodys_kept = std::chrono::minutes(10);
constexpr Millis wait_least = std::chrono::minutes(1);
constexpr Millis wait_most = std::chrono::hours(1);
// A failure that repeats itself as often is told to operators.
constexpr int failures_told = 3;
constexpr std::size_t told_max = 4'096;
constexpr int pages_listed_max = 60;

}  // namespace

ActivitySubscriber::ActivitySubscriber(ActivityParts parts) : parts_(std::move(parts)) {}

ActivitySubscriber::Entry* ActivitySubscriber::find(std::string_view user_id) {
  const auto it = std::find_if(entries_.begin(), entries_.end(),
                               [&](const Entry& entry) { return entry.user_id == user_id; });
  return it == entries_.end() ? nullptr : &*it;
}

void ActivitySubscriber::add(AccountNumber account, std::string user_id) {
  if (account_of_.contains(user_id)) return;
  account_of_[user_id] = account;
  entries_.push_back({.account = account, .user_id = std::move(user_id)});
  // What an earlier process subscribed to.
  const auto its = std::stable_partition(
      nobodys_.begin(), nobodys_.end(),
      [&](const XSubscription& one) { return one.user_id != entries_.back().user_id; });
  const std::vector<XSubscription> found(its, nobodys_.end());
  nobodys_.erase(its, nobodys_.end());
  for (const XSubscription& one : found) take(one);
}

void ActivitySubscriber::remove(AccountNumber account) {
  const auto it = std::find_if(entries_.begin(), entries_.end(),
                               [&](const Entry& entry) { return entry.account == account; });
  if (it == entries_.end()) return;
  for (const std::string& id : it->subscriptions) {
    if (!id.empty()) nobodys_.push_back({.id = id, .user_id = it->user_id});
  }
  account_of_.erase(it->user_id);
  entries_.erase(it);
}

// Subscriptions have no end of their own, as a hub's have.
void ActivitySubscriber::forget_finished() {
  std::erase_if(entries_, [&](const Entry& entry) {
    const bool is_over = !parts_.watched(entry.account);
    if (is_over) account_of_.erase(entry.user_id);
    return is_over;
  });
}

// One that X has: its account's, or, twice or of nobody, to be ended.
void ActivitySubscriber::take(const XSubscription& subscription) {
  const auto event = std::find(x_events.begin(), x_events.end(), subscription.event);
  if (event == x_events.end() || subscription.webhook != webhook_) {
    ++others_;
    return;
  }
  Entry* entry = find(subscription.user_id);
  std::string* place =
      entry == nullptr ? nullptr : &entry->subscriptions[std::size_t(event - x_events.begin())];
  if (place != nullptr && place->empty())
    *place = subscription.id;
  else
    nobodys_.push_back(subscription);
}

std::size_t ActivitySubscriber::room() const {
  const std::size_t taken = others_ + nobodys_.size();
  return (x_subscriptions_max - std::min(taken, x_subscriptions_max)) / x_events.size();
}

// New posts of everybody first: what is taken down is seen by the looks as well.
std::optional<ActivitySubscriber::Missing> ActivitySubscriber::next_missing() const {
  const std::size_t count = std::min(entries_.size(), room());
  const Instant now = parts_.clock.now();
  for (std::size_t event = 0; event < x_events.size(); ++event) {
    for (std::size_t i = 0; i < count; ++i) {
      if (entries_[i].subscriptions[event].empty() && entries_[i].due <= now)
        return Missing{i, event};
    }
  }
  return std::nullopt;
}

std::size_t ActivitySubscriber::subscribed() const {
  const auto has_all = [](const Entry& entry) {
    return std::none_of(entry.subscriptions.begin(), entry.subscriptions.end(),
                        [](const std::string& id) { return id.empty(); });
  };
  return std::size_t(std::count_if(entries_.begin(), entries_.end(), has_all));
}

asio::awaitable<void> ActivitySubscriber::run() {
  for (;;) {
    co_await parts_.clock.sleep_until(parts_.clock.now() + activity_pace);
    if (due_ <= parts_.clock.now()) co_await step();
  }
}

asio::awaitable<void> ActivitySubscriber::step() {
  const Instant now = parts_.clock.now();
  if (listed_ == Instant{} || now - listed_ >= relist_every) {
    if (co_await find_webhook()) co_await list();
  } else if (const auto missing = next_missing()) {
    co_await subscribe(*missing);
  } else if (!nobodys_.empty() && now >= settled_) {
    co_await unsubscribe();
  }
}

asio::awaitable<bool> ActivitySubscriber::ask(HttpRequest request, HttpResponse& response) {
  request.allowance = &parts_.allowance;
  const Result<Done> fetched = co_await parts_.fetcher.fetch(request, response);
  if (!fetched) {
    put_off({.later = true, .detail = fetched.error().detail});
    co_return false;
  }
  co_return true;
}

// Ours by its address.
ActivitySubscriber::Standing ActivitySubscriber::note_webhook(const HttpResponse& response) {
  const auto read = read_x_webhooks(response);
  if (const auto* refusal = std::get_if<XRefusal>(&read)) {
    put_off(*refusal);
    return Standing::refused;
  }
  for (const XWebhook& one : std::get<0>(read)) {
    if (one.address != parts_.address) continue;
    webhook_ = one.id;
    return one.valid ? Standing::valid : Standing::given_up;
  }
  return Standing::absent;
}

// Registered where it is not, and proven again where X has given it up.
asio::awaitable<bool> ActivitySubscriber::find_webhook() {
  HttpResponse response;
  if (!co_await ask(x_webhooks_request(parts_.app), response)) co_return false;
  Standing standing = note_webhook(response);
  if (standing == Standing::absent) {
    if (!co_await ask(x_new_webhook_request(parts_.app, parts_.address), response)) co_return false;
    standing = note_webhook(response);
    if (standing == Standing::absent) put_off({.detail = "an answer that names another webhook"});
  }
  if (standing == Standing::given_up) {
    if (!co_await ask(x_check_webhook_request(parts_.app, webhook_), response)) co_return false;
    const auto refusal = x_refusal(response);
    if (refusal) put_off(*refusal);
    co_return !refusal;
  }
  co_return standing == Standing::valid;
}

asio::awaitable<bool> ActivitySubscriber::list() {
  std::vector<XSubscription> all;
  std::string cursor;
  HttpResponse response;
  for (int page = 0; page < pages_listed_max; ++page) {
    if (!co_await ask(x_subscriptions_request(parts_.app, cursor), response)) co_return false;
    auto read = read_x_subscriptions(response);
    if (const auto* refusal = std::get_if<XRefusal>(&read)) {
      put_off(*refusal);
      co_return false;
    }
    auto& listed = std::get<0>(read);
    all.insert(all.end(), listed.all.begin(), listed.all.end());
    cursor = std::move(listed.next);
    if (cursor.empty()) break;
  }
  forget_finished();
  for (Entry& entry : entries_) entry.subscriptions = {};
  nobodys_.clear();
  others_ = 0;
  for (const XSubscription& one : all) take(one);
  if (listed_ == Instant{}) settled_ = parts_.clock.now() + nobodys_kept;
  listed_ = parts_.clock.now();
  succeed();
  co_return true;
}

asio::awaitable<void> ActivitySubscriber::subscribe(Missing missing) {
  const std::string user_id = entries_[missing.entry].user_id;
  const std::string_view event = x_events[missing.event];
  HttpResponse response;
  if (!co_await ask(x_subscribe_request(parts_.app, webhook_, user_id, event), response)) co_return;
  auto read = read_x_subscriptions(response);
  // A reload may have changed everything meanwhile.
  Entry* entry = find(user_id);
  if (const auto* refusal = std::get_if<XRefusal>(&read)) {
    if (entry != nullptr && !refusal->later) entry->due = parts_.clock.now() + wait_most;
    co_return put_off(*refusal);
  }
  const auto& made = std::get<0>(read).all;
  if (made.empty()) co_return put_off({.detail = "an answer without the new subscription"});
  succeed();
  if (entry != nullptr && entry->subscriptions[missing.event].empty())
    entry->subscriptions[missing.event] = made.front().id;
  else
    nobodys_.push_back({.id = made.front().id, .user_id = user_id});
}

asio::awaitable<void> ActivitySubscriber::unsubscribe() {
  const XSubscription ended = nobodys_.back();
  nobodys_.pop_back();
  HttpResponse response;
  if (!co_await ask(x_unsubscribe_request(parts_.app, ended.id), response)) co_return;
  // What could not be ended is on the next list again.
  if (const auto refusal = x_refusal(response); refusal && response.status != 404)
    put_off(*refusal);
}

void ActivitySubscriber::succeed() {
  failures_ = 0;
  why_.clear();
}

// Said once in a row, and asked again ever more rarely. What X refuses one account is no
// reason to stop asking for the others.
void ActivitySubscriber::put_off(const XRefusal& refusal) {
  const Millis grown = wait_least * (1 << std::min(failures_, 6));
  const Millis pause = std::clamp(refusal.wait.value_or(grown), wait_least, wait_most);
  due_ = parts_.clock.now() + pause;
  why_ = refusal.detail;
  if (failures_++ > 0) return;
  parts_.log.write(LogLevel::warning, "x_not_subscribed", why_,
                   {{"again_in", print_duration(pause)}});
}

std::optional<std::string> ActivitySubscriber::prove(std::string_view query) const {
  return answer_x_challenge(query, parts_.app.secret);
}

ActivitySubscriber::Notice ActivitySubscriber::notify(std::span<const std::string> signatures,
                                                      std::string_view body) {
  const bool is_signed = std::any_of(
      signatures.begin(), signatures.end(),
      [&](const std::string& header) { return fits_x_signature(header, parts_.app.secret, body); });
  if (!is_signed) {
    if (dropped_++ == 0) parts_.log.write(LogLevel::warning, "x_notice_dropped", "not signed by X");
    return Notice::dropped;
  }
  const auto notice = read_x_notice(body);
  if (!notice) return Notice::unread;
  const auto it = account_of_.find(notice->user_id);
  if (it == account_of_.end()) return Notice::unknown;
  if (!notice->event_uuid.empty()) {
    if (!told_.insert(notice->event_uuid).second) return Notice::repeated;
    told_order_.push_back(notice->event_uuid);
    if (told_order_.size() > told_max) {
      told_.erase(told_order_.front());
      told_order_.pop_front();
    }
  }
  ++heard_;
  parts_.heard(it->second);
  return Notice::heard;
}

std::string ActivitySubscriber::fault() const {
  if (failures_ >= failures_told)
    return "X's webhook fails (" + why_ + "); whom X does not tell of is looked at as planned";
  const std::size_t told_of = std::min(entries_.size(), room());
  if (listed_ == Instant{} || told_of == entries_.size()) return {};
  return "X tells of " + std::to_string(told_of) + " accounts alone, as the app has " +
         std::to_string(x_subscriptions_max) + " subscriptions and each account takes two; " +
         std::to_string(entries_.size() - told_of) + " are only looked at as planned";
}

}  // namespace pw
