// What is asked before a list is read: where the account lives, and whether
// anything changed at all.
#include "daemon/poll/poller.h"

namespace pw {

namespace asio = boost::asio;

namespace {

// A server may move an account at any time, and is believed for as long.
constexpr Millis home_asked_every = std::chrono::hours(1);
constexpr int home_steps_max = 3;

}  // namespace

// One more request of the same turn, when the budget lets it go.
asio::awaitable<void> Poller::pay(const Turn& turn) {
  const Tick at = schedule_.take_more(turn, clock().steady());
  if (at > clock().steady()) co_await clock().sleep_until(clock().now() + (at - clock().steady()));
}

// What passes by itself is no reason to be blind while the last answer is known.
std::optional<Trouble> Poller::unless_known(const Slot& slot, Trouble trouble) {
  const bool passing = trouble.outcome == Outcome::unreachable ||
                       trouble.outcome == Outcome::rate_limited ||
                       trouble.outcome == Outcome::malformed;
  if (passing && !slot.watch.account.home.empty()) return std::nullopt;
  return trouble;
}

// Not on every look: while things go well an hour's answer is good enough, but a
// sweep, and a look after a failure, ask anew.
bool Poller::wants_home(const Slot& slot, Purpose purpose) const {
  const Watch& watch = slot.watch;
  if (watch.account.home.empty() || purpose != Purpose::routine || !observes(watch.last)) {
    return true;
  }
  return watch.home_asked == tick_never || clock().steady() - watch.home_asked > home_asked_every;
}

// One step on the way; `account` holds how far it has come.
asio::awaitable<Poller::HomeAnswer> Poller::ask_home(const Turn& turn, const Account& account,
                                                     Exchange& exchange) {
  const Lane& lane = lanes_[turn.lane];
  const Query query{account, lane.credentials.empty() ? nullptr : &lane.credentials[turn.meter]};
  std::optional<HttpRequest> request = lane.connector->home_request(query);
  if (!request) co_return HomeAnswer(Home{account.home});
  const Result<Done> fetched = co_await ask(turn, *std::move(request), exchange);
  if (!fetched) co_return HomeAnswer(trouble_of(fetched.error()));
  co_return lane.connector->decode_home(query, exchange.response);
}

// Nothing: go on. A directory that does not answer blinds nobody whose server is
// known.
asio::awaitable<std::optional<Trouble>> Poller::find_home(Slot& slot, const Turn& turn,
                                                          Exchange& exchange) {
  Account account = slot.watch.account;
  account.home.clear();
  bool onward = true;
  for (int step = 0; onward && step < home_steps_max; ++step) {
    const HomeAnswer answer = co_await ask_home(turn, account, exchange);
    if (const Trouble* trouble = std::get_if<Trouble>(&answer)) {
      co_return unless_known(slot, *trouble);
    }
    const Home& home = std::get<Home>(answer);
    auto renamed = handle_trouble(slot, home.handle);
    if (renamed) co_return renamed;
    account.home = home.address;
    onward = home.onward;
  }
  slot.watch.home_asked = clock().steady();
  slot.watch.account.home = account.home;
  slot.watch.state.home = account.home;
  co_return std::nullopt;
}

// The request's budget has to be paid unless it is the turn's first.
asio::awaitable<Result<Done>> Poller::ask(const Turn& turn, HttpRequest request,
                                          Exchange& exchange) {
  if (!exchange.paid) co_await pay(turn);
  exchange.paid = false;
  exchange.request = std::move(request);
  bind_allowance(lanes_[turn.lane], exchange.request);
  exchange.response.status = 0;
  Result<Done> fetched = co_await parts_.fetcher.fetch(exchange.request, exchange.response);
  if (fetched) note_headroom(turn, exchange.response);
  co_return fetched;
}

// Once a second is enough for people; an answer's headers are not read again for it.
void Poller::note_headroom(const Turn& turn, const HttpResponse& response) {
  constexpr Millis glance = std::chrono::seconds(1);
  Lane& lane = lanes_[turn.lane];
  if (turn.meter >= lane.rooms.size()) lane.rooms.resize(turn.meter + 1);
  HeadroomSeen& seen = lane.rooms[turn.meter];
  const Tick now = clock().steady();
  if (seen.read != tick_never && now - seen.read < glance) return;
  seen.read = now;
  const Headroom room = lane.connector->headroom(response);
  if (room.used || room.remaining || room.resets_at) seen = {room, response.received, now};
}

// A list with nothing in it looks the same whether nothing stands or the account
// was shut off (Mastodon: 200 and empty). Only what the platform says of the
// account itself tells them apart.
asio::awaitable<std::optional<Trouble>> Poller::ask_why_empty(Slot& slot, const Turn& turn,
                                                              Exchange& exchange) {
  const Connector& connector = *lanes_[turn.lane].connector;
  const Query query = query_of(slot, turn, {});
  std::optional<HttpRequest> request = connector.resolve_request(query);
  if (!request) co_return std::nullopt;
  const Result<Done> fetched = co_await ask(turn, *std::move(request), exchange);
  if (!fetched) co_return std::nullopt;
  const auto answer = connector.decode_identity(query, exchange.response);
  const Trouble* trouble = std::get_if<Trouble>(&answer);
  const bool tells = trouble != nullptr && (trouble->outcome == Outcome::suspended ||
                                            trouble->outcome == Outcome::renamed);
  co_return tells ? std::optional(*trouble) : std::nullopt;
}

// The cheap check of one account whose connector has one that proves silence.
// Nothing: it does not answer for this account, read the list without it.
asio::awaitable<std::optional<ProbeReading>> Poller::probe(Slot& slot, const Turn& turn,
                                                           Exchange& exchange) {
  const Connector& connector = *lanes_[turn.lane].connector;
  const Query query = query_of(slot, turn, {});
  std::optional<HttpRequest> request = connector.probe_request({&query, 1});
  if (!request) co_return std::nullopt;
  const Result<Done> fetched = co_await ask(turn, *std::move(request), exchange);
  if (!fetched) co_return ProbeReading(trouble_of(fetched.error()));
  std::vector<ProbeReading> readings = connector.decode_probe({&query, 1}, exchange.response);
  if (readings.size() != 1) co_return std::nullopt;
  co_return std::move(readings.front());
}

}  // namespace pw
