#include "tests/stream/support/socket_server.h"

#include <algorithm>
#include <deque>
#include <list>

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <nlohmann/json.hpp>

namespace pw {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;

namespace {

constexpr auto values = asio::as_tuple(asio::use_awaitable);
constexpr auto ended = [](std::exception_ptr) {};

struct Event {
  std::string did;
  std::int64_t time_us;
  std::string message;
};

std::string parameter(const std::string& target, const std::string& name) {
  const std::size_t at = target.find(name + '=');
  if (at == std::string::npos) return {};
  const std::size_t start = at + name.size() + 1;
  return target.substr(start, target.find('&', start) - start);
}

struct Client {
  explicit Client(tcp::socket socket) : stream(std::move(socket)), wake(stream.get_executor()) {
    wake.expires_at(asio::steady_timer::time_point::max());
  }

  bool wants(const std::string& did) const {
    return greeted &&
           (filter.empty() || std::find(filter.begin(), filter.end(), did) != filter.end());
  }
  void push(std::string message, bool is_text = true) {
    out.push_back({std::move(message), is_text});
    wake.cancel();
  }

  websocket::stream<tcp::socket> stream;
  asio::steady_timer wake;
  struct Message {
    std::string bytes;
    bool is_text;
  };
  std::deque<Message> out;
  std::vector<std::string> filter;
  std::string target;
  bool greeted = false;
  bool gone = false;
  bool frozen = false;
  std::optional<websocket::close_reason> close;
};

}  // namespace

struct SocketServer::State : std::enable_shared_from_this<SocketServer::State> {
  explicit State(asio::io_context& io)
      : acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        port(acceptor.local_endpoint().port()) {}

  tcp::acceptor acceptor;
  const std::uint16_t port;
  std::list<std::shared_ptr<Client>> clients;
  std::vector<Event> events;
  std::vector<std::string> asked;
  std::vector<std::string> filter;
  int filters = 0;
  int connections = 0;
  int declined = 0;
  int decline_status = 0;
  int pings = 0;
  std::vector<int> held;  // sockets that nobody reads

  // What a filter that cannot be read closes with (jetstream source, read 2026-08).
  void take(Client& client, const std::string& text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) return stop(client, 1007, "invalid JSON");
    if (json.value("type", "") != "options_update") return;
    const auto payload = json.value("payload", nlohmann::json::object());
    const auto dids = payload.value("wantedDids", nlohmann::json::array());
    if (dids.size() > 10'000) return stop(client, 1008, "too many DIDs");
    client.filter.clear();
    for (const auto& did : dids) {
      if (!did.is_string() || !did.get<std::string>().starts_with("did:"))
        return stop(client, 1008, "invalid DID");
      client.filter.push_back(did);
    }
    filter = client.filter;
    ++filters;
    if (!client.greeted) {
      client.greeted = true;
      replay(client);
    }
  }

  void replay(Client& client) {
    const std::string cursor = parameter(client.target, "cursor");
    if (cursor.empty()) return;
    const std::int64_t from = std::stoll(cursor);
    for (const Event& event : events) {
      if (event.time_us >= from && client.wants(event.did)) client.push(event.message);
    }
  }

  static void stop(Client& client, std::uint16_t code, const std::string& reason) {
    client.close = websocket::close_reason(static_cast<websocket::close_code>(code), reason);
    client.wake.cancel();
  }

  asio::awaitable<void> read(std::shared_ptr<Client> client) {
    auto self = shared_from_this();
    beast::flat_buffer buffer;
    client->stream.control_callback([self](websocket::frame_type kind, beast::string_view) {
      if (kind == websocket::frame_type::ping) ++self->pings;
    });
    while (!client->frozen) {
      const auto [error, count] = co_await client->stream.async_read(buffer, values);
      if (error) break;
      take(*client, beast::buffers_to_string(buffer.data()));
      buffer.consume(buffer.size());
    }
    if (client->frozen) co_return;
    client->gone = true;
    client->wake.cancel();
  }

  asio::awaitable<void> write(std::shared_ptr<Client> client) {
    auto self = shared_from_this();
    while (!client->gone) {
      if (client->close) {
        co_await client->stream.async_close(*client->close, values);
        break;
      }
      if (client->out.empty() || client->frozen) {
        client->wake.expires_at(asio::steady_timer::time_point::max());
        co_await client->wake.async_wait(values);
        continue;
      }
      const Client::Message message = std::move(client->out.front());
      client->out.pop_front();
      client->stream.text(message.is_text);
      const auto [error, count] =
          co_await client->stream.async_write(asio::buffer(message.bytes), values);
      if (error) break;
    }
    client->gone = true;
    clients.remove(client);
  }

  asio::awaitable<void> serve(std::shared_ptr<Client> client) {
    auto self = shared_from_this();
    beast::flat_buffer buffer;
    beast::http::request<beast::http::string_body> request;
    auto& socket = client->stream.next_layer();
    const auto [error, count] = co_await beast::http::async_read(socket, buffer, request, values);
    if (error) co_return;
    client->target = std::string(request.target());
    asked.push_back(client->target);
    const bool known = client->target.starts_with("/subscribe?");
    if (declined > 0 || !known) {
      if (declined > 0) --declined;
      beast::http::response<beast::http::string_body> answer(
          static_cast<beast::http::status>(known ? decline_status : 404), 11);
      answer.body() = "not now";
      answer.prepare_payload();
      co_await beast::http::async_write(socket, answer, values);
      co_return;
    }
    const auto [refused] = co_await client->stream.async_accept(request, values);
    if (refused) co_return;
    ++connections;
    clients.push_back(client);
    // Without requireHello everything would be sent at once.
    if (parameter(client->target, "requireHello") != "true") client->greeted = true;
    asio::co_spawn(socket.get_executor(), write(client), ended);
    co_await read(client);
  }

  asio::awaitable<void> accept() {
    auto self = shared_from_this();
    for (;;) {
      auto [error, socket] = co_await acceptor.async_accept(values);
      if (error) co_return;
      auto client = std::make_shared<Client>(std::move(socket));
      asio::co_spawn(acceptor.get_executor(), serve(client), ended);
    }
  }
};

SocketServer::SocketServer(asio::io_context& io) : state_(std::make_shared<State>(io)) {
  asio::co_spawn(io, state_->accept(), ended);
}

SocketServer::~SocketServer() {
  state_->acceptor.close();
  cut_all();
  for (const int one : state_->held) ::close(one);
}

std::uint16_t SocketServer::port() const { return state_->port; }
int SocketServer::connections() const { return state_->connections; }
const std::vector<std::string>& SocketServer::asked() const { return state_->asked; }
const std::vector<std::string>& SocketServer::filter() const { return state_->filter; }
int SocketServer::filters() const { return state_->filters; }
int SocketServer::pings() const { return state_->pings; }

// The connection stays, and nobody is at its end any more.
void SocketServer::freeze() {
  for (const auto& client : state_->clients) {
    client->frozen = true;
    boost::system::error_code ignored;
    state_->held.push_back(client->stream.next_layer().release(ignored));
  }
}

void SocketServer::publish(const std::string& did, std::int64_t time_us,
                           const std::string& message) {
  state_->events.push_back({did, time_us, message});
  for (const auto& client : state_->clients) {
    if (client->wants(did)) client->push(message);
  }
}

void SocketServer::say(const std::string& message) {
  for (const auto& client : state_->clients) client->push(message);
}

void SocketServer::say_bytes(const std::string& bytes) {
  for (const auto& client : state_->clients) client->push(bytes, /*is_text=*/false);
}

void SocketServer::close_all(std::uint16_t code, const std::string& reason) {
  for (const auto& client : state_->clients) State::stop(*client, code, reason);
}

void SocketServer::cut_all() {
  for (const auto& client : state_->clients) {
    boost::system::error_code ignored;
    client->stream.next_layer().close(ignored);
  }
}

void SocketServer::decline(int status, int times) {
  state_->decline_status = status;
  state_->declined = times;
}

}  // namespace pw
