// From the log to the board: what is followed, and how often it is judged.
#include "daemon/app/daemon_web.h"

#include <algorithm>

#include "daemon/app/people_acts.h"
#include "daemon/core/hash.h"
#include "daemon/ledger/entry.h"
#include "daemon/runtime/service.h"
#include "daemon/web/json_views.h"

namespace pw {
namespace {

// One step of following takes no longer; polling waits no longer either.
constexpr Millis step_max = std::chrono::milliseconds(15);
constexpr Millis refresh_every = std::chrono::seconds(1);
// Judging takes at most this share of the one thread.
constexpr int refresh_share = 20;
constexpr std::size_t runs_max = 48;
constexpr int latest_max = 8;
constexpr Millis late_max = std::chrono::seconds(30);

}  // namespace

Daemon::Web::Web(Daemon& whole, std::unique_ptr<Shelf> shelf)
    : daemon(whole),
      parts(*whole.parts_),
      judge([this](const Digest& digest) { return terms(digest); }, std::move(shelf)),
      started(parts.world.clock.now()) {}

Result<Terms> Daemon::Web::terms(const Digest& digest) {
  const auto bytes = parts.log_folder->read(object_path(digest), object_bytes_max);
  if (!bytes) return bytes.error();
  if (!*bytes) return Error{Errc::gone, "the terms that the log names are not in its folder"};
  return decode_terms(**bytes);
}

void Daemon::Web::HourCount::add(Instant t) {
  const std::int64_t now = ms_of(t) / 60'000;
  for (; minute < now; ++minute) {
    if (now - minute > 60) minute = now - 60;
    minutes[static_cast<std::size_t>((minute + 1) % 60)] = 0;
  }
  ++minutes[static_cast<std::size_t>(now % 60)];
}

std::uint64_t Daemon::Web::HourCount::total(Instant t) const {
  const std::int64_t now = ms_of(t) / 60'000;
  std::uint64_t sum = 0;
  for (std::int64_t m = std::max(now - 59, minute - 59); m <= minute; ++m) {
    if (m > now - 60) sum += minutes[static_cast<std::size_t>(m % 60)];
  }
  return sum;
}

void Daemon::Web::take_look(const Look& look) {
  if (look.account >= seen.size()) seen.resize(look.account + 1);
  Seen& one = seen[look.account];
  ++one.outcomes[static_cast<std::size_t>(look.outcome)];
  one.sight.looked = look.received;
  one.sight.last = look.outcome;
  one.sight.sees = observes(look.outcome);
  if (one.sight.sees) one.sight.observed = look.effective;
  // Whether something was new shows in posts; here it is one unbroken seeing.
  const Outcome kind = one.sight.sees ? Outcome::unchanged : look.outcome;
  if (one.runs.empty() || one.runs.back().outcome != kind) {
    one.runs.push_back({kind, 0, look.received, look.received});
    if (one.runs.size() > runs_max) {
      one.runs.pop_front();
      one.runs_cut = true;
    }
  }
  ++one.runs.back().count;
  one.runs.back().last = look.received;
  const Grounds& grounds = parts.grounds;
  if (look.account >= grounds.account_at.size() || grounds.account_at[look.account] == 0) return;
  const std::uint32_t lane = parts.plan.lane_of[grounds.account_at[look.account] - 1];
  if (lane == not_watched) return;
  if (lane >= hours.size()) hours.resize(lane + 1);
  hours[lane].add(look.received);
}

void Daemon::Web::take(std::uint64_t index, std::string_view leaf) {
  const Result<Entry> entry = decode(leaf);
  if (!entry) {
    judge.add_unknown(index, entry.error().detail);
    return;
  }
  judge.add(index, *entry);
  if (const auto* looks = std::get_if<LooksEntry>(&*entry)) {
    for (const Look& look : looks->looks) take_look(look);
  } else if (!std::holds_alternative<DeliveryEntry>(*entry)) {
    news = true;
  }
}

void Daemon::Web::follow() {
  const Result<std::uint64_t> count = parts.store->leaf_count();
  if (!count) throw StoreFailure(count.error().detail);
  known = *count;
  if (read >= known) return;
  const Millis start = parts.world.clock.steady();
  const Result<Done> done =
      parts.store->each_leaf(read, known - read, [&](std::uint64_t index, std::string_view leaf) {
        take(index, leaf);
        ++read;
        return parts.world.clock.steady() - start < step_max;
      });
  if (!done) throw StoreFailure(done.error().detail);
  if (const auto failure = judge.failure()) throw StoreFailure(failure->detail);
}

bool Daemon::Web::is_stale() const {
  if (refreshed == tick_never) return true;
  const Millis age = parts.world.clock.steady() - refreshed;
  if (news && has_caught_up()) return age >= refresh_cost * refresh_share / 4;
  return age >= std::max(refresh_every, refresh_cost * refresh_share);
}

const BoardModel& Daemon::Web::board() {
  follow();
  if (is_stale()) refresh();
  return model;
}

std::uint64_t Daemon::Web::roster_digest(const BoardModel& board) const {
  std::uint64_t digest = 1;
  for (const Cell& cell : board.cells) digest = mix64(cell.actor + '\n' + cell.handle, digest);
  return digest % (std::uint64_t{1} << 53);
}

void Daemon::Web::refresh() {
  const Millis start = parts.world.clock.steady();
  BoardGrounds grounds;
  grounds.now = now();
  grounds.judgement = judge.judge(grounds.now);
  grounds.window = parts.whole_window();
  grounds.closes = parts.closes_at();
  for (const Seen& one : seen) grounds.sights.push_back(one.sight);
  BoardModel next = make_board(std::move(grounds));
  if (next.judgement.campaign.empty()) next.judgement.campaign = parts.config.campaign.name;
  add_findings(next);
  read_log_state();
  next.leaves = known;
  next.signed_leaves = parts.signer->last() ? parts.signer->last()->size : 0;
  next.roster = roster_digest(next);
  next.revision = model.revision + 1;
  const Millis late = parts.poller->lateness();
  if (late > late_max) {
    next.troubles.insert(next.troubles.begin(), "We are late: an account has waited " +
                                                    print_duration(late) + " beyond its turn.");
  }
  if (!has_caught_up()) {
    next.troubles.insert(next.troubles.begin(),
                         "The log is still being read; what stands here is of an earlier time.");
  }
  model = std::move(next);
  news = news && !has_caught_up();
  refreshed = parts.world.clock.steady();
  refresh_cost = refreshed - start;
}

void Daemon::Web::add_findings(BoardModel& board) {
  if (news || !findings_read) {
    const auto all = parts.store->finding_count({.mode = Mode::alert});
    const auto open =
        parts.store->finding_count({.state = FindingState::open, .mode = Mode::alert});
    const auto newest = parts.store->findings({.mode = Mode::alert, .limit = latest_max});
    if (!all || !open || !newest) return;  // what was read before still holds
    alerts = static_cast<int>(*all);
    alerts_open = static_cast<int>(*open);
    latest.clear();
    for (const Finding& finding : *newest)
      latest.push_back(
          {finding.id, finding.account, finding.found_at, finding.state, finding.summary});
    findings_read = true;
  }
  board.findings = alerts;
  board.findings_open = alerts_open;
  board.latest = latest;
}

void Daemon::Web::read_log_state() {
  const auto note = parts.log_folder->read(std::string(checkpoint_file), 100'000);
  if (!note || !*note || **note == checkpoint) return;
  checkpoint = **note;
  signed_at = now();
}

Result<std::optional<std::string>> Daemon::Web::log_file(const std::string& path) {
  return parts.log_folder->read(path, object_bytes_max);
}

Result<ReviewDone> Daemon::Web::review(const ReviewAsk& ask) {
  const Result<ReviewOutcome> outcome =
      daemon.review({ask.finding, ask.reviewer, ask.act, ask.decision, ask.reason, ask.assignee});
  if (!outcome) return outcome.error();
  news = true;
  return ReviewDone{outcome->finding.state};
}

ActionDone Daemon::Web::observe(const ActionAsk& ask) {
  const Result<Done> done = parts.observe(ask.body);
  if (!done) return {status_of(done.error()), {}, done.error().detail};
  return {201, R"({"recorded":true})"};
}

ActionDone Daemon::Web::act(const ActionAsk& ask) {
  if (ask.method != "GET") news = true;
  if (ask.method == "POST" && ask.path.size() == 1 && ask.path[0] == "observations")
    return observe(ask);
  if (ask.method == "POST" && ask.path.size() == 1 && ask.path[0] == "erase") return erase(ask);
  return pw::act(daemon, ask);
}

Result<Done> Daemon::serve(TaskGroup& group) {
  Parts& p = *parts_;
  Result<std::unique_ptr<Shelf>> shelf = p.open_shelf();
  if (!shelf) return shelf.error();
  auto web = std::make_shared<Web>(*this, *std::move(shelf));
  WebServerOptions options;
  options.listen = p.config.web.listen;
  options.socket = p.config.web.socket;
  options.inherited = inherited_sockets();
  options.tls_cert = p.config.web.tls_cert;
  options.tls_key = p.config.web.tls_key;
  options.site.hosts = p.config.web.hosts;
  for (std::string& host : p.callback_hosts()) options.site.hosts.push_back(std::move(host));
  options.site.anonymous = p.config.web.open_to_readers ? Role::reader : Role::everybody;
  options.site.random = p.world.random;
  auto server = WebServer::open(p.world.io.get_executor(), p.world.clock, *web, p.world.log,
                                std::move(options));
  if (!server) return server.error();
  web->server = *std::move(server);
  for (const std::string& address : web->server->addresses())
    p.world.log.write(LogLevel::info, "web", "the pages are served", {{"at", address}});
  group.spawn("web", web->server->run());
  p.web = web;
  return Done{};
}

HubSaid Daemon::called(const HubAsk& ask) { return parts_->answer_hub(ask); }

std::vector<std::string> Daemon::web_addresses() const {
  return parts_->web ? parts_->web->server->addresses() : std::vector<std::string>{};
}

}  // namespace pw
