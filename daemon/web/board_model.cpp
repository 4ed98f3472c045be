#include "daemon/web/board_model.h"

#include <algorithm>
#include <map>

#include "daemon/ledger/sentence.h"

namespace pw {
namespace {

// Verdicts of one account lie side by side.
std::span<const AccountVerdict> take_account(std::span<const AccountVerdict>& rest) {
  std::size_t count = 0;
  while (count < rest.size() && rest[count].account.number == rest[0].account.number) ++count;
  const auto mine = rest.first(count);
  rest = rest.subspan(count);
  return mine;
}

const LastSight& sight_of(std::span<const LastSight> sights, AccountNumber number) {
  static const LastSight none;
  return number < sights.size() ? sights[number] : none;
}

Cell cell_of(std::span<const AccountVerdict> verdicts, const LastSight& sight, Instant now) {
  const AccountVerdict& current = current_of(verdicts, now);
  Cell cell{current.account.number, current.actor, current.account.platform,
            current.account.handle};
  cell.state = cell_state_of(verdicts, sight.sees, now);
  cell.observed = sight.observed;
  for (const AccountVerdict& v : verdicts) {
    cell.longest_gap = std::max(cell.longest_gap, v.coverage.longest_gap);
    cell.findings += v.findings.standing + v.findings.awaiting;
  }
  return cell;
}

// Of the part of the window that has passed, what gaps beyond the promise leave.
// Gaps too many to be kept count as long as the window: less is claimed, not more.
Millis covered_of(const AccountVerdict& v, Interval passed) {
  if (v.gaps_more > 0) return Millis{0};
  Millis lost{0};
  for (const Interval& gap : v.gaps) lost += intersect(gap, passed).length();
  if (v.coverage.open && v.coverage.open->length() > v.gap_max)
    lost += intersect(*v.coverage.open, passed).length();
  return std::max(Millis{0}, passed.length() - lost);
}

void add_coverage(CoverageShare& share, const AccountVerdict& v, Instant now) {
  if (v.standing != Standing::judged || v.verdict == Verdict::exempt) return;
  const Interval passed = intersect(v.judged, {Instant::min(), now});
  share.attempts += v.coverage.attempts;
  share.looks += v.coverage.looks;
  share.gap_max = std::max(share.gap_max, v.gap_max);
  if (passed.empty()) return;
  if (v.coverage.looks == 0 && passed.length() <= v.gap_max) {
    ++share.not_due;
    return;
  }
  share.passed += passed.length();
  share.covered += covered_of(v, passed);
  share.longest_gap = std::max(share.longest_gap, v.coverage.longest_gap);
}

std::string plural(std::size_t count, const std::string& one) {
  return std::to_string(count) + ' ' + one + (count == 1 ? "" : "s");
}

}  // namespace

Phase phase_of(Interval window, Instant closes, Instant now) {
  if (now < window.start) return Phase::before;
  if (now < window.end) return Phase::running;
  return now < closes ? Phase::sweeping : Phase::closed;
}

std::vector<WindowGroup> windows_of(std::span<const AccountVerdict> verdicts) {
  std::vector<WindowGroup> groups;
  std::map<std::tuple<Instant, Instant, std::string_view, bool>, std::size_t> places;
  for (const AccountVerdict& v : verdicts) {
    if (v.standing != Standing::judged) continue;
    const auto [it, is_new] = places.try_emplace(
        {v.judged.end, v.judged.start, v.window.zone, v.window.zone_assumed}, groups.size());
    if (is_new) groups.push_back({v.window.zone, v.window.zone_assumed, v.judged, 0});
    ++groups[it->second].accounts;
  }
  std::stable_sort(groups.begin(), groups.end(), [](const WindowGroup& a, const WindowGroup& b) {
    return a.span.end < b.span.end;
  });
  return groups;
}

namespace {

// Of whom no account was ever seen nothing is said, not even that nothing was seen.
bool was_seen(const BoardModel& board, const ActorVerdict& actor) {
  return std::all_of(actor.accounts.begin(), actor.accounts.end(), [&](std::uint32_t place) {
    const AccountNumber number = board.judgement.accounts[place].account.number;
    const auto cell =
        std::lower_bound(board.cells.begin(), board.cells.end(), number,
                         [](const Cell& one, AccountNumber wanted) { return one.number < wanted; });
    return cell != board.cells.end() && cell->number == number && cell->observed != Instant{};
  });
}

}  // namespace

std::vector<BigCount> big_counts(const BoardModel& board) {
  const Judgement& j = board.judgement;
  const auto of = [&](Verdict verdict) {
    return j.actors_by_verdict[static_cast<std::size_t>(verdict)];
  };
  const int all = j.actors_judged;
  const std::string gap = "longest gap " + print_span_up(board.coverage.longest_gap);
  std::vector<BigCount> counts;
  int quiet = 0;
  for (const ActorVerdict& actor : j.actors) {
    if (actor.standing == Standing::judged && was_seen(board, actor) &&
        headline_of(actor, j) == "nothing seen so far")
      ++quiet;
  }
  if (board.phase == Phase::before) {
    counts.push_back({"pledged", all, all + j.actors_rumoured + j.actors_withdrawn,
                      "rumoured and withdrawn are not watched", CellState::waiting});
  } else if (board.phase == Phase::running || of(Verdict::kept) == 0) {
    counts.push_back({"nothing seen so far", quiet, all, gap, CellState::quiet});
  }
  if (of(Verdict::kept) > 0) {
    SurfaceSet surfaces;
    Millis longest{0};
    for (const AccountVerdict& v : j.accounts) {
      if (v.standing != Standing::judged || v.verdict != Verdict::kept) continue;
      surfaces = surfaces | v.surfaces;
      longest = std::max(longest, v.coverage.longest_gap);
    }
    counts.push_back({"kept", of(Verdict::kept), all,
                      "on " + print_surfaces(surfaces) + "; longest gap " + print_span_up(longest),
                      CellState::kept});
  }
  counts.push_back({"broken", of(Verdict::broken), all, "confirmed by people", CellState::broken});
  counts.push_back({"findings to review", board.findings_open, board.findings,
                    "nothing is public before", CellState::review});
  counts.push_back(
      {"unproven", of(Verdict::unproven), all, "our looks do not suffice", CellState::unproven});
  counts.push_back({"unavailable", of(Verdict::unavailable), all,
                    "the platform shows them to nobody", CellState::unavailable});
  return counts;
}

std::string_view words_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::truncated:
      return "there was more than could be read";
    case Outcome::rate_limited:
      return "the platform lets us ask no more for now";
    case Outcome::unreachable:
      return "nobody answered";
    case Outcome::refused:
      return "the platform wants a login or another permission";
    case Outcome::not_visible:
      return "the platform does not show this account to us";
    case Outcome::protected_:
      return "the account is protected";
    case Outcome::suspended:
      return "the platform has suspended the account";
    case Outcome::renamed:
      return "the account goes by another name";
    case Outcome::gone:
      return "the account is gone";
    case Outcome::other_account:
      return "somebody else answers under this name";
    case Outcome::malformed:
      return "the answer could not be understood";
    case Outcome::stale:
      return "the answer was older than the one before";
    case Outcome::suspect:
      return "posts vanished together, and a second look has to agree";
    default:
      return name_of(outcome);
  }
}

// Of alerts that people stopped; empty while they are sent.
std::string stopped_words(const Judgement& judgement) {
  if (judgement.runs.empty() || judgement.runs.back().state == RunState::running) return {};
  const CampaignRun& run = judgement.runs.back();
  return "Alerts are " + std::string(name_of(run.state)) + " since " + print_rfc3339(run.since) +
         " (" + run.detail + "); looking goes on.";
}

std::vector<std::string> blindness_of(const BoardModel& board, std::span<const LastSight> sights) {
  std::vector<std::string> words;
  if (const std::string stopped = stopped_words(board.judgement); !stopped.empty())
    words.push_back(stopped);
  if (!board.judgement.not_understood.empty())
    words.push_back("The log holds entries that are not understood: no verdict can rest on it.");
  std::map<std::string, std::array<int, outcome_names.size() + 1>> blind;
  for (const Cell& cell : board.cells) {
    const LastSight& sight = sight_of(sights, cell.number);
    if (sight.sees || cell.state == CellState::unjudged || board.phase == Phase::closed) continue;
    const bool never = sight.looked == Instant{};
    if (never && board.phase == Phase::before) continue;
    ++blind[cell.platform][never ? outcome_names.size() : static_cast<std::size_t>(sight.last)];
  }
  for (const auto& [platform, counts] : blind) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      const std::string who = plural(static_cast<std::size_t>(counts[i]), platform + " account");
      words.push_back(i == outcome_names.size()
                          ? who + " have not been looked at yet."
                          : who + " not seen at the last look: " +
                                std::string(words_of(static_cast<Outcome>(i))) +
                                ". Silence there proves nothing.");
    }
  }
  if (board.judgement.clock_doubt > std::chrono::seconds(2)) {
    words.push_back("Our clock and the platforms' disagree by up to " +
                    print_span_up(board.judgement.clock_doubt) + ".");
  }
  return words;
}

BoardModel make_board(BoardGrounds grounds) {
  BoardModel board;
  board.judgement = std::move(grounds.judgement);
  board.window = grounds.window;
  board.closes = grounds.closes;
  board.phase = phase_of(grounds.window, grounds.closes, grounds.now);
  std::span<const AccountVerdict> rest = board.judgement.accounts;
  while (!rest.empty()) {
    const auto mine = take_account(rest);
    const LastSight& sight = sight_of(grounds.sights, mine.front().account.number);
    board.cells.push_back(cell_of(mine, sight, grounds.now));
    ++board.by_state[static_cast<std::size_t>(board.cells.back().state)];
    if (board.cells.back().state == CellState::unjudged) continue;
    ++board.coverage.accounts;
    board.coverage.seen_now += sight.sees ? 1 : 0;
  }
  for (const AccountVerdict& v : board.judgement.accounts)
    add_coverage(board.coverage, v, grounds.now);
  board.windows = windows_of(board.judgement.accounts);
  board.troubles = blindness_of(board, grounds.sights);
  return board;
}

}  // namespace pw
