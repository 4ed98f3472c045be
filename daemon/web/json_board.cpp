#include <algorithm>

#include "daemon/web/board_model.h"
#include "daemon/web/json_text.h"
#include "daemon/web/json_views.h"
#include "daemon/web/page_board.h"

namespace pw {
namespace {

Json count_json(const BigCount& count) {
  return {{"label", count.label},
          {"count", count.count},
          {"of", count.of},
          {"note", count.note},
          {"state", name_of(count.state)}};
}

Json coverage_json(const CoverageShare& coverage) {
  const std::optional<double> share = share_of(coverage);
  return {{"share", share ? Json(*share) : Json()},
          {"not_due", coverage.not_due},
          {"passed_ms", coverage.passed.count()},
          {"covered_ms", coverage.covered.count()},
          {"looks", coverage.looks},
          {"attempts", coverage.attempts},
          {"longest_gap_ms", coverage.longest_gap.count()},
          {"gap_max_ms", coverage.gap_max.count()},
          {"accounts", coverage.accounts},
          {"seen_now", coverage.seen_now},
          {"words", coverage_words(coverage)}};
}

Json window_json(const WindowGroup& group) {
  return {{"zone", json_name(group.zone)},
          {"assumed", group.assumed},
          {"start", print_rfc3339(group.span.start)},
          {"end", print_rfc3339(group.span.end)},
          {"accounts", group.accounts}};
}

Json note_json(const FindingNote& note) {
  return {{"id", note.id},
          {"account", note.account},
          {"at", print_rfc3339(note.at)},
          {"state", name_of(note.state)},
          {"summary", json_name(note.summary)}};
}

Json board_of(const BoardModel& board, Instant now, Role role) {
  const bool everybody = role == Role::everybody;
  Json json = {{"campaign", json_name(board.judgement.campaign)},
               {"as_of", print_rfc3339(now)},
               {"phase", name_of(board.phase)},
               {"window", json_span(board.window)},
               {"closes", print_rfc3339(board.closes)},
               {"counts", Json::array()},
               {"coverage", coverage_json(board.coverage)},
               {"windows", Json::array()},
               {"log", {{"entries", board.leaves}, {"signed", board.signed_leaves}}}};
  for (const BigCount& count : big_counts(board)) {
    if (everybody && count.state == CellState::review) continue;
    json["counts"].push_back(count_json(count));
  }
  for (const WindowGroup& group : board.windows) json["windows"].push_back(window_json(group));
  if (everybody) return json;
  json["revision"] = board.revision;
  json["roster"] = board.roster;
  json["findings_open"] = board.findings_open;
  const auto& runs = board.judgement.runs;
  json["alerts"] = name_of(runs.empty() ? RunState::running : runs.back().state);
  Json& states = json["states"] = Json::object();
  for (std::size_t i = 0; i < cell_state_names.size(); ++i)
    states[std::string(cell_state_names[i])] = board.by_state[i];
  Json& latest = json["latest"] = Json::array();
  for (const FindingNote& note : board.latest) latest.push_back(note_json(note));
  Json& troubles = json["troubles"] = Json::array();
  for (const std::string& words : board.troubles) troubles.push_back(json_name(words));
  return json;
}

}  // namespace

std::string board_json(const BoardModel& board, Instant now, Role role) {
  return dump(board_of(board, now, role));
}

std::string snapshot_json(const BoardModel& board, Instant now, Role role, std::uint64_t dropped) {
  Json json = board_of(board, now, role);
  json["dropped"] = dropped;
  if (role >= Role::reader) json["cells"] = cell_states(board);
  return dump(json);
}

std::string cell_states(const BoardModel& board) {
  std::string letters;
  letters.reserve(board.cells.size());
  for (const Cell& cell : board.cells) letters += letter_of(cell.state);
  return letters;
}

std::string changes_json(std::uint64_t revision, std::string_view before, std::string_view after) {
  Json changes = Json::array();
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (i >= before.size() || before[i] != after[i])
      changes.push_back({i, std::string(1, after[i])});
  }
  if (changes.empty()) return {};
  return dump({{"revision", revision}, {"changes", std::move(changes)}});
}

std::string cells_json(const BoardModel& board) {
  Json rows = Json::array();
  for (const Cell& cell : board.cells) {
    rows.push_back(
        {cell.number, json_name(cell.actor), json_name(cell.platform), json_name(cell.handle)});
  }
  return dump({{"roster", board.roster},
               {"fields", {"number", "actor", "platform", "handle"}},
               {"cells", std::move(rows)},
               {"states", cell_states(board)}});
}

std::string accounts_json(const BoardModel& board, const std::vector<std::size_t>& places,
                          const PageOf& page) {
  std::size_t start = 0;
  if (!page.after.empty()) {
    const auto it = std::find_if(places.begin(), places.end(), [&](std::size_t place) {
      return std::to_string(board.cells[place].number) == page.after;
    });
    start = it == places.end() ? places.size() : static_cast<std::size_t>(it - places.begin()) + 1;
  }
  const std::size_t end = std::min(places.size(), start + page.limit);
  Json items = Json::array();
  for (std::size_t i = start; i < end; ++i) {
    const Cell& cell = board.cells[places[i]];
    items.push_back({{"number", cell.number},
                     {"actor", json_name(cell.actor)},
                     {"platform", json_name(cell.platform)},
                     {"handle", json_name(cell.handle)},
                     {"state", name_of(cell.state)},
                     {"longest_gap_ms", cell.longest_gap.count()},
                     {"findings", cell.findings}});
  }
  const bool more = end < places.size() && end > start;
  return dump(
      {{"items", std::move(items)},
       {"total", places.size()},
       {"next", more ? Json(std::to_string(board.cells[places[end - 1]].number)) : Json()}});
}

std::string verdicts_json(const BoardModel& board, const PageOf& page) {
  const Judgement& j = board.judgement;
  const std::size_t start = page.after.empty() ? 0 : std::stoull(page.after);
  const std::size_t end = std::min(j.actors.size(), start + page.limit);
  Json items = Json::array();
  for (std::size_t i = start; i < end; ++i) {
    const ActorVerdict& actor = j.actors[i];
    Json accounts = Json::array();
    for (const std::uint32_t place : actor.accounts) {
      const AccountVerdict& v = j.accounts[place];
      accounts.push_back({{"number", v.account.number},
                          {"window", json_span(v.judged)},
                          {"verdict", name_of(v.verdict)},
                          {"headline", headline_of(v)},
                          {"sentence", clean_text(sentence_of(v), 4000)},
                          {"final", v.final}});
    }
    items.push_back({{"actor", json_name(actor.actor)},
                     {"standing", name_of(actor.standing)},
                     {"verdict", name_of(actor.verdict)},
                     {"headline", headline_of(actor, j)},
                     {"final", actor.final},
                     {"accounts", std::move(accounts)}});
  }
  return dump(
      {{"items", std::move(items)},
       {"total", j.actors.size()},
       {"judged", j.actors_judged},
       {"as_of", print_rfc3339(j.as_of)},
       {"next", end < j.actors.size() && end > start ? Json(std::to_string(end)) : Json()}});
}

}  // namespace pw
