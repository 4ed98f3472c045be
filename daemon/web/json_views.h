// What the API answers, as JSON texts; documented in assets/openapi.json. Pure.
// Texts of others are cut and made valid UTF-8; nothing else is changed in them,
// since JSON needs no escaping beyond its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/web/backend.h"
#include "daemon/web/model.h"

namespace pw {

// Everybody's has neither names nor findings nor states of single accounts.
std::string board_json(const BoardModel& board, Instant now, Role role);
// The board and all states; `dropped` events are healed by it.
std::string snapshot_json(const BoardModel& board, Instant now, Role role, std::uint64_t dropped);
// One letter for each account, by number (cell_state_letters).
std::string cell_states(const BoardModel& board);
// The states that differ, as {"revision", "changes": [[place, letter], …]};
// empty when none does.
std::string changes_json(std::uint64_t revision, std::string_view before, std::string_view after);
// Names, in the order of cell_states.
std::string cells_json(const BoardModel& board);

struct PageOf {
  std::string after{};  // the last item that the caller has
  std::size_t limit = 100;
};
inline constexpr std::size_t page_limit_max = 500;

std::string accounts_json(const BoardModel& board, const std::vector<std::size_t>& places,
                          const PageOf& page);
std::string account_json(const AccountModel& account, Instant now);
std::string verdicts_json(const BoardModel& board, const PageOf& page);
std::string findings_json(const FindingsPage& page);
std::string finding_json(const FindingModel& finding);
std::string reviews_json(const FindingModel& finding);
std::string review_done_json(const std::string& finding, const ReviewDone& done);
std::string health_json(const HealthModel& health, const BoardModel& board);
std::string sinks_json(const HealthModel& health);
std::string connectors_json(const HealthModel& health);
// What a POST of a review says; what is wrong with it, or empty.
std::string read_review_ask(std::string_view body, ReviewAsk& ask);
// The HTTP status that fits: 404 gone, 409 refused, 422 malformed, 503 the world's.
int status_of(const Error& error);
std::string me_json(const Caller& caller);
// RFC 9457.
std::string problem_json(int status, std::string_view detail);

}  // namespace pw
