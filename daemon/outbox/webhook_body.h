// A finding as the JSON that receivers read.
#pragma once

#include <string>
#include <string_view>

#include "daemon/outbox/message.h"

namespace pw {

inline constexpr std::size_t webhook_body_bytes_max = 20'000;

// {"type":"pledgewatch.finding","timestamp":<found_at>,"data":{...}}, the payload
// that Standard Webhooks 1.0.0 recommends, at most webhook_body_bytes_max bytes of
// valid UTF-8. `data` begins with the post's address and the log's index. Texts
// that are cut end in "…" and are named in `data.cut`; an address that is too long
// is left out, since half of one leads elsewhere.
//
// The words claim what was seen and no more: that a post appeared in the window,
// never that somebody broke a pledge. What needs people says so first.
std::string webhook_body(const Message& message);

// The same as a CloudEvents 1.0 event in structured JSON: `type`, `time` and `data`
// are the body's, `id` the delivery's. The same bytes for the same arguments.
std::string cloud_event(std::string_view body, std::string_view id, std::string_view source);

// Told to whoever had the finding when it stands differently after a review.
struct Correction {
  FindingState was = FindingState::open;
  bool contradicted = false;  // reviewers disagree now
  std::string reason{};       // left out where the public reads
  Instant at{};
};

// {"type":"pledgewatch.correction",...} with the same limits; `message.finding.state`
// is the new state.
std::string correction_body(const Message& message, const Correction& correction);

// One line that says what was seen; what a state means; what a correction corrects.
std::string headline_of(const Message& message);
std::string_view notice_for(FindingState state);
std::string correction_headline(const Message& message, const Correction& correction);

}  // namespace pw
