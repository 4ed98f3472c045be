// Answers about one account, kept until something happens to it: a simulated day
// asks for the same list a thousand times, and most of the time nothing happened.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "daemon/core/http.h"
#include "daemon/rehearsal/population.h"

namespace pw {

// Whether an answer shows the counters of posts, which move all the time.
enum class Counters { shown, hidden };

class AnswerShelf {
 public:
  // `render` may depend on what `address` says, on the account and on whatever stays
  // the same until settled_until(); on nothing else of a request. The reference holds
  // until the next call.
  const HttpResponse& answer(const SimAccount& account, const std::string& address, Instant now,
                             const std::function<HttpResponse()>& render,
                             Counters counters = Counters::shown);
  // The same for an answer that stays what it is until `until` says.
  const HttpResponse& answer(const std::string& address, Instant now,
                             const std::function<HttpResponse()>& render,
                             const std::function<Instant()>& until);

 private:
  struct Kept {
    HttpResponse response;
    Interval valid;
  };
  std::unordered_map<std::string, Kept> kept_;  // by address
  std::size_t bytes_ = 0;
};

// Until when an account's pages stay as they are at `now`: until a post comes, goes,
// or is changed, a counter moves, or a spell begins or ends.
Instant settled_until(const SimAccount& account, Instant now, Counters counters = Counters::shown);

}  // namespace pw
