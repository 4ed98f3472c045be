// What single pages ask of the daemon: one account, findings with their posts, how
// it does itself.
#include <algorithm>

#include "daemon/app/daemon_web.h"
#include "daemon/app/people_acts.h"

namespace pw {
namespace {

constexpr std::size_t posts_max = 100;
constexpr int findings_max = 200;
constexpr Millis sinks_every = std::chrono::seconds(2);

double hourly(const std::vector<Budget>& budgets) {
  double sum = 0;
  for (const Budget& budget : budgets) {
    if (budget.requests == 0) return 0;
    sum += budget.requests * 3'600'000.0 / static_cast<double>(budget.window.count());
  }
  return sum;
}

// The longest of an account's gaps so far.
Millis gap_of(const BoardModel& board, AccountNumber number) {
  const auto cell =
      std::lower_bound(board.cells.begin(), board.cells.end(), number,
                       [](const Cell& one, AccountNumber wanted) { return one.number < wanted; });
  return cell == board.cells.end() || cell->number != number ? Millis{0} : cell->longest_gap;
}

PostNote note_of(const StoredPost& post) {
  const std::string text = post.erased ? std::string(erased_summary) : post.post.text;
  return {post.post.id,  post.post.surface, text,        post.post.url,
          post.appeared, post.baseline,     post.removed};
}

void add_posts(AccountModel& account, std::vector<StoredPost> posts) {
  std::stable_sort(posts.begin(), posts.end(), [](const StoredPost& a, const StoredPost& b) {
    return a.appeared.end > b.appeared.end;
  });
  for (const StoredPost& post : posts) {
    if (account.posts.size() == posts_max) {
      ++account.posts_more;
    } else {
      account.posts.push_back(note_of(post));
    }
  }
}

}  // namespace

Result<AccountModel> Daemon::Web::account(AccountNumber number) {
  const BoardModel& now_board = board();
  const auto cell =
      std::lower_bound(now_board.cells.begin(), now_board.cells.end(), number,
                       [](const Cell& one, AccountNumber wanted) { return one.number < wanted; });
  if (cell == now_board.cells.end() || cell->number != number)
    return Error{Errc::gone, "no account has this number"};
  AccountModel account;
  account.cell = *cell;
  for (const AccountVerdict& v : now_board.judgement.accounts) {
    if (v.account.number == number) account.verdicts.push_back(v);
  }
  if (number < seen.size()) {
    account.runs.assign(seen[number].runs.begin(), seen[number].runs.end());
    account.runs_cut = seen[number].runs_cut;
  }
  Result<std::vector<StoredPost>> posts = parts.store->posts_of({&number, 1});
  if (!posts) return posts.error();
  Result<std::vector<FindingModel>> findings_of_it =
      findings({.account = number, .limit = findings_max});
  if (!findings_of_it) return findings_of_it.error();
  account.findings = *std::move(findings_of_it);
  add_posts(account, *std::move(posts));
  return account;
}

Result<std::vector<FindingModel>> Daemon::Web::models_of(
    Result<std::vector<FindingView>> views) const {
  if (!views) return views.error();
  std::vector<FindingModel> models;
  for (const FindingView& view : *views)
    models.push_back(model_of(view, parts.config.publish_needs));
  return models;
}

Result<std::vector<FindingModel>> Daemon::Web::findings(const FindingsAsk& ask) {
  return models_of(parts.desk->findings(ask));
}

Result<FindingModel> Daemon::Web::finding(const std::string& id) {
  const Result<FindingView> view = parts.desk->finding(id);
  if (!view) return view.error();
  return model_of(*view, parts.config.publish_needs);
}

Result<std::vector<FindingModel>> Daemon::Web::waiting(const std::string& reviewer,
                                                       const std::string& beyond, int limit) {
  return models_of(parts.desk->waiting(reviewer, beyond, limit));
}

std::vector<RoomModel> Daemon::Web::rooms(const PlannedLane& lane) const {
  std::vector<RoomModel> rows;
  for (const CredentialConfig& credential : lane.config->credentials)
    rows.push_back({.label = credential.label});
  const auto place = parts.lane_at.find(lane.plan.name);
  if (place == parts.lane_at.end()) return rows;
  const std::vector<HeadroomSeen>& seen_rooms = parts.poller->headrooms(place->second);
  if (rows.empty()) rows.emplace_back();
  for (std::size_t i = 0; i < rows.size() && i < seen_rooms.size(); ++i) {
    const HeadroomSeen& seen_room = seen_rooms[i];
    if (seen_room.at == Instant{}) continue;
    rows[i].used = seen_room.room.used;
    rows[i].remaining = seen_room.room.remaining;
    rows[i].resets = seen_room.room.resets_at;
    rows[i].said = seen_room.at;
  }
  return rows;
}

std::vector<LaneModel> Daemon::Web::lanes() {
  std::vector<LaneModel> rows;
  for (std::size_t i = 0; i < parts.plan.lanes.size(); ++i) {
    const PlannedLane& lane = parts.plan.lanes[i];
    const Declaration& declared = lane.connector->declaration();
    LaneModel row;
    row.name = lane.plan.name;
    row.connector = declared.name;
    row.accounts = static_cast<int>(lane.accounts.size());
    row.interval = lane.promise.interval;
    row.gap_max = lane.promise.gap_max;
    row.detection_promised = lane.promise.detection_max;
    row.budget_hourly = hourly(lane.plan.budgets);
    row.blind_spots = declared.blind_spots;
    row.never_sees = print_surfaces(declared.never_sees);
    if (i < hours.size())
      row.requests_last_hour = hours[i].total(now()) * static_cast<std::uint64_t>(lane.plan.cost);
    row.rooms = rooms(lane);
    for (const std::uint32_t place : lane.accounts) {
      const AccountNumber number = parts.grounds.roster.accounts[place].number;
      if (const auto took = parts.board.slowest(number))
        row.detection_worst = std::max(row.detection_worst.value_or(*took), *took);
      row.gap_longest = std::max(row.gap_longest, gap_of(model, number));
      if (number >= seen.size()) continue;
      row.seen_now += seen[number].sight.sees ? 1 : 0;
      for (std::size_t k = 0; k < row.outcomes.size(); ++k)
        row.outcomes[k] += seen[number].outcomes[k];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<std::vector<SinkModel>> Daemon::Web::sinks() {
  const Tick tick = parts.world.clock.steady();
  if (sinks_read != tick_never && tick - sinks_read < sinks_every) return sink_rows;
  const Result<std::vector<DeliveryCount>> counts = parts.store->delivery_counts();
  if (!counts) return counts.error();
  std::vector<SinkModel> rows;
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < parts.config.sinks.size(); ++i) {
    const SinkConfig& sink = parts.config.sinks[i];
    places.emplace(sink.name, i);
    rows.push_back({sink.name, sink.type});
    if (i < parts.sinks.size()) rows.back().disabled = parts.sinks[i]->disabled();
  }
  for (const DeliveryCount& count : *counts) {
    const auto place = places.find(count.sink);
    if (place == places.end()) continue;  // a sink of an earlier configuration
    SinkModel& row = rows[place->second];
    if (count.state == DeliveryState::delivered) {
      row.delivered = count.count;
    } else if (count.state == DeliveryState::dead) {
      row.dead = count.count;
    } else if (count.state == DeliveryState::withheld) {
      row.withheld = count.count;
    } else {
      row.waiting += count.count;
      row.oldest = std::min(row.oldest.value_or(count.oldest), count.oldest);
    }
  }
  sink_rows = rows;
  sinks_read = tick;
  return rows;
}

Result<HealthModel> Daemon::Web::health() {
  const BoardModel& now_board = board();
  HealthModel health;
  health.now = now();
  health.started = started;
  health.software = software();
  health.lateness = parts.poller->lateness();
  health.lanes = lanes();
  Result<std::vector<SinkModel>> rows = sinks();
  if (!rows) return rows.error();
  health.sinks = *std::move(rows);
  health.leaves = known;
  health.checkpoint = checkpoint;
  health.vkey = parts.vkey;
  health.signed_leaves = now_board.signed_leaves;
  health.signed_at = signed_at;
  health.troubles = now_board.troubles;
  health.ready = has_caught_up() && health.lateness < std::chrono::minutes(5);
  return health;
}

}  // namespace pw
