#include "daemon/web/server.h"

#include <utility>

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "daemon/core/hash.h"
#include "daemon/web/server_state_asio.h"

namespace pw {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr Millis sweep_every = std::chrono::seconds(1);
constexpr Millis tick_every = std::chrono::milliseconds(250);

std::string run_name(const Random& random) {
  const std::string bytes = random(5);
  return print_base32({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

std::uint32_t uid_of(int fd) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return ~std::uint32_t{0};
  return credentials.uid;
}

// "127.0.0.1:8420" is "127.0.0.1".
std::string host_of(const std::string& address) {
  std::string host = address.substr(0, address.rfind(':'));
  for (char& c : host) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return host;
}

SiteOptions site_options(SiteOptions site, const std::string& listen) {
  for (const char* name : {"localhost", "127.0.0.1", "[::1]"}) site.hosts.emplace_back(name);
  if (!listen.empty()) site.hosts.push_back(host_of(listen));
  return site;
}

}  // namespace

WebServer::State::State(const asio::any_io_executor& used, Clock& time, Backend& daemon,
                        const Log& journal, WebServerOptions set)
    : executor(used),
      clock(time),
      backend(daemon),
      log(journal),
      options(std::move(set)),
      site(daemon, site_options(options.site, options.listen), figures),
      live(run_name(options.site.random), options.limits.events),
      all_ended(used, asio::steady_timer::time_point::max()),
      tasks(used) {}

Result<Done> WebServer::State::keep(Result<Listener> listener) {
  if (!listener) return listener.error();
  const std::string scheme = tls ? "https://" : "http://";
  addresses.push_back((listener->local_socket ? "" : scheme) + listener->address);
  listeners.push_back(*std::move(listener));
  return Done{};
}

Result<Done> WebServer::State::open_listeners() {
  if (!options.tls_cert.empty()) {
    auto context = tls_context(options.tls_cert, options.tls_key);
    if (!context) return context.error();
    tls = *std::move(context);
  }
  // A socket that was handed over stands in the place of the configured address.
  for (const int fd : options.inherited) {
    if (const Result<Done> kept = keep(listen_on_fd(executor, fd)); !kept) return kept;
  }
  if (!options.listen.empty() && options.inherited.empty()) {
    if (const Result<Done> kept = keep(listen_on(executor, options.listen)); !kept) return kept;
  }
  if (!options.socket.empty()) return keep(listen_on_path(executor, options.socket));
  return Done{};
}

// A connection that fails with anything but its cancellation is a bug, and ends
// the server.
void WebServer::State::note_end(std::exception_ptr error) {
  if (error && !bug) {
    try {
      std::rethrow_exception(error);
    } catch (const boost::system::system_error& cause) {
      if (cause.code() != asio::error::operation_aborted) bug = error;
    } catch (...) {
      bug = error;
    }
  }
  if (bug) tasks.stop();
  if (connections.empty()) all_ended.cancel();
}

// Full: whoever has waited longest for a request makes way; those are idle, or
// slow on purpose.
bool WebServer::State::make_room() {
  if (connections.size() < options.limits.connections_max) return true;
  for (WebConnection& connection : connections) {
    if (!connection.waits_for_request) continue;
    connection.waits_for_request = false;
    connection.wire->close();
    ++figures.too_slow;
    return true;
  }
  return false;
}

void WebServer::State::start(WireSocket socket, const Listener& listener) {
  if (!make_room()) {
    ++figures.refused;
    return;
  }
  const auto place = connections.emplace(connections.end());
  place->peer.local_socket = listener.local_socket;
  if (listener.local_socket) place->peer.uid = uid_of(socket.native_handle());
  place->peer.tls = tls && !listener.local_socket;
  place->wire =
      place->peer.tls ? make_tls_wire(std::move(socket), *tls) : make_wire(std::move(socket));
  figures.connections = connections.size();
  const auto on_end = [this, place](std::exception_ptr error) {
    place->wire->close();
    connections.erase(place);
    figures.connections = connections.size();
    note_end(error);
  };
  asio::co_spawn(executor, converse(*place),
                 asio::bind_cancellation_slot(place->stop.slot(), on_end));
}

asio::awaitable<void> WebServer::State::accept(Listener& listener) {
  for (;;) {
    WireSocket socket(executor);
    const auto [error] = co_await listener.acceptor.async_accept(socket, as_values);
    co_await heed_cancellation();
    if (!error) {
      start(std::move(socket), listener);
    } else {
      // Out of descriptors, or gone before it was accepted: the next one may do.
      co_await clock.sleep_until(clock.now() + std::chrono::milliseconds(100));
    }
  }
}

asio::awaitable<void> WebServer::State::sweep() {
  for (;;) {
    co_await clock.sleep_until(clock.now() + sweep_every);
    const Millis now = clock.steady();
    for (WebConnection& connection : connections) {
      if (now <= connection.deadline) continue;
      connection.deadline = Millis::max();
      connection.wire->close();
      ++figures.too_slow;
    }
  }
}

// Nothing is told while nobody listens: who comes is given the whole state.
asio::awaitable<void> WebServer::State::tick() {
  std::uint64_t people = backend.reviewers_revision();
  for (;;) {
    backend.follow();
    const bool others = std::exchange(people, backend.reviewers_revision()) != people;
    if (figures.streams > 0 && (live.tell(backend.board()) || others)) {
      for (asio::steady_timer* stream : listening) stream->cancel();
    }
    co_await clock.sleep_until(clock.now() + tick_every);
  }
}

Result<std::unique_ptr<WebServer>> WebServer::open(const asio::any_io_executor& executor,
                                                   Clock& clock, Backend& backend, const Log& log,
                                                   WebServerOptions options) {
  auto state = std::make_unique<State>(executor, clock, backend, log, std::move(options));
  if (const Result<Done> opened = state->open_listeners(); !opened) return opened.error();
  return std::unique_ptr<WebServer>(new WebServer(std::move(state)));
}

WebServer::WebServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
WebServer::~WebServer() {
  for (const Listener& listener : state_->listeners) {
    if (!listener.unlink_path.empty()) unlink(listener.unlink_path.c_str());
  }
}

const std::vector<std::string>& WebServer::addresses() const { return state_->addresses; }
const WebFigures& WebServer::figures() const { return state_->figures; }

asio::awaitable<void> WebServer::run() {
  State& state = *state_;
  state.tasks.spawn("sweep", state.sweep());
  state.tasks.spawn("tick", state.tick());
  for (Listener& listener : state.listeners)
    state.tasks.spawn("accept " + listener.address, state.accept(listener));
  std::exception_ptr cause;
  try {
    co_await state.tasks.join();
  } catch (...) {
    cause = std::current_exception();
  }
  // Asked to end, or one of them failed: all end before this does.
  co_await asio::this_coro::reset_cancellation_state();
  state.tasks.stop();
  for (WebConnection& connection : state.connections)
    connection.stop.emit(asio::cancellation_type::terminal);
  while (!state.connections.empty()) co_await state.all_ended.async_wait(as_values);
  co_await state.tasks.join();
  if (state.bug) std::rethrow_exception(state.bug);
  if (cause) std::rethrow_exception(cause);
  throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace pw
