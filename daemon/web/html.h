// What every page shares: the frame, the shapes, texts made safe. Internal to
// daemon/web.
#pragma once

#include <string>
#include <string_view>

#include "daemon/ledger/report_text.h"
#include "daemon/ledger/sentence.h"
#include "daemon/web/access.h"
#include "daemon/web/cell.h"

namespace pw {

// Who looks, and at which page.
struct PageContext {
  Caller caller{};
  std::string campaign{};
  std::string here{};  // "board", "review", "health"; marks the navigation
  int to_review = 0;
};

std::string print_page(const PageContext& context, std::string_view title, std::string_view body);

// The state's shape, for people who see; the label stands beside it.
std::string shape(CellState state);
// Shape and label.
std::string state_tag(CellState state);
// The field that protects a form of this session; empty where none is needed.
std::string form_guard(const Caller& caller);
// A moment that the script may turn into the reader's own time.
std::string moment(Instant t);
// "in 3 min", told live by the script.
std::string countdown(Instant t, Instant now);
std::string number_text(std::uint64_t number);
// "99.2 %"; rounded down, so that 100 means all.
std::string percent(double share);
// The bar of a share in 0..1.
std::string share_bar(double share);

std::string error_page(const PageContext& context, int status, std::string_view what);
std::string sign_in_page(const PageContext& context, std::string_view trouble);

}  // namespace pw
