// Keeps X's webhook and its subscriptions, two per account, and passes on that X says
// "news". It never stands in for a look: a notice makes the poller look at once, and what
// X does not tell of costs nothing but time (connectors/x_activity.h).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "connectors/x_activity.h"
#include "daemon/core/account.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/fetcher.h"
#include "daemon/runtime/log.h"

namespace pw {

struct ActivityParts {
  Clock& clock;
  Fetcher& fetcher;
  Log& log;
  XApp app{};
  std::string address{};  // where X reaches us
  Allowance allowance{};  // for the API
  std::function<void(AccountNumber)> heard{};
  // Whether it still has to be looked at; asked once an hour.
  std::function<bool(AccountNumber)> watched{};
};

class ActivitySubscriber {
 public:
  explicit ActivitySubscriber(ActivityParts parts);

  // Accounts are subscribed to in this order, as far as the app's subscriptions go.
  void add(AccountNumber account, std::string user_id);
  void remove(AccountNumber account);

  // Until cancelled: lists what there is, so that a restart makes nothing twice, subscribes
  // what is missing, ends what is nobody's any more; a request at a time.
  boost::asio::awaitable<void> run();

  // A GET at the address: the answer to X's challenge; nothing where it is none.
  std::optional<std::string> prove(std::string_view query) const;

  enum class Notice {
    dropped,   // not signed by X: nothing follows
    unread,    // signed, and about nothing that was subscribed to
    unknown,   // about somebody who is not watched
    repeated,  // told before
    heard,
  };
  // A POST at the address; `signatures` are those headers of X that it has.
  Notice notify(std::span<const std::string> signatures, std::string_view body);

  // What operators have to be told: why X tells of nobody, or of some alone. Empty: nothing.
  std::string fault() const;
  std::size_t subscribed() const;                     // accounts with all they are to have
  std::uint64_t heard() const { return heard_; }      // notices that were X's
  std::uint64_t dropped() const { return dropped_; }  // and were not

 private:
  struct Entry {
    AccountNumber account = 0;
    std::string user_id;
    std::array<std::string, x_events.size()> subscriptions{};  // ids; empty: none yet
    Instant due{};                                             // not asked for before
  };
  struct Missing {
    std::size_t entry;
    std::size_t event;
  };

  // What X says of our webhook.
  enum class Standing { valid, given_up, absent, refused };

  std::size_t room() const;  // accounts that the app's subscriptions suffice for
  std::optional<Missing> next_missing() const;
  Entry* find(std::string_view user_id);
  void take(const XSubscription& subscription);
  void forget_finished();

  Standing note_webhook(const HttpResponse& response);

  boost::asio::awaitable<void> step();
  boost::asio::awaitable<bool> find_webhook();
  boost::asio::awaitable<bool> list();
  boost::asio::awaitable<void> subscribe(Missing missing);
  boost::asio::awaitable<void> unsubscribe();
  // The answer, unless there was none or it was a refusal: that is dealt with.
  boost::asio::awaitable<bool> ask(HttpRequest request, HttpResponse& response);
  void succeed();
  void put_off(const XRefusal& refusal);

  ActivityParts parts_;
  std::deque<Entry> entries_;
  std::unordered_map<std::string, AccountNumber> account_of_;  // by user id
  std::string webhook_;                                        // its id; empty: not known
  std::vector<XSubscription> nobodys_;                         // of this webhook, of no entry
  std::size_t others_ = 0;                                     // the app's, not of this webhook
  Instant listed_{};                                           // never: no list is known
  Instant settled_{};  // nothing is ended before: whose it is may not be known yet
  Instant due_{};      // nothing is asked before
  int failures_ = 0;   // in a row
  std::string why_;    // of the last of them
  std::unordered_set<std::string> told_;  // events, the latest alone
  std::deque<std::string> told_order_;
  std::uint64_t heard_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace pw
