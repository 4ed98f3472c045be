// The loop: whoever is due is looked at, and every look is recorded whole.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/poll/recorder.h"
#include "daemon/poll/schedule.h"
#include "daemon/poll/watch.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/fetcher.h"
#include "daemon/runtime/log.h"

namespace pw {

// One answer whose list was compared with what was known; valid during the call.
struct Answer {
  const Account& account;
  const HttpRequest& request;
  const HttpResponse& response;  // the first page
  const Observation& seen;
  Instant last_observed;  // by the look before
};

struct PollerParts {
  Clock& clock;
  Fetcher& fetcher;
  Store& store;
  Recorder& recorder;
  Log& log;
  std::uint64_t seed = 0;  // jitter and phases; revealed when the campaign closes
  SweepDelays sweeps{};
  // The windows an account is judged by; the reference holds until the next call.
  std::function<const std::vector<Window>&(const Account&)> windows;
  std::function<void()> on_news;           // after new posts are stored: screen them
  std::function<std::string()> make_salt;  // 16 random bytes
  // After an answer that was not as the one before has been recorded; may be empty.
  std::function<void(const Answer&)> on_answer{};
};

class Poller {
 public:
  explicit Poller(PollerParts parts);

  // The budgets of a lane are its schedule's; one per credential where it has any.
  std::uint32_t add_lane(Lane lane, std::vector<Budget> budgets, std::vector<std::string> apps);
  // First looked at within `within` from now, spread by phase.
  void add(Watch watch, std::uint32_t lane, Millis within);
  // Stops watching; a look under way is finished and recorded.
  void remove(AccountNumber account);
  bool watches(AccountNumber account) const;

  // One of several identical workers; as many looks are under way at once.
  boost::asio::awaitable<void> work();

  std::size_t size() const { return active_; }
  Millis lateness() const { return schedule_.lateness(clock().steady()); }
  // No account has anything left to be looked at for.
  bool finished() const { return active_ == 0; }
  const Watch* find(AccountNumber account) const;

 private:
  struct Slot {
    Watch watch;
    std::uint32_t lane = 0;
    bool active = false;
  };
  // One request and its answer, reused by a worker.
  struct Exchange {
    HttpRequest request;
    HttpResponse response;
  };
  // How a look ended, beside what it recorded.
  struct Ending {
    Outcome outcome = Outcome::unreachable;
    Scope scope = Scope::account;
    std::optional<Millis> retry_after{};
    bool looked = true;  // false: only an id was pinned, or nothing was due
  };

  Clock& clock() const { return parts_.clock; }
  boost::asio::awaitable<void> wait_for_work();
  boost::asio::awaitable<Ending> take(const Turn& turn, Exchange& exchange);
  boost::asio::awaitable<Ending> resolve(Slot& slot, const Turn& turn, Exchange& exchange);
  boost::asio::awaitable<Ending> look(Slot& slot, const Turn& turn, Purpose purpose,
                                      Exchange& exchange);
  boost::asio::awaitable<Ending> read_back(Slot& slot, const Turn& turn, Page& first, Sight& sight,
                                           Exchange& exchange);
  boost::asio::awaitable<std::optional<std::string>> read_on(Slot& slot, const Turn& turn,
                                                             std::string cursor, Reach& reach,
                                                             Exchange& exchange);
  Ending settle_unchanged(Slot& slot, const Sight& sight);
  // `shown`: the first page, for who keeps it.
  Ending settle_read(Slot& slot, const Observation& seen, const Exchange& shown);
  Ending settle(Slot& slot, Observation seen);
  Ending fail(Slot& slot, Purpose purpose, const Trouble& trouble, const Exchange& exchange);
  void pin(Slot& slot, const std::string& id);
  void put_back(const Turn& turn, const Ending& ending);
  void note_blocks(const Turn& turn, const Ending& ending);
  void say_change(const Slot& slot, const Look& look);
  Query query_of(const Slot& slot, const Turn& turn, std::string_view cursor) const;
  bool ask_if_changed(const Slot& slot, Purpose purpose, HttpRequest& request) const;
  std::optional<Trouble> identity_trouble(Slot& slot, const Page& page);

  PollerParts parts_;
  Schedule schedule_;
  // Deques: a look under way holds references while a reload adds to them.
  std::deque<Lane> lanes_;
  std::deque<Slot> slots_;              // by schedule index
  std::vector<std::uint32_t> slot_of_;  // account number → index + 1
  std::list<boost::asio::steady_timer*> parked_;
  Tick next_wake_ = tick_never;
  std::size_t active_ = 0;
};

}  // namespace pw
