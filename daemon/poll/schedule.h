// Who is looked at next, and on whose budget. Pure: no clock, no network.
//
// Accounts that share a budget form a lane: one host, or one connector with its
// credentials. Within a lane the account that has waited longest goes first, so
// that none is starved; a lane without budget waits as a whole and costs nothing
// meanwhile. Finding the next turn is O(log lanes + log accounts).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/account.h"
#include "daemon/poll/meter.h"

namespace pw {

// One account's turn: which one, and which of its lane's meters pays.
inline constexpr std::uint32_t no_account = ~std::uint32_t{0};

struct Turn {
  std::uint32_t account = 0;  // index as given to add(); no_account: none in particular
  std::uint32_t lane = 0;
  std::uint32_t meter = 0;  // index within the lane; a credential, where it has any
};

class Schedule {
 public:
  // A lane with one meter per budget, each with the app whose blocking it
  // shares (empty: its own). At least one meter.
  std::uint32_t add_lane(std::vector<Budget> budgets, std::vector<std::string> apps = {});

  // Looks at `account` first at `due`. Each index once.
  void add(std::uint32_t account, std::uint32_t lane, Tick due);
  void remove(std::uint32_t account);
  // Looks at it at `due` if that is sooner than planned. False when it is in its
  // turn, or gone: then whoever puts it back has to see to it.
  bool hasten(std::uint32_t account, Tick due);

  // Looks at it at `due`, sooner or later than planned; nothing while it is in its
  // turn, or gone.
  void move(std::uint32_t account, Tick due);

  // Takes the account that is due and whose lane has budget. It is out of the
  // schedule until put_back().
  std::optional<Turn> pop_due(Tick now);
  void put_back(std::uint32_t account, Tick due);

  // When pop_due will next have something; tick_never when nothing waits.
  Tick next_due() const;

  // A further request of the same turn (paging): when it may be sent; it is
  // taken at once.
  Tick take_more(const Turn& turn, Tick now);

  // What the platform said of a budget.
  void block_meter(const Turn& turn, Tick until);
  void block_app(const Turn& turn, Tick until);
  void block_lane(const Turn& turn, Tick until);

  // A request beside the turns, such as a check of many accounts at once: nothing
  // when the lane has no budget for it now.
  std::optional<Turn> take_spare(std::uint32_t lane, Tick now);
  // One more on the same budget; false when it has none now.
  bool take_spare_more(const Turn& turn, Tick now);
  // Neither in its turn nor gone.
  bool waits(std::uint32_t account) const;

  // How late the account that has waited longest is; zero when none is.
  Millis lateness(Tick now) const;

 private:
  struct Waiting {
    Tick due;
    std::uint32_t account;
    friend bool operator>(const Waiting& a, const Waiting& b) {
      return a.due != b.due ? a.due > b.due : a.account > b.account;
    }
  };
  struct Lane {
    std::vector<Meter> meters;
    std::vector<std::string> apps;
    std::vector<Waiting> heap;  // earliest due on top
    std::size_t position = 0;   // in order_
    Tick ready = tick_never;    // key in order_
  };

  std::uint32_t freest(const Lane& lane) const;
  void refresh(std::uint32_t lane);
  void sift(std::size_t position);
  bool before(std::size_t a, std::size_t b) const;
  void swap_lanes(std::size_t a, std::size_t b);
  void drop_stale(Lane& lane);

  std::vector<Lane> lanes_;
  std::vector<std::uint32_t> order_;    // lanes as a binary heap by `ready`
  std::vector<std::uint32_t> lane_of_;  // by account; absent when removed
  std::vector<Tick> due_of_;            // by account: the entry that counts; never: in its turn
};

}  // namespace pw
