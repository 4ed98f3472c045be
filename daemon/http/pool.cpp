#include "daemon/http/pool.h"

#include <cassert>
#include <functional>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pw {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

namespace {

constexpr auto sweep_every = std::chrono::seconds(1);

}  // namespace

// One line of users of the same place. `leased` counts open connections in use
// and the right to open one.
struct Pool::Place {
  std::size_t leased = 0;
  std::vector<std::unique_ptr<Connection>> idle;  // used last stands last
  std::list<Waiter*> waiters;

  bool is_unused() const { return leased == 0 && idle.empty() && waiters.empty(); }
};

// Lives on the waiting coroutine's frame; a lease that arrives while that is
// being cancelled goes back by itself.
struct Pool::Waiter final : Stoppable {
  Waiter(asio::io_context& io, Place& where)
      : place(where), gate(io, asio::steady_timer::time_point::max()) {
    place.waiters.push_back(this);
    self = std::prev(place.waiters.end());
  }
  ~Waiter() { leave(); }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  void grant(Lease granted) {
    leave();
    lease = std::move(granted);
    gate.cancel();
  }
  void stop() override {
    is_stopped = true;
    leave();
    gate.cancel();
  }
  void leave() {
    if (std::exchange(is_queued, false)) place.waiters.erase(self);
  }

  Place& place;
  asio::steady_timer gate;
  std::list<Waiter*>::iterator self;
  bool is_queued = true;
  bool is_stopped = false;
  Lease lease;
};

Pool::Lease::Lease(Pool& pool, Place& place, std::unique_ptr<Connection> connection)
    : pool_(&pool), place_(&place), connection_(std::move(connection)) {}

Pool::Lease::Lease(Lease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)),
      place_(std::exchange(other.place_, nullptr)),
      connection_(std::move(other.connection_)) {}

Pool::Lease& Pool::Lease::operator=(Lease&& other) noexcept {
  std::swap(pool_, other.pool_);
  std::swap(place_, other.place_);
  std::swap(connection_, other.connection_);
  return *this;
}

Pool::Lease::~Lease() {
  if (pool_) pool_->release(*place_, std::move(connection_));
}

void Pool::Lease::set_connection(std::unique_ptr<Connection> connection) {
  connection_ = std::move(connection);
}

Pool::Pool(asio::io_context& io, const PoolLimits& limits) : io_(io), limits_(limits) {}

Pool::~Pool() {
  for (const auto& [name, place] : places_) assert(place->leased == 0);
}

Pool::Place& Pool::place_of(std::string_view name) {
  auto at = places_.find(name);
  if (at == places_.end()) at = places_.emplace(name, std::make_unique<Place>()).first;
  return *at->second;
}

Pool::Lease Pool::try_acquire(std::string_view name) {
  const auto now = Steady::now();
  if (now - swept_at_ > sweep_every) sweep(now);
  Place& place = place_of(name);
  if (!place.waiters.empty()) return {};
  if (!place.idle.empty()) {
    auto connection = std::move(place.idle.back());
    place.idle.pop_back();
    --idle_count_;
    ++place.leased;
    return Lease(*this, place, std::move(connection));
  }
  if (place.leased >= limits_.per_place_max) return {};
  ++place.leased;
  return Lease(*this, place, nullptr);
}

asio::awaitable<Result<Pool::Lease>> Pool::acquire(std::string_view name, Deadline& deadline) {
  if (auto lease = try_acquire(name)) co_return lease;
  Waiter waiter(io_, place_of(name));
  {
    const Deadline::Watch watch(deadline, waiter);
    if (!waiter.is_stopped) co_await waiter.gate.async_wait(asio::as_tuple(asio::use_awaitable));
    co_await throw_if_cancelled();
  }
  if (!waiter.lease) co_return Error{Errc::transient, "no free connection in time"};
  co_return std::move(waiter.lease);
}

void Pool::release(Place& place, std::unique_ptr<Connection> connection) {
  if (connection && !connection->is_reusable) connection.reset();
  if (connection) connection->idle_since = Steady::now();
  if (!place.waiters.empty()) {
    return place.waiters.front()->grant(Lease(*this, place, std::move(connection)));
  }
  --place.leased;
  if (!connection || idle_count_ >= limits_.idle_max) return;
  place.idle.push_back(std::move(connection));
  ++idle_count_;
}

// Runs with the traffic instead of by a timer, which would keep io.run() from
// ending; without traffic an idle connection costs nothing but its descriptor.
void Pool::sweep(Steady::time_point now) {
  swept_at_ = now;
  for (auto& [name, place] : places_) {
    idle_count_ -= std::erase_if(place->idle, [&](const std::unique_ptr<Connection>& connection) {
      return now - connection->idle_since > limits_.idle_for || !connection->is_quiet();
    });
  }
  std::erase_if(places_, [](const auto& entry) { return entry.second->is_unused(); });
}

}  // namespace pw
