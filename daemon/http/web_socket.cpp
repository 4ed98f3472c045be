#include "daemon/http/web_socket.h"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include "daemon/http/connection_stream.h"
#include "daemon/http/dialer.h"
#include "daemon/http/request_head.h"
#include "daemon/http/target.h"
#include "daemon/http/tls.h"

namespace pw {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

namespace {

constexpr std::size_t message_bytes_max = 16 * 1024 * 1024;
constexpr auto handshake_max = std::chrono::seconds(15);
constexpr auto as_socket_values = asio::as_tuple(asio::deferred);

// An aborted step is a cancellation only if the coroutine was cancelled; Beast
// gives its own codes for what timed out.
asio::awaitable<Error> explain(std::string_view doing, error_code error, std::string reason) {
  co_await throw_if_cancelled();
  if (error == websocket::error::upgrade_declined) {
    co_return Error{Errc::refused, std::string(doing) + ": " + reason};
  }
  const bool gone = error == websocket::error::closed || error == boost::beast::error::timeout ||
                    error.category() == asio::error::get_system_category() ||
                    error == asio::error::eof;
  std::string detail = std::string(doing) + ": " + error.message();
  if (!reason.empty()) detail += " (" + reason + ")";
  co_return Error{gone ? Errc::transient : Errc::malformed, std::move(detail)};
}

class WebSocket final : public MessageSocket {
 public:
  WebSocket(asio::io_context& io, std::unique_ptr<Connection> connection, Millis silence_max)
      : stream_(io, std::move(connection)) {
    websocket::stream_base::timeout timeouts{};
    timeouts.handshake_timeout = handshake_max;
    timeouts.idle_timeout = silence_max;
    timeouts.keep_alive_pings = true;
    stream_.set_option(timeouts);
    stream_.read_message_max(message_bytes_max);
    stream_.text(true);
  }

  asio::awaitable<Result<Done>> greet(const Target& target, const HttpRequest& request,
                                      const std::string& user_agent) {
    stream_.set_option(websocket::stream_base::decorator([&](websocket::request_type& head) {
      head.set(boost::beast::http::field::user_agent, user_agent);
      for (const HttpHeader& header : request.headers) head.set(header.name, header.value);
    }));
    websocket::response_type answer;
    const auto [error] = co_await stream_.async_handshake(answer, host_header(target), target.path,
                                                          as_socket_values);
    if (!error) co_return Done{};
    const std::string reason =
        answer.result_int() == 0
            ? std::string()
            : "HTTP " + std::to_string(answer.result_int()) + " " + answer.body().substr(0, 200);
    // 429 and a server's own failure pass.
    Error why = co_await explain("opening the stream", error, reason);
    const unsigned status = answer.result_int();
    if (status == 429 || status >= 500) why.code = Errc::transient;
    co_return why;
  }

  asio::awaitable<Result<Done>> send(std::string_view text) override {
    const auto [error, count] = co_await stream_.async_write(asio::buffer(text), as_socket_values);
    if (!error) co_return Done{};
    Error why = co_await explain("sending", error, std::string());
    co_return why;
  }

  asio::awaitable<Result<Done>> receive(std::string& text) override {
    text.clear();
    auto buffer = asio::dynamic_buffer(text, message_bytes_max);
    const auto [error, count] = co_await stream_.async_read(buffer, as_socket_values);
    if (!error && stream_.got_text()) co_return Done{};
    if (!error) co_return Error{Errc::malformed, "a message that is no text"};
    std::string reason;
    if (stream_.reason().code != websocket::close_code::none) {
      reason = "closed with " + std::to_string(stream_.reason().code) + " " +
               std::string(stream_.reason().reason.data(), stream_.reason().reason.size());
    }
    Error why = co_await explain("reading", error, std::move(reason));
    co_return why;
  }

 private:
  websocket::stream<ConnectionStream, /*deflateSupported=*/false> stream_;
};

// parse_target reads http and https; the schemes of RFC 6455 lead the same way.
std::string web_address_of(const std::string& url) {
  if (url.starts_with("wss://")) return "https" + url.substr(3);
  if (url.starts_with("ws://")) return "http" + url.substr(2);
  return "unknown:" + url;
}

}  // namespace

struct WebSocketOpener::State {
  State(asio::io_context& the_io, HttpOptions the_options, Proxies the_proxies,
        std::unique_ptr<Tls> the_tls)
      : io(the_io),
        options(std::move(the_options)),
        proxies(std::move(the_proxies)),
        tls(std::move(the_tls)),
        deadlines(io, options.deadline),
        dialer(io, *tls, options.lookup, options.lookup_max, options.attempt_max) {}

  asio::io_context& io;
  const HttpOptions options;
  const Proxies proxies;
  const std::unique_ptr<Tls> tls;
  DeadlineQueue deadlines;
  Dialer dialer;
};

WebSocketOpener::WebSocketOpener(std::unique_ptr<State> state) : state_(std::move(state)) {}
WebSocketOpener::~WebSocketOpener() = default;

Result<std::unique_ptr<WebSocketOpener>> WebSocketOpener::make(asio::io_context& io,
                                                               HttpOptions options) {
  auto proxies = Proxies::parse(options.proxies);
  if (!proxies) return proxies.error();
  auto tls = Tls::make(options.extra_ca_file);
  if (!tls) return tls.error();
  auto state =
      std::make_unique<State>(io, std::move(options), *std::move(proxies), *std::move(tls));
  return std::unique_ptr<WebSocketOpener>(new WebSocketOpener(std::move(state)));
}

asio::awaitable<Result<std::unique_ptr<MessageSocket>>> WebSocketOpener::open(
    const HttpRequest& request) {
  State& s = *state_;
  if (auto checked = check_request(request); !checked) co_return checked.error();
  const auto target = parse_target(web_address_of(request.url), request.allowance);
  if (!target) co_return target.error();
  const std::string place = "socket " + host_and_port(target->host, target->port);
  Route route{.target = &*target,
              .proxy = s.proxies.route(*target),
              .is_exempt = is_exempt(*target, request.allowance)};
  route.place = place;
  // A plain proxy forwards requests, not sockets: without TLS there is no tunnel.
  if (route.proxy && target->scheme == Scheme::http) {
    co_return Error{Errc::refused, "ws:// cannot pass the proxy; use wss://"};
  }
  std::unique_ptr<Connection> connection;
  {
    Deadline deadline(s.deadlines);
    auto dialled = co_await s.dialer.dial(route, deadline);
    if (!dialled) co_return dialled.error();
    connection = *std::move(dialled);
  }
  auto socket = std::make_unique<WebSocket>(s.io, std::move(connection), s.options.silence_max);
  const Result<Done> greeted = co_await socket->greet(*target, request, s.options.user_agent);
  if (!greeted) co_return greeted.error();
  co_return std::unique_ptr<MessageSocket>(std::move(socket));
}

}  // namespace pw
