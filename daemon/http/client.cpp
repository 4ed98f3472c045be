#include "daemon/http/client.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "daemon/http/dialer.h"
#include "daemon/http/exchange.h"
#include "daemon/http/redirect.h"
#include "daemon/http/request_head.h"
#include "daemon/http/request_signature.h"
#include "daemon/http/target.h"
#include "daemon/http/tls.h"

namespace pw {

namespace asio = boost::asio;

namespace {

// One read takes a whole ordinary answer: fewer steps are what makes the
// difference (design, decision 5).
constexpr std::size_t read_bytes = 64 * 1024;
constexpr auto trusted_idle = std::chrono::seconds(1);  // younger ones are not probed

// What an exchange works with; lent to one fetch at a time and used again, so
// that memory grows with concurrent fetches, not with kept connections.
struct Workbench {
  explicit Workbench(const AnswerLimits& limits)
      : buffer(std::max(read_bytes, limits.header_bytes_max)), reader(limits) {}

  std::vector<char> buffer;
  AnswerReader reader;
  std::string out;
  std::string place;
  Progress progress;
};

// What a connection is never shared across.
void name_place(const Route& route, std::string& place) {
  place.assign(route.target->scheme == Scheme::https ? "https " : "http ");
  place.append(route.target->host).append(" ").append(std::to_string(route.target->port));
  if (route.is_exempt) place.append(" exempt");
  if (route.proxy) {
    place.append(" by ").append(route.proxy->host);
    place.append(" ").append(std::to_string(route.proxy->port));
  }
}

// Servers differ in what they verify: whoever answers 401 to a path with its query
// is asked once more with the path alone signed (platforms-open 5.3).
enum class SignedPath { whole, bare };

Result<HttpRequest> with_signature(const HttpRequest& request, const Target& target, Instant now,
                                   SignedPath signed_path) {
  const std::string date = print_http_date(now);
  const std::string_view path(target.path);
  auto signature =
      sign_request(*request.key, request.method,
                   signed_path == SignedPath::bare ? path.substr(0, path.find('?')) : path,
                   host_header(target), date);
  if (!signature) return signature.error();
  HttpRequest proven = request;
  proven.headers.push_back({"Date", date});
  proven.headers.push_back({"Signature", *std::move(signature)});
  return proven;
}

bool may_sign_otherwise(const HttpRequest& request, const Target& target) {
  return request.key && is_idempotent(request.method) && target.path.find('?') != std::string::npos;
}

Result<Done> check(const HttpOptions& options) {
  HttpRequest probe;
  probe.headers.push_back({"User-Agent", options.user_agent});
  if (options.user_agent.empty() || !check_request(probe)) {
    return Error{Errc::refused, "User-Agent: one line of text is needed"};
  }
  return Done{};
}

}  // namespace

struct HttpClient::State {
  State(asio::io_context& io, const Clock& the_clock, HttpOptions the_options, Proxies the_proxies,
        std::unique_ptr<Tls> the_tls)
      : options(std::move(the_options)),
        clock(the_clock),
        proxies(std::move(the_proxies)),
        tls(std::move(the_tls)),
        deadlines(io, options.deadline),
        dialer(io, *tls, options.lookup, options.lookup_max, options.attempt_max),
        pool(io, options.pool) {}

  asio::awaitable<Result<Done>> follow(const HttpRequest& request, HttpResponse& response,
                                       Workbench& bench, Deadline& deadline);
  asio::awaitable<Result<Done>> ask(const HttpRequest& request, const Target& target,
                                    HttpResponse& response, Workbench& bench, Deadline& deadline,
                                    SignedPath signed_path = SignedPath::whole);
  asio::awaitable<Result<Done>> ask_on_new(Pool::Lease& lease, const HttpRequest& request,
                                           const Route& route, HttpResponse& response,
                                           Workbench& bench, Deadline& deadline);
  asio::awaitable<Result<Done>> exchange(Connection& connection, const HttpRequest& request,
                                         HttpResponse& response, Workbench& bench,
                                         Deadline& deadline);

  bool is_usable(Connection* connection, const HttpRequest& request) const;
  std::unique_ptr<Workbench> take_bench();

  const HttpOptions options;
  const Clock& clock;
  const Proxies proxies;
  const std::unique_ptr<Tls> tls;
  DeadlineQueue deadlines;
  Dialer dialer;
  Pool pool;
  HttpCounters counters;
  std::vector<std::unique_ptr<Workbench>> benches;
};

HttpClient::HttpClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpClient::~HttpClient() = default;
const HttpCounters& HttpClient::counters() const { return state_->counters; }

Result<std::unique_ptr<HttpClient>> HttpClient::make(asio::io_context& io, const Clock& clock,
                                                     HttpOptions options) {
  if (auto checked = check(options); !checked) return checked.error();
  auto proxies = Proxies::parse(options.proxies);
  if (!proxies) return proxies.error();
  auto tls = Tls::make(options.extra_ca_file);
  if (!tls) return tls.error();
  auto state =
      std::make_unique<State>(io, clock, std::move(options), *std::move(proxies), *std::move(tls));
  return std::unique_ptr<HttpClient>(new HttpClient(std::move(state)));
}

asio::awaitable<Result<Done>> HttpClient::fetch(const HttpRequest& request,
                                                HttpResponse& response) {
  State& s = *state_;
  if (auto checked = check_request(request); !checked) co_return checked.error();
  std::unique_ptr<Workbench> bench = s.take_bench();
  Deadline deadline(s.deadlines);
  auto done = co_await s.follow(request, response, *bench, deadline);
  s.benches.push_back(std::move(bench));
  if (!done && deadline.has_passed()) {
    co_return Error{Errc::transient, "no whole answer within " +
                                         print_duration(s.options.deadline) + " (" +
                                         done.error().detail + ")"};
  }
  response.received = s.clock.now();
  co_return done;
}

asio::awaitable<Result<Done>> HttpClient::State::follow(const HttpRequest& request,
                                                        HttpResponse& response, Workbench& bench,
                                                        Deadline& deadline) {
  const HttpRequest* current = &request;
  HttpRequest redirect;
  std::vector<std::string> visited;
  for (;;) {
    const auto target = parse_target(current->url, current->allowance);
    if (!target) co_return target.error();
    auto asked = co_await ask(*current, *target, response, bench, deadline);
    if (asked && response.status == 401 && may_sign_otherwise(*current, *target)) {
      asked = co_await ask(*current, *target, response, bench, deadline, SignedPath::bare);
    }
    if (!asked) co_return asked.error();
    response.final_url = current->url;
    if (response.status < 300 || response.status >= 400) co_return Done{};

    visited.push_back(visited.empty() ? print_url(*target) : current->url);
    auto next = redirected(*current, *target, response, visited);
    if (!next) co_return next.error();
    if (!*next) co_return Done{};
    redirect = **std::move(next);
    current = &redirect;
  }
}

asio::awaitable<Result<Done>> HttpClient::State::ask(const HttpRequest& request,
                                                     const Target& target, HttpResponse& response,
                                                     Workbench& bench, Deadline& deadline,
                                                     SignedPath signed_path) {
  Route route{.target = &target,
              .proxy = proxies.route(target),
              .is_exempt = is_exempt(target, request.allowance)};
  name_place(route, bench.place);
  route.place = bench.place;
  const bool is_named_to_proxy = route.proxy && target.scheme == Scheme::http;
  RequestStyle style{.user_agent = options.user_agent, .is_absolute = is_named_to_proxy};
  if (is_named_to_proxy) style.proxy_authorization = route.proxy->authorization;
  bench.out.clear();
  if (request.key) {
    const auto proven = with_signature(request, target, clock.now(), signed_path);
    if (!proven) co_return proven.error();
    write_request(*proven, target, style, bench.out);
  } else {
    write_request(request, target, style, bench.out);
  }
  ++counters.exchanges;

  Pool::Lease lease = pool.try_acquire(bench.place);
  if (!lease) {
    auto waited = co_await pool.acquire(bench.place, deadline);
    if (!waited) co_return waited.error();
    lease = *std::move(waited);
  }
  if (is_usable(lease.connection(), request)) {
    ++counters.reused;
    auto done = co_await exchange(*lease.connection(), request, response, bench, deadline);
    const bool may_retry = !done && bench.progress.received == 0 && is_idempotent(request.method) &&
                           !deadline.has_passed();
    if (!may_retry) co_return done;
    ++counters.retried;
  }
  co_return co_await ask_on_new(lease, request, route, response, bench, deadline);
}

// A place's kept connection may have been closed by the peer at any moment. A
// POST is never sent twice, so it looks first.
bool HttpClient::State::is_usable(Connection* connection, const HttpRequest& request) const {
  if (!connection) return false;
  const auto idle = std::chrono::steady_clock::now() - connection->idle_since;
  if (idle > options.pool.idle_for) return false;
  return (idle < trusted_idle && is_idempotent(request.method)) || connection->is_quiet();
}

asio::awaitable<Result<Done>> HttpClient::State::ask_on_new(Pool::Lease& lease,
                                                            const HttpRequest& request,
                                                            const Route& route,
                                                            HttpResponse& response,
                                                            Workbench& bench, Deadline& deadline) {
  lease.set_connection(nullptr);
  auto dialled = co_await dialer.dial(route, deadline);
  if (!dialled) co_return dialled.error();
  lease.set_connection(*std::move(dialled));
  ++counters.connections;
  counters.tls_resumed += lease.connection()->is_resumed() ? 1 : 0;
  co_return co_await exchange(*lease.connection(), request, response, bench, deadline);
}

asio::awaitable<Result<Done>> HttpClient::State::exchange(Connection& connection,
                                                          const HttpRequest& request,
                                                          HttpResponse& response, Workbench& bench,
                                                          Deadline& deadline) {
  connection.is_reusable = false;
  bench.progress = {};
  const Deadline::Watch watch(deadline, connection);
  auto sent = co_await connection.write(bench.out);
  if (!sent) co_return sent;
  AnswerReader& reader = bench.reader;
  reader.begin(request.method == "HEAD" ? Question::head : Question::ordinary, response);
  response.peer = connection.peer();
  auto done = co_await read_answer(connection, reader, bench.buffer, bench.progress);
  connection.is_reusable = done && reader.keeps_alive() && bench.progress.left_over == 0;
  co_return done;
}

std::unique_ptr<Workbench> HttpClient::State::take_bench() {
  if (benches.empty()) return std::make_unique<Workbench>(options.answer);
  auto bench = std::move(benches.back());
  benches.pop_back();
  return bench;
}

}  // namespace pw
