// Names to numeric addresses, off the one thread that must not block.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/http/deadline.h"
#include "daemon/runtime/fetcher.h"

namespace pw {

constexpr std::size_t addresses_max = 32;  // of one name; the rest is not looked at

// Blocks until it knows; called on other threads, several at a time. Every
// failure is `transient`: a name that does not resolve proves nothing about who
// bears it.
using Lookup = std::function<Result<std::vector<std::string>>(const std::string& name)>;

// The system's resolver, IPv6 and IPv4 in its order (RFC 6724).
Result<std::vector<std::string>> system_lookup(const std::string& name);

// Asio's own resolver has one thread, so one dead name server would hold up
// every other name; this has eight. A lookup that takes too long is abandoned:
// its thread comes back when getaddrinfo does.
class NameLookup {
 public:
  NameLookup(boost::asio::io_context& io, Lookup lookup, Millis lookup_max);
  ~NameLookup();  // does not wait for lookups that are under way

  // In order. `transient` after `lookup_max`, or when `deadline` passes first.
  boost::asio::awaitable<Result<std::vector<std::string>>> resolve(std::string name,
                                                                   Deadline& deadline);

 private:
  struct State;
  std::shared_ptr<State> state_;
  DeadlineQueue deadlines_;
};

}  // namespace pw
