// Silences: findings that organisers know of are found and logged as ever, and not
// sent. Every silence has an author, a reason and an end, and is in the log.
#pragma once

#include <string>
#include <vector>

#include "daemon/screen/route.h"
#include "daemon/store/store.h"

namespace pw {

struct SilenceRequest {
  std::string author;  // authenticated by the caller
  std::string reason;
  std::string matches;  // CEL over finding
  Instant end{};
};

class SilenceDesk {
 public:
  // `store` outlives it.
  explicit SilenceDesk(Store& store) : store_(store) {}

  // Before anything else.
  Result<Done> load();

  // `malformed`: a condition with mistakes (all of them in the detail), no reason
  // or author, an end that has passed or lies more than 90 days ahead.
  Result<Silence> add(const SilenceRequest& request, Instant now);
  // `gone`: none that holds.
  Result<Silence> end(const std::string& id, const std::string& who, Instant now);
  std::vector<Silence> list() const;
  // Whether any holds now.
  bool any(Instant now) const;

  // The first silence that covers the finding now, or null.
  const Silence* covering(const Subject& subject, const Labels& labels, Instant now) const;

 private:
  struct Held {
    Silence silence;
    cel::Program matches;
  };
  Store& store_;
  std::vector<Held> silences_;
};

}  // namespace pw
