// Which sinks a finding is told to. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/finding.h"
#include "daemon/core/pledge.h"
#include "daemon/outbox/webhook_body.h"
#include "daemon/store/store.h"
#include "rules/condition.h"

namespace pw {

// Who a finding is about, for the sink's text.
struct Subject {
  const Finding& finding;
  const StoredPost& post;
  const Account& account;
  const Pledge& pledge;
};

using Labels = std::vector<std::pair<std::string, std::string>>;  // of the rule

struct SinkRoute {
  std::string name;
  std::optional<cel::Program> when{};  // nothing: every finding
  // Told only of what people have confirmed, by the review desk: no rule's finding
  // goes there by itself.
  bool is_public = false;
  // The message's frozen bytes. Pure.
  std::function<std::string(const Subject&, Instant now)> body;
  std::function<std::string(const Subject&, const Correction&)> correction;
  // What findings that wait to be told together have in common; empty: each is sent
  // at once.
  std::function<std::string(const Subject&)> group{};
};

// Whether a condition holds for the finding. One that cannot be decided holds:
// rather told once too often.
bool holds(const cel::Program& condition, const Subject& subject, const Labels& labels);

inline bool wants(const SinkRoute& sink, const Subject& subject, const Labels& labels) {
  return !sink.when || holds(*sink.when, subject, labels);
}

}  // namespace pw
