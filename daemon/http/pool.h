// Connections that are kept for the next request to the same place, no more than
// a few per place, with a queue in order of arrival for those who must wait.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/http/connection.h"
#include "daemon/http/deadline.h"
#include "daemon/runtime/fetcher.h"

namespace pw {

struct PoolLimits {
  std::size_t per_place_max = 2;  // open at a time; more users wait
  std::size_t idle_max = 512;     // kept in all; beyond it a connection is closed after use
  std::chrono::milliseconds idle_for{20'000};
};

class Pool {
 private:
  struct Place;
  struct Waiter;

 public:
  // The right to one connection of a place, with the connection once there is
  // one. Giving the lease up keeps the connection if it is reusable.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&& other) noexcept;
    ~Lease();

    explicit operator bool() const { return pool_ != nullptr; }
    Connection* connection() const { return connection_.get(); }
    void set_connection(std::unique_ptr<Connection> connection);

   private:
    friend class Pool;
    Lease(Pool& pool, Place& place, std::unique_ptr<Connection> connection);

    Pool* pool_ = nullptr;
    Place* place_ = nullptr;
    std::unique_ptr<Connection> connection_;
  };

  Pool(boost::asio::io_context& io, const PoolLimits& limits);
  ~Pool();  // every lease has ended
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // A place's name tells scheme, host, port, proxy and whether the guard was
  // waived: what a connection is not shared across. Empty when one has to wait.
  Lease try_acquire(std::string_view name);
  // `transient` when the deadline passes first.
  boost::asio::awaitable<Result<Lease>> acquire(std::string_view name, Deadline& deadline);

  std::size_t idle_count() const { return idle_count_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  Place& place_of(std::string_view name);
  void release(Place& place, std::unique_ptr<Connection> connection);
  void sweep(std::chrono::steady_clock::time_point now);

  boost::asio::io_context& io_;
  const PoolLimits limits_;
  std::unordered_map<std::string, std::unique_ptr<Place>, Hash, std::equal_to<>> places_;
  std::size_t idle_count_ = 0;
  std::chrono::steady_clock::time_point swept_at_{};
};

}  // namespace pw
