// Questions about findings: all, a few of many, one.
#include "daemon/store/sqlite_store.h"

namespace pw {
namespace {

constexpr Sql all_findings =
    "SELECT id, account, post_id, rule, severity, mode, state, needs_review, why, summary,"
    " appeared_start, appeared_end, found_at FROM finding ORDER BY row";

// Of one account, of one state, or of all: each by the index that has them in order.
constexpr Sql newest_of_account =
    "SELECT id, account, post_id, rule, severity, mode, state, needs_review, why, summary,"
    " appeared_start, appeared_end, found_at FROM finding WHERE account = ?2 AND row < ?1"
    " AND (?3 IS NULL OR state = ?3) AND (?4 IS NULL OR mode = ?4) ORDER BY row DESC LIMIT ?5";
constexpr Sql newest_of_state =
    "SELECT id, account, post_id, rule, severity, mode, state, needs_review, why, summary,"
    " appeared_start, appeared_end, found_at FROM finding WHERE state = ?2 AND row < ?1"
    " AND (?3 IS NULL OR mode = ?3) ORDER BY row DESC LIMIT ?4";
constexpr Sql newest =
    "SELECT id, account, post_id, rule, severity, mode, state, needs_review, why, summary,"
    " appeared_start, appeared_end, found_at FROM finding WHERE row < ?1"
    " AND (?2 IS NULL OR mode = ?2) ORDER BY row DESC LIMIT ?3";

// A reviewer's last decision counts; who took it back owes it again.
constexpr Sql waiting =
    "SELECT id, account, post_id, rule, severity, mode, state, needs_review, why, summary,"
    " appeared_start, appeared_end, found_at FROM finding WHERE state = 'open' AND row > ?1"
    " AND mode = 'alert' AND (?2 = '' OR coalesce((SELECT decision FROM review"
    " WHERE review.finding = finding.id AND reviewer = ?2 AND act = 'decide'"
    " ORDER BY review.row DESC LIMIT 1), 'open') = 'open') ORDER BY row LIMIT ?3";

// CROSS JOIN fixes the order: from the few posts that are gone to their findings.
constexpr Sql removed_within =
    "SELECT finding.id, finding.account, post_id, rule, severity, mode, state, needs_review, why,"
    " summary, finding.appeared_start, finding.appeared_end, found_at FROM post CROSS JOIN finding"
    " ON finding.account = post.account AND finding.post_id = post.id"
    " WHERE removed_end IS NOT NULL AND state = 'open'"
    " AND removed_end - finding.appeared_start <= ? ORDER BY finding.row";

// Columns as in the questions above.
Finding read_finding(Statement& row) {
  Finding finding;
  finding.id = row.text(0);
  finding.account = static_cast<AccountNumber>(row.integer(1));
  finding.post_id = row.text(2);
  finding.rule = row.text(3);
  finding.severity = row.named(4, parse_severity);
  finding.mode = row.named(5, parse_mode);
  finding.state = row.named(6, parse_finding_state);
  finding.needs_review = row.flag(7);
  finding.why = row.text(8);
  finding.summary = row.text(9);
  finding.appeared = row.interval(10);
  finding.found_at = row.instant(12);
  return finding;
}

Result<std::vector<Finding>> read_findings(Statement& rows) {
  std::vector<Finding> findings;
  while (rows.next()) findings.push_back(read_finding(rows));
  if (const auto end = rows.end("reading findings"); !end) return end.error();
  return findings;
}

template <class Value>
std::optional<std::string_view> maybe_name(const std::optional<Value>& value) {
  return value ? std::optional(name_of(*value)) : std::nullopt;
}

}  // namespace

// `without` where no id is asked for; of an unknown one 0, and nothing is beyond.
Result<std::int64_t> SqliteStore::row_of_finding(std::string_view id, std::int64_t without) {
  if (id.empty()) return without;
  Statement question(*database_, "SELECT row FROM finding WHERE id = ?", id);
  const std::int64_t row = question.next() ? question.integer(0) : 0;
  if (const auto end = question.end("looking for a finding"); !end) return end.error();
  return row;
}

Result<std::vector<Finding>> SqliteStore::findings() {
  Statement rows(*database_, all_findings);
  return read_findings(rows);
}

Result<std::vector<Finding>> SqliteStore::findings(const FindingsAsk& ask) {
  const auto before = row_of_finding(ask.beyond, std::numeric_limits<std::int64_t>::max());
  if (!before) return before.error();
  const auto state = maybe_name(ask.state);
  const auto mode = maybe_name(ask.mode);
  if (ask.account) {
    Statement rows(*database_, newest_of_account, *before, *ask.account, state, mode, ask.limit);
    return read_findings(rows);
  }
  if (ask.state) {
    Statement rows(*database_, newest_of_state, *before, *state, mode, ask.limit);
    return read_findings(rows);
  }
  Statement rows(*database_, newest, *before, mode, ask.limit);
  return read_findings(rows);
}

Result<std::optional<Finding>> SqliteStore::finding(std::string_view id) {
  Statement rows(*database_,
                 "SELECT id, account, post_id, rule, severity, mode, state, needs_review, why,"
                 " summary, appeared_start, appeared_end, found_at FROM finding WHERE id = ?",
                 id);
  Result<std::vector<Finding>> found = read_findings(rows);
  if (!found) return found.error();
  return found->empty() ? std::optional<Finding>() : std::move(found->front());
}

Result<std::uint64_t> SqliteStore::finding_count(const FindingsAsk& ask) {
  Statement question(*database_,
                     "SELECT count(*) FROM finding WHERE (?1 IS NULL OR mode = ?1)"
                     " AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR account = ?3)",
                     maybe_name(ask.mode), maybe_name(ask.state), ask.account);
  const std::int64_t count = question.next() ? question.integer(0) : 0;
  if (const auto end = question.end("counting findings"); !end) return end.error();
  return static_cast<std::uint64_t>(count);
}

Result<std::vector<Finding>> SqliteStore::waiting_findings(std::string_view reviewer,
                                                           std::string_view beyond, int limit) {
  const auto after = row_of_finding(beyond, 0);
  if (!after) return after.error();
  const bool unknown = !beyond.empty() && *after == 0;
  Statement rows(*database_, waiting, *after, reviewer, unknown ? 0 : limit);
  return read_findings(rows);
}

Result<std::vector<Finding>> SqliteStore::findings_removed_within(Millis stood) {
  Statement rows(*database_, removed_within, stood);
  return read_findings(rows);
}

}  // namespace pw
