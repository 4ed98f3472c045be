#include "tests/http/support/script_server.h"

#include <array>
#include <optional>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace pw {

namespace asio = boost::asio;
using asio::ip::tcp;

Step hear() { return {Step::Kind::hear}; }
Step say(std::string text) { return {Step::Kind::say, std::move(text)}; }
Step secure(Identity identity) { return {Step::Kind::secure, {}, std::move(identity)}; }
Step hang() { return {Step::Kind::hang}; }
Step close() { return {Step::Kind::close}; }
Step cut() { return {Step::Kind::cut}; }
Step reset() { return {Step::Kind::reset}; }

Step answer(std::string body, std::string headers) {
  return say("HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
             "\r\n\r\n" + body);
}

struct ScriptServer::State {
  State(asio::io_context& io, std::vector<Conversation> conversations)
      : acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        port(acceptor.local_endpoint().port()),
        script(std::move(conversations)) {}

  tcp::acceptor acceptor;
  const std::uint16_t port;
  std::vector<Conversation> script;
  std::size_t connections = 0;
  std::vector<std::string> heard;
  int peers_gone = 0;
};

namespace {

// One connection, plain until a step secures it. A peer that goes away ends the
// conversation; what the client made of it is for the test to check.
class Peer {
 public:
  explicit Peer(tcp::socket socket) : socket_(std::move(socket)) {}

  asio::awaitable<std::string> hear() {
    const std::size_t head = co_await read_until("\r\n\r\n");
    std::string request = held_.substr(0, head);
    held_.erase(0, head);
    const std::size_t at = request.find("Content-Length: ");
    const std::size_t length = at == std::string::npos ? 0 : std::stoul(request.substr(at + 16));
    while (held_.size() < length) co_await read_more();
    request += held_.substr(0, length);
    held_.erase(0, length);
    co_return request;
  }

  asio::awaitable<void> say(const std::string& text) {
    if (tls_) {
      co_await asio::async_write(*tls_, asio::buffer(text), asio::use_awaitable);
    } else {
      co_await asio::async_write(socket_, asio::buffer(text), asio::use_awaitable);
    }
  }

  asio::awaitable<void> secure(const Identity& identity) {
    context_ = identity.server_context();
    tls_.emplace(socket_, *context_);
    co_await tls_->async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
  }

  asio::awaitable<void> close() {
    if (tls_) co_await tls_->async_shutdown(asio::as_tuple(asio::use_awaitable));
    socket_.close();
  }

  void cut() { socket_.close(); }

  void reset() {
    socket_.set_option(asio::socket_base::linger(true, 0));
    socket_.close();
  }

  asio::awaitable<void> read_more() {
    std::array<char, 4096> piece;
    std::size_t size = 0;
    if (tls_) {
      size = co_await tls_->async_read_some(asio::buffer(piece), asio::use_awaitable);
    } else {
      size = co_await socket_.async_read_some(asio::buffer(piece), asio::use_awaitable);
    }
    held_.append(piece.data(), size);
  }

 private:
  asio::awaitable<std::size_t> read_until(std::string_view end) {
    while (held_.find(end) == std::string::npos) co_await read_more();
    co_return held_.find(end) + end.size();
  }

  tcp::socket socket_;
  std::shared_ptr<asio::ssl::context> context_;
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
  std::string held_;
};

asio::awaitable<void> hang_on(Peer& peer, int& peers_gone) {
  try {
    for (;;) co_await peer.read_more();
  } catch (const boost::system::system_error&) {
    ++peers_gone;
  }
}

template <class State>
asio::awaitable<void> play(std::shared_ptr<State> state, tcp::socket socket, Conversation steps) {
  Peer peer(std::move(socket));
  for (const Step& step : steps) {
    switch (step.kind) {
      case Step::Kind::hear:
        state->heard.push_back(co_await peer.hear());
        break;
      case Step::Kind::say:
        co_await peer.say(step.text);
        break;
      case Step::Kind::secure:
        co_await peer.secure(step.identity);
        break;
      case Step::Kind::hang:
        co_await hang_on(peer, state->peers_gone);
        break;
      case Step::Kind::close:
        co_await peer.close();
        break;
      case Step::Kind::cut:
        peer.cut();
        break;
      case Step::Kind::reset:
        peer.reset();
        break;
    }
  }
}

template <class State>
asio::awaitable<void> serve(std::shared_ptr<State> state) {
  while (state->connections < state->script.size()) {
    tcp::socket socket = co_await state->acceptor.async_accept(asio::use_awaitable);
    const std::size_t number = state->connections++;
    // A peer that leaves in the middle throws here; that is the script's end.
    asio::co_spawn(state->acceptor.get_executor(),
                   play(state, std::move(socket), state->script[number]),
                   [](std::exception_ptr) {});
  }
  state->acceptor.close();
}

}  // namespace

ScriptServer::ScriptServer(asio::io_context& io, std::vector<Conversation> script)
    : state_(std::make_shared<State>(io, std::move(script))) {
  asio::co_spawn(io, serve(state_), [](std::exception_ptr) {});
}

ScriptServer::~ScriptServer() {
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
}

std::uint16_t ScriptServer::port() const { return state_->port; }
std::size_t ScriptServer::connections() const { return state_->connections; }
const std::vector<std::string>& ScriptServer::heard() const { return state_->heard; }
int ScriptServer::peers_gone() const { return state_->peers_gone; }

}  // namespace pw
