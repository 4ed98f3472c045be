// Several findings in one message: a group, what went over a limit, a reminder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/outbox/notice.h"
#include "daemon/outbox/pace.h"

namespace pw {

enum class Together {
  group,
  over_limit,  // of `flood`
  reminder,
};

// However many they are: it remembers the first ones, and counts.
class TogetherBody {
 public:
  TogetherBody(bool webhook, Together why, std::optional<Flood> flood = {})
      : webhook_(webhook), why_(why), flood_(flood) {}

  // The frozen message that one of them would be alone: a notice, or a webhook's JSON.
  void add(const std::string& body);

  // Of at least one. A webhook's is
  // {"type":"pledgewatch.findings","timestamp":...,"data":{"reason":"group",...}} with
  // the first findings in `findings`, the ids of the next 300 in `also`, and `more`
  // counting the rest; at most webhook_body_bytes_max.
  std::string print(Instant at) const;

 private:
  std::string print_webhook(const Notice& all, std::size_t detailed, Instant at) const;

  bool webhook_;
  Together why_;
  std::optional<Flood> flood_;
  NoticeGroup group_;
  std::vector<std::string> ids_;  // of the first ones
};

}  // namespace pw
