// What the web asks of the daemon. Reads return values or references that hold
// until the next call; actions go through the same transactions as anything else.
// One thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/web/access.h"
#include "daemon/web/model.h"

namespace pw {

struct ReviewAsk {
  std::string finding{};
  FindingState decision = FindingState::open;
  std::string reason{};
  std::string reviewer{};
};

// `error`: `gone` no such finding, `refused` not this person or not now,
// `malformed` the decision itself; anything else is the world's.
struct ReviewDone {
  FindingState state = FindingState::open;  // the finding's, after it
};

// An action beyond reviews, for the command line: /api/v1/<name>/...
struct ActionAsk {
  std::string method{};
  std::vector<std::string> path{};  // behind /api/v1/
  std::string body{};               // JSON, or empty
  Caller caller{};
};
struct ActionDone {
  int status = 404;
  std::string json{};  // empty with 404: nothing goes by that name
};

class Backend {
 public:
  virtual ~Backend() = default;

  virtual Instant now() const = 0;
  // Takes note of what happened since, a bounded step of it; called four times a
  // second.
  virtual void follow() = 0;
  // As of at most a second ago.
  virtual const BoardModel& board() = 0;
  // `gone`: no such account was ever watched.
  virtual Result<AccountModel> account(AccountNumber number) = 0;
  // Newest first.
  virtual Result<std::vector<FindingModel>> findings() = 0;
  virtual Result<HealthModel> health() = 0;
  // A file of the compliance log by its path below the log's folder; the caller
  // has checked that the path is one of those that it has.
  virtual Result<std::optional<std::string>> log_file(const std::string& path) = 0;

  virtual Result<ReviewDone> review(const ReviewAsk& ask) = 0;
  virtual ActionDone act(const ActionAsk& ask) = 0;

  virtual const std::vector<WebUser>& users() = 0;
};

}  // namespace pw
