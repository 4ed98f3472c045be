// The loop: whoever is due is looked at, and every look is recorded whole.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <set>
#include <string>
#include <unordered_map>
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
  // What is to be said beside an answer with news, in the same commit; may be empty.
  std::function<std::vector<Entry>(const Answer&)> beside_news{};
  // After an answer that was not as the one before has been recorded; may be empty.
  std::function<void(const Answer&)> on_answer{};
  // After an account's own server named its revision; may be null.
  std::function<void(const Account&, std::string_view rev, Instant)> on_revision{};
  // After an id was pinned; may be null.
  std::function<void(const Account&)> on_pin{};
};

// What a fetch that gave no answer means for the look.
Trouble trouble_of(const Error& error);

// Of a request the connector says whether an allowance may reach it at all; which
// one is the lane's own.
inline void bind_allowance(const Lane& lane, HttpRequest& request) {
  if (request.allowance != nullptr) request.allowance = &lane.allowance;
}

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
  // Beside the workers: cheap checks of many accounts at once, where a platform
  // has them. What changed is looked at next; what did not is looked at as planned.
  boost::asio::awaitable<void> check_batches();
  // A stream's word: the account is looked at now, but no sooner after its last turn than
  // its platform may be asked, however often one hears; and a post that has gone by then
  // is recorded as it was heard.
  void hear(AccountNumber account, HeardNews news);

  std::size_t size() const { return active_; }
  Millis lateness() const { return schedule_.lateness(clock().steady()); }
  // No account has anything left to be looked at for.
  bool finished() const { return active_ == 0; }
  const Watch* find(AccountNumber account) const;
  // One per budget, as the platform last said in its answers; empty where it never did.
  const std::vector<HeadroomSeen>& headrooms(std::uint32_t lane) const {
    return lanes_[lane].rooms;
  }

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
    bool paid = false;  // the turn's first request is paid for by taking the turn
  };
  using HomeAnswer = std::variant<Home, Trouble>;
  // A post heard of, until a look shows whether it stands.
  struct Pending {
    Post post;
    Instant heard{};
    Instant without{};  // the last look before, which did not show it
  };
  // What one request, or a few, read of several accounts.
  struct Together {
    std::vector<Page> pages;    // in the order of the batch; empty: not read
    Sight sight;                // of the first answer
    bool alone_rather = false;  // one account may have failed it for all
    bool unfinished = false;    // the budget or the page limit ended it
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
  Tick next_wake() const { return wakes_.empty() ? tick_never : *wakes_.begin(); }
  boost::asio::awaitable<Ending> take(const Turn& turn, Exchange& exchange);
  boost::asio::awaitable<Ending> resolve(Slot& slot, const Turn& turn, Exchange& exchange);
  boost::asio::awaitable<Ending> look(Slot& slot, const Turn& turn, Purpose purpose,
                                      Exchange& exchange);
  boost::asio::awaitable<void> pay(const Turn& turn);
  boost::asio::awaitable<Result<Done>> ask(const Turn& turn, HttpRequest request,
                                           Exchange& exchange);
  void note_headroom(const Turn& turn, const HttpResponse& response);
  static std::optional<Trouble> unless_known(const Slot& slot, Trouble trouble);
  bool wants_home(const Slot& slot, Purpose purpose) const;
  boost::asio::awaitable<HomeAnswer> ask_home(const Turn& turn, const Account& account,
                                              Exchange& exchange);
  boost::asio::awaitable<std::optional<Trouble>> find_home(Slot& slot, const Turn& turn,
                                                           Exchange& exchange);
  boost::asio::awaitable<std::optional<ProbeReading>> probe(Slot& slot, const Turn& turn,
                                                            Exchange& exchange);
  boost::asio::awaitable<Ending> look_by_revision(Slot& slot, const Turn& turn, Purpose purpose,
                                                  Exchange& exchange);
  boost::asio::awaitable<Ending> read_list(Slot& slot, const Turn& turn, Sight& sight,
                                           Exchange& exchange);
  boost::asio::awaitable<Ending> read_back(Slot& slot, const Turn& turn, Page& first, Sight& sight,
                                           Exchange& exchange);
  boost::asio::awaitable<std::optional<std::string>> read_on(Slot& slot, const Turn& turn,
                                                             std::string cursor, Reach& reach,
                                                             Exchange& exchange);
  boost::asio::awaitable<std::optional<Trouble>> ask_why_empty(Slot& slot, const Turn& turn,
                                                               Exchange& exchange);
  Ending settle_unchanged(Slot& slot, const Sight& sight);
  // `shown`: the first page, for who keeps it.
  boost::asio::awaitable<Ending> settle_read(Slot& slot, Observation& seen, const Exchange& shown);
  Ending settle(Slot& slot, const Observation& seen);
  Ending fail(Slot& slot, Purpose purpose, const Trouble& trouble, const Exchange& exchange);
  boost::asio::awaitable<void> pin(Slot& slot, std::string id);
  void hasten(std::uint32_t index, Tick due);
  void record_vanished(Slot& slot, const Observation& seen);
  boost::asio::awaitable<void> check_lane(std::uint32_t lane, Exchange& exchange);
  boost::asio::awaitable<void> look_together(std::uint32_t lane, Exchange& exchange);
  boost::asio::awaitable<Together> read_together(const std::vector<std::uint32_t>& batch,
                                                 const Turn& turn, Exchange& exchange);
  void settle_together(std::uint32_t index, const Page& page, const Sight& sight);
  Tick due_after(const Slot& slot, bool looked) const;
  Tick soonest(const Slot& slot) const;
  std::vector<std::uint32_t> batch_of(std::uint32_t lane, std::size_t& from) const;
  bool take_token(Slot& slot, const ProbeReading& reading);
  void put_back(const Turn& turn, const Ending& ending);
  Millis interval_of(const Slot& slot) const;
  void note_habit(Slot& slot, const std::vector<StoredPost>& posts);
  void share_out(std::uint32_t lane);
  void even_out(std::uint32_t lane, Tick until);
  void note_blocks(const Turn& turn, const Ending& ending);
  void say_change(const Slot& slot, const Look& look);
  Query query_of(const Slot& slot, const Turn& turn, std::string_view cursor) const;
  ListKind list_kind(const Slot& slot) const;
  bool ask_if_changed(const Slot& slot, Purpose purpose, HttpRequest& request) const;
  std::optional<Trouble> identity_trouble(Slot& slot, const Page& page);
  std::optional<Trouble> handle_trouble(const Slot& slot, std::string_view handle) const;

  PollerParts parts_;
  Schedule schedule_;
  // Deques: a look under way holds references while a reload adds to them.
  std::deque<Lane> lanes_;
  std::deque<Slot> slots_;              // by schedule index
  std::vector<std::uint32_t> slot_of_;  // account number → index + 1
  std::unordered_map<AccountNumber, std::vector<Pending>> pending_;
  std::list<boost::asio::steady_timer*> parked_;
  std::multiset<Tick> wakes_;  // when workers that sleep will wake
  std::size_t active_ = 0;
};

}  // namespace pw
