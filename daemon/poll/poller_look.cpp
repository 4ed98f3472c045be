// One look at one account: what is asked, and what comes of each answer.
#include <algorithm>

#include "daemon/core/ascii.h"
#include "daemon/core/observation.h"
#include "daemon/poll/poller.h"

// g++ 12 inlines Asio's allocation of a coroutine's frame but not its release, and
// takes the two for a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace pw {

namespace asio = boost::asio;

namespace {

// A broken cache may answer 304 for ever: once an hour the list is asked for
// without conditions (platforms-open 8.4).
constexpr Millis read_whole_every = std::chrono::hours(1);

// What is missing of a first list would later look new.
Trouble trouble_of_half_list() {
  return {.outcome = Outcome::truncated, .detail = "the first list could not be read to its end"};
}

Trouble trouble_of_stale() {
  return {.outcome = Outcome::stale, .detail = "older than the answer before it"};
}

// A page or two are compared one by one; the ids of a long list are kept.
bool is_listed(Reach& reach, const std::string& id) {
  constexpr std::size_t few = 200;
  if (reach.posts.size() < few) {
    return std::any_of(reach.posts.begin(), reach.posts.end(),
                       [&](const Post& other) { return other.id == id; });
  }
  if (reach.ids.empty()) {
    for (const Post& post : reach.posts) reach.ids.insert(post.id);
  }
  return !reach.ids.insert(id).second;
}

void add_page(Reach& reach, Page& page) {
  if (reach.posts.empty()) reach.posts.reserve(page.posts.size());
  for (Post& post : page.posts) {
    if (!is_listed(reach, post.id)) reach.posts.push_back(std::move(post));
  }
  reach.skipped += page.skipped;
  reach.list_ended = page.next.empty() && !page.cut_off;
  reach.cut_off = reach.cut_off || page.cut_off;
}

}  // namespace

Trouble trouble_of(const Error& error) {
  switch (error.code) {
    case Errc::refused:
      return {.outcome = Outcome::refused, .detail = error.detail};
    case Errc::malformed:
      return {.outcome = Outcome::malformed, .detail = error.detail};
    case Errc::transient:
    case Errc::rate_limited:
    case Errc::gone:
      break;
  }
  return {.outcome = Outcome::unreachable, .detail = error.detail};
}

Query Poller::query_of(const Slot& slot, const Turn& turn, std::string_view cursor) const {
  const Lane& lane = lanes_[turn.lane];
  const Credential* credential = lane.credentials.empty() ? nullptr : &lane.credentials[turn.meter];
  return Query{slot.watch.account, credential, cursor, clock().now()};
}

asio::awaitable<Poller::Ending> Poller::resolve(Slot& slot, const Turn& turn, Exchange& exchange) {
  const Lane& lane = lanes_[turn.lane];
  const Query query = query_of(slot, turn, {});
  std::optional<HttpRequest> request = lane.connector->resolve_request(query);
  if (!request) {
    co_await pin(slot, slot.watch.account.handle);
    co_return Ending{Outcome::unchanged, Scope::account, std::nullopt, /*looked=*/false};
  }
  const Result<Done> fetched = co_await ask(turn, *std::move(request), exchange);
  if (!fetched) co_return fail(slot, Purpose::baseline, trouble_of(fetched.error()), exchange);
  const auto answer = lane.connector->decode_identity(query, exchange.response);
  if (const Trouble* trouble = std::get_if<Trouble>(&answer)) {
    co_return fail(slot, Purpose::baseline, *trouble, exchange);
  }
  co_await pin(slot, std::get<Identity>(answer).id);
  co_return Ending{Outcome::unchanged, Scope::account, std::nullopt, /*looked=*/false};
}

asio::awaitable<void> Poller::pin(Slot& slot, std::string id) {
  slot.watch.account.id = id;
  slot.watch.state.id = id;
  slot.watch.state.account = slot.watch.account.number;
  const PinEntry entry{slot.watch.account.number, sha256(id), clock().now()};
  co_await parts_.recorder.record_pin(slot.watch.state, entry);
  if (parts_.on_pin) parts_.on_pin(slot.watch.account);
}

ListKind Poller::list_kind(const Slot& slot) const {
  return lanes_[slot.lane].connector->declaration().list;
}

// True when the request asks only for what has changed since the last answer.
bool Poller::ask_if_changed(const Slot& slot, Purpose purpose, HttpRequest& request) const {
  const AccountState& state = slot.watch.state;
  const Tick whole = slot.watch.read_whole;
  const bool overdue = whole == Tick::min() || clock().steady() - whole > read_whole_every;
  if (purpose != Purpose::routine || overdue) return false;
  // "Not changed" would be said of the first page, behind which a list in any order goes on.
  if (list_kind(slot) == ListKind::whole) return false;
  if (!state.etag.empty()) request.headers.push_back({"If-None-Match", state.etag});
  if (!state.last_modified.empty()) {
    request.headers.push_back({"If-Modified-Since", state.last_modified});
  }
  return !state.etag.empty() || !state.last_modified.empty();
}

// A list that is only as good as the revision it was read at. Keys page by what
// was read last, so a post that stood when the revision was asked for and still
// stands is met, whatever is written meanwhile.
asio::awaitable<Poller::Ending> Poller::look_by_revision(Slot& slot, const Turn& turn,
                                                         Purpose purpose, Exchange& exchange) {
  const std::optional<ProbeReading> reading = co_await probe(slot, turn, exchange);
  if (reading && std::holds_alternative<Trouble>(*reading)) {
    co_return fail(slot, purpose, std::get<Trouble>(*reading), exchange);
  }
  Sight sight =
      sight_of(exchange.response, lanes_[turn.lane].connector->declaration().lag, purpose);
  sight.make_salt = parts_.make_salt;
  if (reading) sight.token = std::get<std::string>(*reading);
  if (reading && parts_.on_revision) {
    parts_.on_revision(slot.watch.account, sight.token, sight.effective);
  }
  if (is_stale(slot.watch.memory, sight.effective)) {
    co_return fail(slot, purpose, trouble_of_stale(), exchange);
  }
  const AccountState& state = slot.watch.state;
  if (state.has_baseline && !sight.token.empty() && sight.token == state.token) {
    co_return settle_unchanged(slot, sight);
  }
  Ending ending = co_await read_list(slot, turn, sight, exchange);
  co_return ending;
}

asio::awaitable<Poller::Ending> Poller::read_list(Slot& slot, const Turn& turn, Sight& sight,
                                                  Exchange& exchange) {
  const Query query = query_of(slot, turn, {});
  const Connector& connector = *lanes_[turn.lane].connector;
  const Result<Done> fetched = co_await ask(turn, connector.request(query), exchange);
  if (!fetched) co_return fail(slot, sight.purpose, trouble_of(fetched.error()), exchange);
  sight.http_status = exchange.response.status;
  sight.body_digest = sha256(exchange.response.body);
  Reading reading = connector.decode(query, exchange.response);
  if (const Trouble* trouble = std::get_if<Trouble>(&reading)) {
    co_return fail(slot, sight.purpose, *trouble, exchange);
  }
  Page& page = std::get<Page>(reading);
  if (const auto trouble = identity_trouble(slot, page)) {
    co_return fail(slot, sight.purpose, *trouble, exchange);
  }
  Ending ending = co_await read_back(slot, turn, page, sight, exchange);
  co_return ending;
}

asio::awaitable<Poller::Ending> Poller::look(Slot& slot, const Turn& turn, Purpose purpose,
                                             Exchange& exchange) {
  const Lane& lane = lanes_[turn.lane];
  exchange.request = lane.connector->request(query_of(slot, turn, {}));
  bind_allowance(lane, exchange.request);
  if (!exchange.paid) co_await pay(turn);
  exchange.paid = false;
  const bool conditional = ask_if_changed(slot, purpose, exchange.request);
  exchange.response.status = 0;
  const Result<Done> fetched = co_await parts_.fetcher.fetch(exchange.request, exchange.response);
  if (!fetched) co_return fail(slot, purpose, trouble_of(fetched.error()), exchange);

  Sight sight = sight_of(exchange.response, lane.connector->declaration().lag, purpose);
  sight.make_salt = parts_.make_salt;
  if (is_stale(slot.watch.memory, sight.effective)) {
    co_return fail(slot, purpose, trouble_of_stale(), exchange);
  }
  if (!conditional) slot.watch.read_whole = clock().steady();
  if (conditional && exchange.response.status == 304) co_return settle_unchanged(slot, sight);
  sight.body_digest = sha256(exchange.response.body);
  if (same_bytes(slot.watch.state, sight, list_kind(slot))) co_return settle_unchanged(slot, sight);

  Reading reading = lane.connector->decode(query_of(slot, turn, {}), exchange.response);
  if (const Trouble* trouble = std::get_if<Trouble>(&reading)) {
    co_return fail(slot, purpose, *trouble, exchange);
  }
  Page& page = std::get<Page>(reading);
  if (const auto trouble = identity_trouble(slot, page)) {
    co_return fail(slot, purpose, *trouble, exchange);
  }
  if (same_list(slot.watch.state, sight, page, list_kind(slot))) {
    slot.watch.state.body_digest = sight.body_digest;
    slot.watch.state.etag = sight.etag;
    slot.watch.state.last_modified = sight.last_modified;
    co_return settle_unchanged(slot, sight);
  }
  Ending ending = co_await read_back(slot, turn, page, sight, exchange);
  co_return ending;
}

// From the first page back to what is known, then to the outcome.
asio::awaitable<Poller::Ending> Poller::read_back(Slot& slot, const Turn& turn, Page& first,
                                                  Sight& sight, Exchange& exchange) {
  const Lane& lane = lanes_[turn.lane];
  Reach reach;
  std::string next = first.next;
  add_page(reach, first);
  reach.first_page = static_cast<int>(reach.posts.size());
  sight.cut_short = reach.cut_off;
  Result<std::vector<KnownPost>> known = parts_.store.known_posts(slot.watch.account.number);
  if (!known) throw StoreFailure(known.error().detail);
  std::vector<KnownPost> listed = *std::move(known);
  // What people reported is in no list, and missing from none.
  std::erase_if(listed, [](const KnownPost& post) { return is_observed(post.id); });
  // The state as it was when the look began: nobody else looks at this account.
  const Before before{slot.watch.account, slot.watch.state, listed, slot.watch.memory,
                      lane.connector->declaration()};
  std::optional<Exchange> first_page;  // while older ones are read
  for (int pages = 1; !sight.cut_short && wants_more(before, reach, sight.purpose); ++pages) {
    if (pages >= lane.pages_max) {
      // A baseline is as deep as it is, unless only a whole list is one.
      sight.cut_short = before.state.has_baseline || before.declaration.list == ListKind::whole;
      break;
    }
    if (!first_page) first_page = exchange;
    std::optional<std::string> older = co_await read_on(slot, turn, next, reach, exchange);
    sight.cut_short = sight.broke_off = !older;
    if (!older && !before.state.has_baseline && before.declaration.list == ListKind::whole) {
      co_return fail(slot, sight.purpose, trouble_of_half_list(), exchange);
    }
    if (older) next = *std::move(older);
    if (reach.first_page == 0) reach.first_page = static_cast<int>(reach.posts.size());
  }
  // What the last page shows may be younger than the first.
  sight.received = std::max(sight.received, exchange.response.received);
  const bool emptied = reach.posts.empty() && before.declaration.list != ListKind::whole &&
                       (before.state.listed > 0 || !before.state.has_baseline);
  if (emptied) {
    if (!first_page) first_page = exchange;
    const std::optional<Trouble> shut = co_await ask_why_empty(slot, turn, exchange);
    if (shut) co_return fail(slot, sight.purpose, *shut, exchange);
  }
  Observation seen = observe(before, std::move(reach), sight);
  Ending ending = co_await settle_read(slot, seen, first_page ? *first_page : exchange);
  co_return ending;
}

// Reads the page at `cursor` into `reach`; gives the next page's cursor, or
// nothing when the page could not be read or does not lead on.
asio::awaitable<std::optional<std::string>> Poller::read_on(Slot& slot, const Turn& turn,
                                                            std::string cursor, Reach& reach,
                                                            Exchange& exchange) {
  const Lane& lane = lanes_[turn.lane];
  const Query query = query_of(slot, turn, cursor);
  const Result<Done> fetched = co_await ask(turn, lane.connector->request(query), exchange);
  if (!fetched) co_return std::nullopt;
  Reading reading = lane.connector->decode(query, exchange.response);
  Page* page = std::get_if<Page>(&reading);
  if (page == nullptr || identity_trouble(slot, *page)) co_return std::nullopt;
  const std::size_t depth = reach.posts.size();
  const bool empty = page->posts.empty();
  std::string next = page->next;
  add_page(reach, *page);
  if (page->cut_off) co_return std::nullopt;
  // A cursor that leads in a circle, or a page of nothing new that goes on.
  if (next == cursor || (reach.posts.size() == depth && !empty)) co_return std::nullopt;
  co_return next;
}

std::optional<Trouble> Poller::identity_trouble(Slot& slot, const Page& page) {
  const Watch& watch = slot.watch;
  if (!page.owner_id.empty() && page.owner_id != watch.state.id) {
    return Trouble{.outcome = Outcome::other_account,
                   .detail = "the answer is about another account than the pinned one"};
  }
  return handle_trouble(slot, page.owner_handle);
}

std::optional<Trouble> Poller::handle_trouble(const Slot& slot, std::string_view handle) const {
  const Watch& watch = slot.watch;
  if (handle.empty() || equal_ignoring_case(handle, watch.account.handle) ||
      watch.account.handle == watch.state.id) {
    return std::nullopt;
  }
  return Trouble{.outcome = Outcome::renamed,
                 .detail = "the pinned id is now called " + std::string(handle)};
}

Poller::Ending Poller::settle_unchanged(Slot& slot, const Sight& sight) {
  const Watch& watch = slot.watch;
  const Observation seen =
      observe_unchanged(watch.account.number, watch.state, watch.memory, sight);
  parts_.recorder.record(seen.look);
  return settle(slot, seen);
}

asio::awaitable<Poller::Ending> Poller::settle_read(Slot& slot, Observation& seen,
                                                    const Exchange& shown) {
  const Watch& watch = slot.watch;
  const Answer answer{watch.account, shown.request, shown.response, seen, watch.memory.observed};
  if (seen.news) {
    seen.news->state.account = watch.account.number;
    seen.news->state.home = watch.state.home;
    std::vector<Entry> beside;
    if (parts_.beside_news) beside = parts_.beside_news(answer);
    co_await parts_.recorder.record_news(seen, beside);
  } else {
    parts_.recorder.record(seen.look);
  }
  const Ending ending = settle(slot, seen);
  if (parts_.on_answer) {
    parts_.on_answer(answer);
    co_await parts_.recorder.commit_soon();
  }
  co_return ending;
}

// What is stored already becomes what is known.
Poller::Ending Poller::settle(Slot& slot, const Observation& seen) {
  Watch& watch = slot.watch;
  say_change(slot, seen.look);
  if (!watch.state.has_baseline && seen.state.has_baseline && seen.news)
    note_habit(slot, seen.news->posts);
  watch.state = seen.state;
  watch.state.account = watch.account.number;
  watch.memory = seen.memory;
  if (observes(seen.look.outcome)) {
    note_sweep(watch.agenda, parts_.windows(watch.account), parts_.sweeps, seen.look.purpose,
               seen.look.effective);
  }
  watch.last = seen.look.outcome;
  if (observes(seen.look.outcome)) record_vanished(slot, seen);
  if (seen.news && !seen.news->posts.empty()) parts_.on_news();
  return {seen.look.outcome};
}

Poller::Ending Poller::fail(Slot& slot, Purpose purpose, const Trouble& trouble,
                            const Exchange& exchange) {
  Look look;
  look.account = slot.watch.account.number;
  look.outcome = trouble.outcome;
  look.purpose = purpose;
  look.received = clock().now();
  look.effective = look.received;
  look.http_status = exchange.response.status;
  look.detail = trouble.detail.substr(0, 200);
  say_change(slot, look);
  parts_.recorder.record(look);
  slot.watch.last = trouble.outcome;
  return {trouble.outcome, trouble.scope, trouble.retry_after};
}

}  // namespace pw
