#include "daemon/core/pledge.h"

namespace pw {

Ternary covers(const Window& window, Interval appeared) {
  const Instant certain_from = window.certain.start + window.grace;
  const Instant certain_to = window.certain.end - window.grace;
  const Instant possible_from = window.possible.start + window.grace;
  const Instant possible_to = window.possible.end - window.grace;
  if (appeared.start >= certain_from && appeared.end < certain_to) return Ternary::yes;
  if (appeared.end < possible_from || appeared.start >= possible_to) return Ternary::no;
  return Ternary::unknown;
}

}  // namespace pw
