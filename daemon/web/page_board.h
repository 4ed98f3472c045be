// The board as a page that works without script: counts, windows, a table. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/web/html.h"
#include "daemon/web/model.h"

namespace pw {

// Which rows of the board are asked for.
struct CellFilter {
  std::optional<CellState> state{};
  std::string platform{};
  std::string search{};               // in actor and handle, without case (ASCII)
  std::vector<AccountNumber> only{};  // where any are given, these alone
  std::size_t page = 1;               // from 1
};

inline constexpr std::size_t rows_per_page = 100;

// Places in board.cells, gravest state first, then by number.
std::vector<std::size_t> select_cells(const BoardModel& board, const CellFilter& filter);

std::string board_page(const PageContext& context, const BoardModel& board,
                       const CellFilter& filter, Instant now);

// The sentence under the campaign's name.
std::string phase_words(const BoardModel& board, Instant now);
std::string coverage_words(const CoverageShare& coverage);
// Nothing while no window is open or no look was due.
std::optional<double> share_of(const CoverageShare& coverage);

}  // namespace pw
