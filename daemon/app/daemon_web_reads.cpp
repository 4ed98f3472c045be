// What single pages ask of the daemon: one account, findings with their posts, how
// it does itself.
#include <algorithm>
#include <set>

#include "daemon/app/daemon_web.h"
#include "daemon/core/hash.h"

namespace pw {
namespace {

constexpr std::size_t posts_max = 100;
constexpr Millis sinks_every = std::chrono::seconds(2);

double hourly(const std::vector<Budget>& budgets) {
  double sum = 0;
  for (const Budget& budget : budgets) {
    if (budget.requests == 0) return 0;
    sum += budget.requests * 3'600'000.0 / static_cast<double>(budget.window.count());
  }
  return sum;
}

PostNote note_of(const StoredPost& post) {
  return {post.post.id,  post.post.surface, post.post.text, post.post.url,
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
  for (const Finding& finding : found) {
    if (finding.account != number) continue;
    const auto post = std::find_if(posts->begin(), posts->end(), [&](const StoredPost& one) {
      return one.post.id == finding.post_id;
    });
    account.findings.push_back(model_of(finding, post == posts->end() ? nullptr : &*post));
  }
  add_posts(account, *std::move(posts));
  return account;
}

FindingModel Daemon::Web::model_of(const Finding& finding, const StoredPost* post) const {
  FindingModel model_of_it;
  model_of_it.finding = finding;
  model_of_it.needs = parts.config.publish_needs;
  const Grounds& grounds = parts.grounds;
  if (finding.account < grounds.account_at.size() && grounds.account_at[finding.account] != 0) {
    const Account& account = grounds.roster.accounts[grounds.account_at[finding.account] - 1];
    model_of_it.platform = account.platform;
    model_of_it.handle = account.handle;
    model_of_it.actor = grounds.roster.pledges[account.pledge].actor;
  }
  model_of_it.erased = post == nullptr;
  if (post != nullptr) {
    model_of_it.text = post->post.text;
    model_of_it.url = post->post.url;
    model_of_it.surface = post->post.surface;
    model_of_it.claimed_at = post->post.claimed_at;
    model_of_it.removed = post->removed;
    model_of_it.commitment = print_hex(sha256(post->salt + std::string(bytes_of(post->digest))));
  }
  for (const Review& review : reviewed) {
    if (review.finding != finding.id) continue;
    if (review.act == ReviewAct::decide)
      model_of_it.reviews.push_back({review.reviewer, review.decision, review.reason, review.at});
    if (review.act == ReviewAct::answer) model_of_it.answer = review.reason;
  }
  return model_of_it;
}

Result<std::vector<FindingModel>> Daemon::Web::findings() {
  board();
  std::set<AccountNumber> concerned;
  for (const Finding& finding : found) concerned.insert(finding.account);
  const std::vector<AccountNumber> accounts(concerned.begin(), concerned.end());
  const Result<std::vector<StoredPost>> posts = parts.store->posts_of(accounts);
  if (!posts) return posts.error();
  std::map<std::pair<AccountNumber, std::string_view>, const StoredPost*> by_id;
  for (const StoredPost& post : *posts)
    by_id.emplace(std::pair(post.account, std::string_view(post.post.id)), &post);
  std::vector<FindingModel> models;
  for (const Finding& finding : found) {
    const auto post = by_id.find({finding.account, finding.post_id});
    models.push_back(model_of(finding, post == by_id.end() ? nullptr : post->second));
  }
  return models;
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
    for (const CredentialConfig& credential : lane.config->credentials)
      row.credentials.push_back(credential.label);
    std::set<AccountNumber> members;
    for (const std::uint32_t place : lane.accounts) {
      const AccountNumber number = parts.grounds.roster.accounts[place].number;
      members.insert(number);
      if (number >= seen.size()) continue;
      row.seen_now += seen[number].sight.sees ? 1 : 0;
      for (std::size_t k = 0; k < row.outcomes.size(); ++k)
        row.outcomes[k] += seen[number].outcomes[k];
    }
    for (const Finding& finding : found) {
      // One that people must place in time first says nothing of how quick we are.
      if (!members.contains(finding.account) || finding.needs_review) continue;
      const Millis took = finding.found_at - finding.appeared.start;
      row.detection_worst = std::max(row.detection_worst.value_or(took), took);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<std::vector<SinkModel>> Daemon::Web::sinks() {
  const Tick tick = parts.world.clock.steady();
  if (sinks_read != tick_never && tick - sinks_read < sinks_every) return sink_rows;
  const Result<std::vector<Delivery>> deliveries = parts.store->deliveries();
  if (!deliveries) return deliveries.error();
  std::vector<SinkModel> rows;
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < parts.config.sinks.size(); ++i) {
    const SinkConfig& sink = parts.config.sinks[i];
    places.emplace(sink.name, i);
    rows.push_back({sink.name, sink.type});
    if (i < parts.sinks.size()) rows.back().disabled = parts.sinks[i]->disabled();
  }
  for (const Delivery& delivery : *deliveries) {
    const auto place = places.find(delivery.row.sink);
    if (place == places.end()) continue;  // a sink of an earlier configuration
    SinkModel& row = rows[place->second];
    if (delivery.state == DeliveryState::delivered) {
      ++row.delivered;
    } else if (delivery.state == DeliveryState::dead) {
      ++row.dead;
    } else if (delivery.state == DeliveryState::ready || delivery.state == DeliveryState::leased) {
      ++row.waiting;
      row.oldest = std::min(row.oldest.value_or(delivery.created_at), delivery.created_at);
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
