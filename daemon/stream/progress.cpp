#include "daemon/stream/progress.h"

#include <algorithm>

namespace pw {

bool StreamProgress::hear(AccountNumber account, const JetstreamEvent& event) {
  cursor_ = std::max(cursor_.value_or(event.at), event.at);
  if (event.rev.empty()) return true;  // identity and account events have none
  Heard& heard = heard_[account];
  if (event.rev < heard.rev) return false;
  if (event.rev > heard.rev) heard = {event.rev, {}, heard.covered};
  // One commit may write several records: all of them have its revision.
  const auto& known = heard.records;
  if (std::find(known.begin(), known.end(), event.post_id) != known.end()) return false;
  heard.records.push_back(event.post_id);
  return true;
}

std::optional<JetstreamCursor> StreamProgress::resume_from() const {
  if (!cursor_) return std::nullopt;
  return *cursor_ - jetstream_rewind_us;
}

bool StreamProgress::has_lost(Instant now) const {
  return cursor_ && ms_of(now) * 1000 - *cursor_ > jetstream_lookback_us;
}

bool StreamProgress::compare(AccountNumber account, std::string_view rev, Instant at) {
  const auto it = heard_.find(account);
  if (it == heard_.end() || it->second.rev != rev) return false;
  it->second.covered = std::max(it->second.covered.value_or(at), at);
  return true;
}

std::optional<Instant> StreamProgress::covered_until(AccountNumber account) const {
  const auto it = heard_.find(account);
  return it == heard_.end() ? std::nullopt : it->second.covered;
}

}  // namespace pw
