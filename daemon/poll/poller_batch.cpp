// One request about many accounts: which of them changed, or their lists themselves.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "daemon/poll/batch.h"
#include "daemon/poll/poller.h"

// g++ 12 inlines Asio's allocation of a coroutine's frame but not its release, and
// takes the two for a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace pw {

namespace asio = boost::asio;

namespace {

// A server that has no such call, or will not answer it to us, is asked again
// only now and then.
constexpr Millis unanswered_pause = std::chrono::minutes(10);
constexpr Millis glance = std::chrono::seconds(5);

using Ids = std::unordered_set<std::string>;

// Those that are not in `ids`, and how many they were: what came in front of a list while
// it was read pushes an item from the page before onto this one.
std::size_t add_posts(std::vector<Post>& whole, Ids& ids, std::vector<Post>& posts) {
  const std::size_t before = whole.size();
  for (Post& post : posts) {
    if (ids.insert(post.id).second) whole.push_back(std::move(post));
  }
  return whole.size() - before;
}

// Joins what an answer says to the pages of the answers before; trouble where it is not
// a page for each, or one of nothing new that goes on.
std::optional<Trouble> add_pages(BatchReading& answer, std::vector<Page>& pages,
                                 std::vector<Ids>& ids) {
  const bool is_first = pages.empty();
  if (is_first) ids.resize(answer.readings.size());
  std::size_t came = 0;
  std::size_t added = 0;
  for (std::size_t i = 0; i < answer.readings.size(); ++i) {
    if (const Trouble* trouble = std::get_if<Trouble>(&answer.readings[i])) return *trouble;
    Page& page = std::get<Page>(answer.readings[i]);
    std::vector<Post> posts = std::exchange(page.posts, {});
    if (is_first) {
      pages.push_back(std::move(page));
    } else {
      pages[i].skipped += page.skipped;
      pages[i].cut_off = pages[i].cut_off || page.cut_off;
    }
    came += posts.size();
    added += add_posts(pages[i].posts, ids[i], posts);
  }
  if (came == 0 || added > 0 || answer.next.empty()) return std::nullopt;
  return Trouble{.outcome = Outcome::malformed, .detail = "a paging cursor leads in a circle"};
}

}  // namespace

asio::awaitable<void> Poller::check_batches() {
  Exchange exchange;
  for (;;) {
    for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
      const bool due =
          lanes_[lane].batch_every > Millis{0} && lanes_[lane].batch_due <= clock().steady();
      if (!due) continue;
      lanes_[lane].batch_due = clock().steady() + lanes_[lane].batch_every;
      if (lanes_[lane].connector->declaration().probe == ProbeProves::lists) {
        co_await look_together(lane, exchange);
      } else {
        co_await check_lane(lane, exchange);
      }
    }
    co_await clock().sleep_until(clock().now() + glance);
  }
}

// The next accounts of a lane that a check can say anything of: read before, and
// due for routine looks alone. Where it reads their lists, one whose last look failed
// may fail it for all.
std::vector<std::uint32_t> Poller::batch_of(std::uint32_t lane, std::size_t& from) const {
  std::vector<std::uint32_t> batch;
  const Declaration& declared = lanes_[lane].connector->declaration();
  const int most = declared.batch_size;
  const bool lists = declared.probe == ProbeProves::lists;
  for (; from < slots_.size() && static_cast<int>(batch.size()) < most; ++from) {
    const Slot& slot = slots_[from];
    if (!slot.active || slot.lane != lane || !slot.watch.state.has_baseline) continue;
    if (lists && !observes(slot.watch.last)) continue;
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
      if (take_token(slots_[batch[i]], readings[i])) hasten(batch[i], clock().steady());
    }
    if (answered > 0) continue;
    lanes_[index].batch_due = clock().steady() + unanswered_pause;
    break;
  }
}

// The answers to one question about all of `batch`. Nothing is stored of them: an
// account whose list is not as it was is looked at alone, so that evidence and erasure
// have to do with one account each.
asio::awaitable<Poller::Together> Poller::read_together(const std::vector<std::uint32_t>& batch,
                                                        const Turn& turn, Exchange& exchange) {
  const Lane& lane = lanes_[turn.lane];
  Together read;
  std::vector<Ids> ids;
  std::string cursor;
  for (int requests = 0; requests < lane.pages_max; ++requests) {
    // Further pages too are read of what is free alone: looks come first.
    if (requests > 0 && !schedule_.take_spare_more(turn, clock().steady())) break;
    exchange.paid = true;
    std::vector<Query> queries;
    for (const std::uint32_t slot : batch) queries.push_back(query_of(slots_[slot], turn, cursor));
    std::optional<HttpRequest> request = lane.connector->batch_request(queries);
    if (!request) co_return Together();
    const Result<Done> fetched = co_await ask(turn, *std::move(request), exchange);
    if (!fetched) co_return Together();
    BatchReading answer = lane.connector->decode_batch(queries, exchange.response);
    if (requests == 0) {
      const Millis lag = lane.connector->declaration().lag;
      read.sight = sight_of(exchange.response, lag, Purpose::routine);
    }
    const std::optional<Trouble> trouble = add_pages(answer, read.pages, ids);
    if (trouble) {
      read.pages.clear();
      read.alone_rather = trouble->scope == Scope::account;
      co_return read;
    }
    if (answer.next.empty()) co_return read;
    cursor = std::move(answer.next);
  }
  // Too long for what is free: its accounts are looked at in their turns.
  read.pages.clear();
  read.unfinished = true;
  co_return read;
}

// Its list is as it was: a look, and the next one alone is due as after any other.
void Poller::settle_together(std::uint32_t index, const Page& page, const Sight& sight) {
  Slot& slot = slots_[index];
  // Gone, or in its turn meanwhile: that look says more.
  if (!slot.active || !schedule_.waits(index)) return;
  if (is_stale(slot.watch.memory, sight.effective)) return;
  if (identity_trouble(slot, page) || !same_list(slot.watch.state, sight, page, list_kind(slot))) {
    return hasten(index, clock().steady());
  }
  settle_unchanged(slot, sight);
  slot.watch.asked = clock().steady();
  slot.watch.failures = 0;
  ++slot.watch.turns;
  schedule_.move(index, due_after(slot, /*looked=*/true));
}

// Where one account may have failed it for all, each is looked at alone, and whose look
// then fails is in no batch until one succeeds.
asio::awaitable<void> Poller::look_together(std::uint32_t index, Exchange& exchange) {
  // Goes on where the round before had to end, so that nobody is always too late.
  std::size_t from = std::exchange(lanes_[index].batch_from, 0);
  while (from < slots_.size()) {
    const std::size_t begin = from;
    std::vector<std::uint32_t> batch = batch_of(index, from);
    if (batch.size() < 2) break;
    const std::optional<Turn> turn = schedule_.take_spare(index, clock().steady());
    if (!turn) {  // looks come first
      lanes_[index].batch_from = begin;
      break;
    }
    if (lanes_[index].connector->declaration().batch_counts_each) {
      std::size_t paid = 1;
      while (paid < batch.size() && schedule_.take_spare_more(*turn, clock().steady())) ++paid;
      batch.resize(paid);
    }
    const Together read = co_await read_together(batch, *turn, exchange);
    if (read.unfinished) continue;
    if (read.alone_rather) {
      for (const std::uint32_t slot : batch) hasten(slot, clock().steady());
      lanes_[index].batch_due = clock().steady() + unanswered_pause;
      continue;
    }
    if (read.pages.empty()) {
      lanes_[index].batch_due = clock().steady() + unanswered_pause;
      break;
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      settle_together(batch[i], read.pages[i], read.sight);
    }
  }
}

}  // namespace pw
