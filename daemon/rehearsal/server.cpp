#include "daemon/rehearsal/server.h"

#include <list>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/system/system_error.hpp>

#include "daemon/rehearsal/answer_bytes.h"
#include "daemon/rehearsal/sim_request.h"

namespace pw {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr int drip_pieces = 4;

using Parser = http::request_parser<http::string_body>;

HttpRequest request_of(const http::request<http::string_body>& message, const std::string& base) {
  HttpRequest request;
  request.method = message.method_string();
  request.url = base + std::string(message.target());
  for (const auto& field : message) {
    request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  request.body = message.body();
  return request;
}

// The way of a dropped connection: unread and unsent bytes are gone.
void drop(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

asio::awaitable<bool> is_cancelled() {
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

}  // namespace

struct SimServer::State {
  State(const asio::any_io_executor& used, Clock& time, SimServerLimits set)
      : executor(used),
        clock(time),
        limits(set),
        acceptor(used),
        all_ended(used, asio::steady_timer::time_point::max()) {}

  struct Session {
    explicit Session(tcp::socket accepted) : socket(std::move(accepted)) {}
    tcp::socket socket;
    asio::cancellation_signal stop;
  };

  asio::any_io_executor executor;
  Clock& clock;
  SimServerLimits limits;
  tcp::acceptor acceptor;
  asio::steady_timer all_ended;
  const SimWorld* world = nullptr;
  Receiver* receiver = nullptr;
  RequestCounts counts;
  std::list<Session> sessions;  // a list: handlers keep references into it
  std::exception_ptr bug;
  std::string base;
  std::uint64_t requests = 0;

  void start(tcp::socket socket);
  asio::awaitable<void> converse(Session& session);
  asio::awaitable<bool> reply(Session& session, const HttpRequest& request, bool keep_alive);
  asio::awaitable<bool> deliver(Session& session, SimAnswer answer, const HttpRequest& request,
                                bool keep_alive);
  asio::awaitable<bool> hang(Session& session);
  SimAnswer answer_to(const HttpRequest& request);
};

// A session that fails with anything but its cancellation is a bug, and ends the
// server.
void SimServer::State::start(tcp::socket socket) {
  if (sessions.size() >= static_cast<std::size_t>(limits.connections_max)) return;
  const auto place = sessions.emplace(sessions.end(), std::move(socket));
  const auto on_end = [this, place](std::exception_ptr error) {
    sessions.erase(place);
    if (error && !bug) {
      try {
        std::rethrow_exception(error);
      } catch (const boost::system::system_error& cause) {
        if (cause.code() != asio::error::operation_aborted) bug = error;
      } catch (...) {
        bug = error;
      }
    }
    error_code ignored;
    if (bug) acceptor.close(ignored);
    if (sessions.empty()) all_ended.cancel();
  };
  asio::co_spawn(executor, converse(*place),
                 asio::bind_cancellation_slot(place->stop.slot(), on_end));
}

asio::awaitable<void> SimServer::State::converse(Session& session) {
  boost::beast::flat_buffer buffer;
  for (;;) {
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    parser.body_limit(limits.body_bytes_max);
    const auto [error, size] = co_await http::async_read(session.socket, buffer, parser, as_values);
    if (error) co_return;
    const bool keep_alive = parser.keep_alive();
    const HttpRequest request = request_of(parser.get(), base);
    const bool goes_on = co_await reply(session, request, keep_alive);
    if (!goes_on) co_return;
  }
}

SimAnswer SimServer::State::answer_to(const HttpRequest& request) {
  ++requests;
  const std::string_view hook = hook_in(request.url);
  if (!hook.empty() && receiver != nullptr) {
    return answer_of_hook(receiver->receive(hook, request, clock.now()));
  }
  if (world != nullptr) return world->answer(request, clock.now(), counts);
  SimAnswer answer;
  answer.response.status = 404;
  return answer;
}

asio::awaitable<bool> SimServer::State::reply(Session& session, const HttpRequest& request,
                                              bool keep_alive) {
  SimAnswer answer = answer_to(request);
  if (answer.latency > Millis{0}) co_await clock.sleep_until(clock.now() + answer.latency);
  if (answer.delivery == SimDelivery::hang) {
    const bool ended = co_await hang(session);
    co_return ended;
  }
  if (answer.delivery == SimDelivery::reset) {
    drop(session.socket);
    co_return false;
  }
  const bool goes_on = co_await deliver(session, std::move(answer), request, keep_alive);
  co_return goes_on;
}

// Until the other side has had enough.
asio::awaitable<bool> SimServer::State::hang(Session& session) {
  co_await session.socket.async_wait(tcp::socket::wait_read, as_values);
  co_return false;
}

asio::awaitable<bool> SimServer::State::deliver(Session& session, SimAnswer answer,
                                                const HttpRequest& request, bool keep_alive) {
  const SimRequest reader{.platform = {}, .http = &request};
  const bool garbled = answer.delivery == SimDelivery::garbled;
  const bool bomb = answer.delivery == SimDelivery::bomb;
  if (bomb) answer.response.body = gzip_bomb();
  if (garbled || bomb) answer.response.headers.add("Content-Encoding", "gzip");
  std::string bytes = print_answer(std::move(answer.response),
                                   reader.header("accept-encoding").value_or(""), keep_alive);
  if (answer.delivery == SimDelivery::cut) {
    const std::size_t start = body_start(bytes);
    bytes.resize(start + (bytes.size() - start) / 2);
    keep_alive = false;
  }
  const std::size_t piece = answer.drip > Millis{0} ? bytes.size() / drip_pieces + 1 : bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    if (at > 0) co_await clock.sleep_until(clock.now() + answer.drip / (drip_pieces - 1));
    const asio::const_buffer part = asio::buffer(bytes) + at;
    const auto [error, written] =
        co_await asio::async_write(session.socket, asio::buffer(part, piece), as_values);
    if (error) co_return false;
  }
  co_return keep_alive;
}

Result<std::unique_ptr<SimServer>> SimServer::listen(const asio::any_io_executor& executor,
                                                     Clock& clock, std::uint16_t port,
                                                     SimServerLimits limits) {
  auto state = std::make_unique<State>(executor, clock, limits);
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
  error_code error;
  state->acceptor.open(endpoint.protocol(), error);
  if (!error) state->acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) state->acceptor.bind(endpoint, error);
  if (!error) state->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return Error{Errc::transient,
                 "listen on 127.0.0.1:" + std::to_string(port) + ": " + error.message()};
  }
  state->base = "http://127.0.0.1:" + std::to_string(state->acceptor.local_endpoint().port());
  return std::unique_ptr<SimServer>(new SimServer(std::move(state)));
}

SimServer::SimServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
SimServer::~SimServer() = default;

std::uint16_t SimServer::port() const { return state_->acceptor.local_endpoint().port(); }
std::uint64_t SimServer::requests() const { return state_->requests; }

void SimServer::serve(const SimWorld& world, Receiver& receiver) {
  state_->world = &world;
  state_->receiver = &receiver;
}

asio::awaitable<void> SimServer::run() {
  State& state = *state_;
  for (;;) {
    tcp::socket socket(state.executor);
    const auto [error] = co_await state.acceptor.async_accept(socket, as_values);
    const bool cancelled = co_await is_cancelled();
    if (cancelled || state.bug) break;
    // Out of descriptors, or gone before it was accepted: the next one may do.
    if (!error) state.start(std::move(socket));
  }
  co_await asio::this_coro::reset_cancellation_state();
  for (State::Session& session : state.sessions) {
    session.stop.emit(asio::cancellation_type::terminal);
  }
  while (!state.sessions.empty()) co_await state.all_ended.async_wait(as_values);
  if (state.bug) std::rethrow_exception(state.bug);
  throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace pw
