// The way every expected failure travels: a value, or an Error that says what
// the caller should do next. It is spelled like std::expected and goes away
// with C++23 (g++ 12 has std::expected only with -std=c++23, and boost's result
// lacks [[nodiscard]] on the class).
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace pw {

// What the caller should do next, not what went wrong inside.
enum class Errc {
  transient,     // try again later
  rate_limited,  // try again when the peer says so
  gone,          // the subject no longer exists; never retry
  refused,       // our credentials, address or request are not welcome
  malformed,     // the peer broke its own contract
};

struct Error {
  Errc code;
  std::string detail;  // for people; never matched on
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  const T& operator*() const& { return *checked(std::get_if<0>(&state_)); }
  T& operator*() & { return *checked(std::get_if<0>(&state_)); }
  T&& operator*() && { return std::move(*checked(std::get_if<0>(&state_))); }
  const T* operator->() const { return checked(std::get_if<0>(&state_)); }
  T* operator->() { return checked(std::get_if<0>(&state_)); }
  const Error& error() const { return *checked(std::get_if<1>(&state_)); }

 private:
  template <class P>
  static P* checked(P* p) {
    assert(p && "Result read on the wrong side");
    return p;
  }

  std::variant<T, Error> state_;
};

// The value of an action that has none.
struct Done {};

}  // namespace pw
