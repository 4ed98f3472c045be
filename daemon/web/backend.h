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
#include "daemon/core/review.h"
#include "daemon/store/store.h"
#include "daemon/web/access.h"
#include "daemon/web/model.h"

namespace pw {

struct ReviewAsk {
  std::string finding{};
  FindingState decision = FindingState::open;  // of `decide`
  std::string reason{};                        // of it, or the note's or answer's text
  std::string reviewer{};
  ReviewAct act = ReviewAct::decide;
  std::string assignee{};  // of `assign`
};

// `error`: `gone` no such finding, `refused` not this person or not now,
// `malformed` the decision itself; anything else is the world's.
struct ReviewDone {
  FindingState state = FindingState::open;  // the finding's, after it
};

// An action beyond decisions: /api/v1/<name>/...
struct ActionAsk {
  std::string method{};
  std::vector<std::string> path{};  // behind /api/v1/; never empty
  std::vector<std::pair<std::string, std::string>> query{};
  std::string body{};  // JSON, or empty
  Caller caller{};
};
struct ActionDone {
  int status = 404;
  std::string json{};  // empty where it was refused
  std::string why{};   // ... with the reason; with 404 and none: nothing goes by that name
};

// What a WebSub hub asks or says at /hub/KEY, and X at /hub/x.
struct HubAsk {
  std::string key{};
  bool notice = false;      // a POST: news; otherwise the hub asks whether we asked
  std::string query{};      // as it came
  std::string signature{};  // X-Hub-Signature, where there is one
  // X-Twitter-Webhooks-Signature and -OAuth2, by either of an app's secrets, where they are.
  std::vector<std::string> x_signatures{};
  std::string body{};
};
struct HubSaid {
  int status = 404;  // nobody here subscribed so
  std::string body{};
  std::string_view type = "text/plain; charset=utf-8";
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
  virtual Result<std::vector<FindingModel>> findings(const FindingsAsk& ask) = 0;
  virtual Result<std::uint64_t> finding_count(const FindingsAsk& ask) = 0;
  // `gone`: no such finding.
  virtual Result<FindingModel> finding(const std::string& id) = 0;
  // Those that await review, oldest first; with a name, those that lack that one's
  // word. `beyond` is the last that the caller has, or empty.
  virtual Result<std::vector<FindingModel>> waiting(const std::string& reviewer,
                                                    const std::string& beyond, int limit) = 0;
  virtual Result<HealthModel> health() = 0;
  // A file of the compliance log by its path below the log's folder; the caller
  // has checked that the path is one of those that it has.
  virtual Result<std::optional<std::string>> log_file(const std::string& path) = 0;

  virtual Result<ReviewDone> review(const ReviewAsk& ask) = 0;
  virtual ActionDone act(const ActionAsk& ask) = 0;
  virtual HubSaid hub(const HubAsk&) { return {}; }

  // Who may come in with a token or by uid; may differ from one call to the next,
  // and then every stream ends, so that each browser shows again who it is.
  virtual const std::vector<Reviewer>& reviewers() = 0;
  // Grows when they differ.
  virtual std::uint64_t reviewers_revision() = 0;
};

}  // namespace pw
