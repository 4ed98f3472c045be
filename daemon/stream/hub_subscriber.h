// Keeps subscriptions at a WebSub hub, one per account, and passes on that a hub
// says "news". It never stands in for a look: a notification makes the poller look
// at once, and a hub that forgets us costs nothing but time (W3C WebSub, 2018).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

#include <boost/asio/awaitable.hpp>

#include "connectors/websub.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/fetcher.h"
#include "daemon/runtime/log.h"

namespace pw {

struct HubParts {
  Clock& clock;
  Fetcher& fetcher;
  Log& log;
  std::string hub{};       // whom to ask
  std::string callback{};  // where a hub reaches us; "/KEY" is put behind it
  Allowance allowance{};   // for `hub` alone, never for one that it names
  std::string secret{};    // 32 random bytes, the same after a restart
  std::function<void(AccountNumber)> heard{};
};

class HubSubscriber {
 public:
  explicit HubSubscriber(HubParts parts);

  // Asked for with the next step of run(); again before each lease ends.
  void add(AccountNumber account, std::string topic);
  void remove(AccountNumber account);

  // Until cancelled: subscribes, renews, unsubscribes, a request at a time.
  boost::asio::awaitable<void> run();

  // A GET at "callback/KEY": what to answer. `query` as it came.
  HubVerification verify(std::string_view key, std::string_view query);

  enum class Notice {
    unknown,  // nobody subscribed so: 404, so that the hub stops
    dropped,  // the signature is not the hub's: 2xx all the same, and nothing follows
    heard,
  };
  // A POST at "callback/KEY"; `signature` is X-Hub-Signature, empty where absent.
  Notice notify(std::string_view key, std::string_view signature, std::string_view body);

  int confirmed() const;                              // leases that run
  std::uint64_t heard() const { return heard_; }      // notices that were the hub's
  std::uint64_t dropped() const { return dropped_; }  // and were not

 private:
  struct Entry {
    AccountNumber account = 0;
    HubSubscription subscription{};
    HubMode mode = HubMode::subscribe;
    std::string hub{};  // in place of ours, where ours said so
    int hops = 0;
    int failures = 0;    // in a row
    int unverified = 0;  // accepted in a row, and nothing came of it
    Instant due{};
    Instant lease_end{};
  };
  Entry* next_due();
  boost::asio::awaitable<void> ask(const std::string& key);
  void take(Entry& entry, const HubAnswer& answer);
  void put_off(Entry& entry, std::optional<Millis> wait, const std::string& why);

  HubParts parts_;
  std::unordered_map<std::string, Entry> entries_;  // by key
  std::uint64_t heard_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace pw
