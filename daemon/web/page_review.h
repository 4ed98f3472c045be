// The queue in which people decide. Works by plain forms; the script adds keys. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/web/html.h"
#include "daemon/web/model.h"

namespace pw {

struct QueueView {
  std::vector<FindingModel> findings{};  // those that wait, the oldest first
  std::string trouble{};                 // what became of the last decision, if it failed
  std::string done{};                    // ... if it did not
  bool only_mine = false;                // those that wait for this person's word
  std::string beyond{};                  // the last finding of the page before
  bool more = false;                     // others wait behind this page
  int waiting = 0;                       // all that await review
};
inline constexpr int queue_page_max = 50;

std::string review_page(const PageContext& context, const QueueView& queue);

}  // namespace pw
