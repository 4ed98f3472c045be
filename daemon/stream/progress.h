// How far a stream has been heard. Pure. A connection proves nothing: an account
// is covered only up to a time at which the last revision heard of it is the one
// that its own server names (design 3.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "connectors/jetstream.h"
#include "daemon/core/account.h"
#include "daemon/core/time.h"

namespace pw {

class StreamProgress {
 public:
  // `kept`: the cursor that an earlier run stored.
  explicit StreamProgress(std::optional<JetstreamCursor> kept) : cursor_(kept) {}

  // True for what was not heard before; false for a repetition, which a
  // reconnect brings: revisions of one account only grow.
  bool hear(AccountNumber account, const JetstreamEvent& event);

  // Where a new connection resumes: a little before the last event. Nothing on
  // the very first: then it begins with what happens now.
  std::optional<JetstreamCursor> resume_from() const;
  // The events between are lost for good: the server does not keep them so long.
  bool has_lost(Instant now) const;
  std::optional<JetstreamCursor> cursor() const { return cursor_; }

  // The account's own server names `rev` at `at`. True when the stream has come
  // as far: it is covered until then.
  bool compare(AccountNumber account, std::string_view rev, Instant at);
  // Until when the account is covered; nothing: not shown yet.
  std::optional<Instant> covered_until(AccountNumber account) const;

 private:
  struct Heard {
    std::string rev{};
    std::vector<std::string> records{};  // of that revision
    std::optional<Instant> covered{};
  };
  std::optional<JetstreamCursor> cursor_;
  std::unordered_map<AccountNumber, Heard> heard_;
};

}  // namespace pw
