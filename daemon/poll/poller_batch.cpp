// One request that tells of many accounts which of them changed.
#include <algorithm>

#include "daemon/poll/batch.h"
#include "daemon/poll/poller.h"

namespace pw {

namespace asio = boost::asio;

namespace {

// A server that has no such call, or will not answer it to us, is asked again
// only now and then.
constexpr Millis unanswered_pause = std::chrono::minutes(10);
constexpr Millis glance = std::chrono::seconds(5);

}  // namespace

asio::awaitable<void> Poller::check_batches() {
  Exchange exchange;
  for (;;) {
    for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
      const bool due =
          lanes_[lane].batch_every > Millis{0} && lanes_[lane].batch_due <= clock().steady();
      if (due) co_await check_lane(lane, exchange);
    }
    co_await clock().sleep_until(clock().now() + glance);
  }
}

// The next accounts of a lane that a check can say anything of: read before, and
// due for routine looks alone.
std::vector<std::uint32_t> Poller::batch_of(std::uint32_t lane, std::size_t& from) const {
  std::vector<std::uint32_t> batch;
  const int most = lanes_[lane].connector->declaration().batch_size;
  for (; from < slots_.size() && static_cast<int>(batch.size()) < most; ++from) {
    const Slot& slot = slots_[from];
    if (!slot.active || slot.lane != lane || !slot.watch.state.has_baseline) continue;
    const auto purpose = purpose_at(parts_.windows(slot.watch.account), parts_.sweeps,
                                    slot.watch.agenda, /*has_baseline=*/true, clock().now());
    if (purpose == Purpose::routine) batch.push_back(static_cast<std::uint32_t>(from));
  }
  return batch;
}

// True when the account has to be looked at.
bool Poller::take_token(Slot& slot, const ProbeReading& reading) {
  std::string& known = slot.watch.batch_token;
  const ProbeProves proves = lanes_[slot.lane].connector->declaration().probe;
  const ProbeWord word = word_of(proves, known, reading);
  if (const std::string* token = std::get_if<std::string>(&reading)) known = *token;
  return word == ProbeWord::changed;
}

asio::awaitable<void> Poller::check_lane(std::uint32_t index, Exchange& exchange) {
  const Connector& connector = *lanes_[index].connector;
  lanes_[index].batch_due = clock().steady() + lanes_[index].batch_every;
  for (std::size_t from = 0; from < slots_.size();) {
    const std::vector<std::uint32_t> batch = batch_of(index, from);
    // One account alone is looked at as cheaply as it is checked.
    if (batch.size() < 2) break;
    const std::optional<Turn> turn = schedule_.take_spare(index, clock().steady());
    if (!turn) break;  // looks come first
    std::vector<Query> queries;
    for (const std::uint32_t slot : batch) queries.push_back(query_of(slots_[slot], *turn, {}));
    std::optional<HttpRequest> request = connector.probe_request(queries);
    if (!request) break;
    exchange.paid = true;
    const Result<Done> fetched = co_await ask(*turn, *std::move(request), exchange);
    if (!fetched) break;
    const std::vector<ProbeReading> readings = connector.decode_probe(queries, exchange.response);
    int answered = 0;
    for (std::size_t i = 0; i < std::min(readings.size(), batch.size()); ++i) {
      answered += std::holds_alternative<std::string>(readings[i]) ? 1 : 0;
      if (take_token(slots_[batch[i]], readings[i])) hasten(batch[i]);
    }
    if (answered > 0) continue;
    lanes_[index].batch_due = clock().steady() + unanswered_pause;
    break;
  }
}

}  // namespace pw
