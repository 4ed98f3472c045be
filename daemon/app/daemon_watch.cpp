// Who is looked at, on whose budget, and what becomes of new posts.
#include <algorithm>

#include "daemon/app/daemon_parts.h"
#include "daemon/ledger/habit.h"

namespace pw {
namespace {

constexpr std::size_t salt_bytes = 16;

}  // namespace

void Daemon::Parts::start_poller() {
  PollerParts poll{.clock = world.clock,
                   .fetcher = world.fetcher,
                   .store = *store,
                   .recorder = *recorder,
                   .log = world.log,
                   .seed = seed,
                   .sweeps = sweeps(),
                   .windows = [this](const Account& account) -> const std::vector<Window>& {
                     return windows_of(account.number);
                   },
                   .on_news = [this] { screen(); },
                   .make_salt = drawn_together(
                       [this](std::size_t bytes) { return world.random(bytes); }, salt_bytes),
                   .beside_news = [this](const Answer& answer) { return habit_in(answer); },
                   .on_answer = [this](const Answer& answer) { keep_evidence(answer); }};
  evidence.emplace(*state_folder, SlotFile(config.state_dir), redactor_of(config), software());
  poll.on_pin = [this](const Account& account) { listen_to(account); };
  poll.on_revision = [this](const Account& account, std::string_view rev, Instant at) {
    if (listener) listener->compare(account.number, rev, at);
  };
  poller.emplace(std::move(poll));
  open_stream();
  open_activity();
  if (const Result<Done> opened = open_hub(); !opened) throw StoreFailure(opened.error().detail);
  for (const PlannedLane& planned : plan.lanes) lane(planned);
  watch_roster(world.first_looks_within);
  // Posts whose screening a crash cut off.
  screen();
}

std::uint32_t Daemon::Parts::lane(const PlannedLane& planned) {
  if (const auto it = lane_at.find(planned.plan.name); it != lane_at.end()) return it->second;
  Lane made;
  made.name = planned.plan.name;
  made.connector = planned.connector;
  made.allowance = planned.config->allowance;
  for (const CredentialConfig& credential : planned.config->credentials) {
    if (credential.account != planned.owner) continue;
    made.credentials.push_back(
        {credential.label, credential.app, credential.user_id, credential.token.value,
         credential.app_secret ? credential.app_secret->value : std::string(), credential.account});
  }
  made.interval = planned.promise.interval;
  made.share = share_of(planned.plan, planned.promise);
  made.pages_max = planned.config->pages_max.value_or(planned.connector->declaration().pages_max);
  const std::uint32_t index =
      poller->add_lane(std::move(made), planned.plan.budgets, planned.plan.apps);
  lane_at.emplace(planned.plan.name, index);
  return index;
}

// As it was known before a restart.
double Daemon::Parts::habit_of(AccountNumber account) {
  const Result<std::vector<StoredPost>> posts = store->posts_of({&account, 1});
  if (!posts) throw StoreFailure(posts.error().detail);
  return posts_per_day(times_of(*posts), world.clock.now());
}

void Daemon::Parts::watch_roster(Millis within) {
  Result<std::vector<AccountState>> states = store->states();
  if (!states) throw StoreFailure(states.error().detail);
  std::vector<AccountState*> state_of(grounds.account_at.size(), nullptr);
  for (AccountState& state : *states) {
    if (state.account < state_of.size()) state_of[state.account] = &state;
  }
  for (std::uint32_t i = 0; i < grounds.roster.accounts.size(); ++i) {
    const Account& account = grounds.roster.accounts[i];
    if (plan.lane_of[i] == not_watched || poller->watches(account.number)) continue;
    const PlannedLane& planned = plan.lanes[plan.lane_of[i]];
    Watch watch;
    watch.account = account;
    watch.state.account = account.number;
    if (state_of[account.number] != nullptr) watch.state = std::move(*state_of[account.number]);
    if (watch.state.id.empty()) watch.state.id = account.id;
    watch.account.id = watch.state.id;
    watch.account.home = watch.state.home;
    if (watch.state.has_baseline && share_of(planned.plan, planned.promise).shares())
      watch.posts_per_day = habit_of(account.number);
    listen_to(watch.account);
    const AccountStanding& standing = replay.accounts[account.number];
    watch.memory = standing.memory;
    watch.agenda = standing.agenda;
    watch.turns = standing.turns;
    poller->add(std::move(watch), lane(planned), std::min(within, planned.promise.interval));
  }
}

namespace {

bool shows_something_new(const Observation& seen) {
  const auto is_new = [](const StoredPost& post) { return !post.baseline; };
  return seen.news && std::any_of(seen.news->posts.begin(), seen.news->posts.end(), is_new);
}

}  // namespace

// The posts of the answer that can lie in a window; others are nobody's business
// after the look.
std::vector<std::string> Daemon::Parts::posts_that_matter(const Answer& answer) const {
  std::vector<std::string> posts;
  if (!shows_something_new(answer.seen)) return posts;
  for (const PostEntry& entry : entries_of(answer.seen)) {
    const bool is_new = entry.event == PostEvent::appeared || entry.event == PostEvent::restored;
    const auto& windows = windows_of(answer.account.number);
    const bool matters = std::any_of(windows.begin(), windows.end(), [&](const Window& window) {
      return covers(window, entry.appeared) != Ternary::no;
    });
    if (is_new && matters) posts.push_back(entry.post);
  }
  return posts;
}

void Daemon::Parts::keep_evidence(const Answer& answer) {
  if (replay.erased.contains(answer.account.number)) return;
  const auto entries = evidence->take(answer.account.number, answer.request, answer.response,
                                      posts_that_matter(answer), answer.last_observed);
  if (!entries) throw StoreFailure("evidence could not be kept: " + entries.error().detail);
  if (entries->empty()) return;
  recorder->record_soon(std::vector<Entry>(entries->begin(), entries->end()));
}

// Once, of the first list that was read: how silent the account is anyway.
std::vector<Entry> Daemon::Parts::habit_in(const Answer& answer) const {
  const auto& news = answer.seen.news;
  if (answer.seen.look.purpose != Purpose::baseline || !news || news->posts.empty()) return {};
  const Instant received = answer.seen.look.received;
  const auto& windows = windows_of(answer.account.number);
  const auto next = std::find_if(windows.begin(), windows.end(), [&](const Window& window) {
    return window.possible.end > received;
  });
  if (next == windows.end()) return {};
  std::vector<const Post*> list;
  for (const StoredPost& post : news->posts) {
    if (!post.baseline) return {};  // not the first one, then
    list.push_back(&post.post);
  }
  const HabitEntry habit = pw::habit_of(answer.account.number, list,
                                        grounds.roster.pledges[answer.account.pledge].surfaces,
                                        next->span.length(), received);
  if (habit.spans == 0) return {};
  return {Entry{habit}};
}

void Daemon::Parts::screen() {
  const Result<int> found = screener->screen(grounds, world.clock.now());
  if (!found) throw StoreFailure(found.error().detail);
  if (*found == 0) return;
  for (const auto& sink : sinks) sink->notify();
  pace_bell.ring();
}

}  // namespace pw
