// One connection, from its first byte to its last: requests and answers, or a
// stream of events.
#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/web/server_state_asio.h"

namespace pw {

namespace asio = boost::asio;

namespace {

constexpr auto as_conversation_values = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_bytes = 8 * 1024;
constexpr std::size_t batch_bytes_max = 64 * 1024;

WebAnswer answer_of(Heard heard) {
  WebAnswer answer = heard == Heard::header_too_large
                         ? problem(431, "the request's head is too large")
                     : heard == Heard::body_too_large ? problem(413, "the body is too large")
                                                      : problem(400, "this is not HTTP");
  add_guards(answer);
  return answer;
}

}  // namespace

std::string WebServer::State::head_of(const WebAnswer& answer, bool keep_alive,
                                      bool has_body) const {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + ' ' +
                     std::string(reason_of(answer.status)) +
                     "\r\nDate: " + print_http_date(clock.now()) + "\r\n";
  if (answer.status != 304) head += "Content-Type: " + answer.type + "\r\n";
  if (has_body) head += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
  for (const WebHeader& field : answer.headers) head += field.name + ": " + field.value + "\r\n";
  if (tls) head += "Strict-Transport-Security: max-age=31536000\r\n";
  head += std::string("Connection: ") + (keep_alive ? "keep-alive" : "close") + "\r\n\r\n";
  return head;
}

asio::awaitable<bool> WebServer::State::send(WebConnection& connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, options.limits.write_bytes);
    allow(connection, options.limits.write_max);
    const asio::const_buffer buffer(part.data(), part.size());
    const bool sent = co_await connection.wire->write(buffer);
    if (!sent) co_return false;
    bytes.remove_prefix(part.size());
  }
  co_return true;
}

asio::awaitable<bool> WebServer::State::hear(WebConnection& connection, RequestParser& parser,
                                             WebRequest& request) {
  std::string bytes(read_bytes, '\0');
  bool began = false;
  connection.waits_for_request = true;
  allow(connection, options.limits.idle_max);
  for (;;) {
    const Heard heard = parser.next(request);
    if (heard == Heard::request) break;
    if (heard != Heard::more) {
      const WebAnswer answer = answer_of(heard);
      const std::string whole =
          head_of(answer, /*keep_alive=*/false, /*has_body=*/true) + answer.body;
      co_await send(connection, whole);
      co_return false;
    }
    if (!parser.is_idle() && !began) {
      began = true;
      allow(connection, options.limits.request_max);
    }
    const asio::mutable_buffer buffer(bytes.data(), bytes.size());
    const std::size_t size = co_await connection.wire->read_some(buffer);
    if (size == 0) co_return false;
    parser.add(std::string_view(bytes).substr(0, size));
  }
  connection.waits_for_request = false;
  request.peer = connection.peer;
  co_return true;
}

EventPlace WebServer::State::place_of(const WebRequest& request) const {
  const auto last = request.header("last-event-id");
  const auto place = last ? parse_event_place(*last) : std::nullopt;
  return place.value_or(EventPlace{});
}

asio::awaitable<void> WebServer::State::converse(WebConnection& connection) {
  allow(connection, options.limits.request_max);
  const bool greeted = co_await connection.wire->shake_hands();
  if (!greeted) co_return;
  RequestParser parser(options.limits.request);
  WebRequest request;
  for (;;) {
    const bool heard = co_await hear(connection, parser, request);
    if (!heard) co_return;
    ++figures.requests;
    WebAnswer answer = site.answer(request);
    if (answer.stream && figures.streams >= options.limits.streams_max) {
      answer = problem(503, "too many listen already");
      add_guards(answer);
    }
    const bool is_head = request.method == "HEAD";
    if (answer.stream && !is_head) {
      const std::string head = head_of(answer, /*keep_alive=*/false, /*has_body=*/false);
      const bool sent = co_await send(connection, head);
      const Role role = site.role_of(request);
      if (sent) co_await stream(connection, role, place_of(request));
      co_return;
    }
    const bool keep_alive = parser.keep_alive();
    std::string whole = head_of(answer, keep_alive, /*has_body=*/answer.status != 304);
    if (!is_head) whole += answer.body;
    const bool sent = co_await send(connection, whole);
    if (!sent) co_return;
    if (!keep_alive) break;
  }
  allow(connection, options.limits.write_max);
  co_await connection.wire->finish();
}

// Until an event comes or a heartbeat is due.
asio::awaitable<void> WebServer::State::wait_for_event() {
  asio::steady_timer timer(executor, options.limits.heartbeat);
  listening.push_back(&timer);
  const auto place = std::prev(listening.end());
  co_await timer.async_wait(as_conversation_values);
  listening.erase(place);
  co_await heed_cancellation();
}

asio::awaitable<void> WebServer::State::stream(WebConnection& connection, Role role,
                                               EventPlace place) {
  const StreamCount counted(figures);
  const std::uint64_t people = backend.reviewers_revision();
  std::uint64_t after = place.after;
  std::string text = "retry: 2000\n\n";
  bool fresh = place.run != live.ring().run();
  std::uint64_t dropped = 0;
  for (;;) {
    if (fresh) {
      live.tell(backend.board());
      text += live.snapshot(backend.board(), role, dropped);
      after = live.ring().newest();
      ++figures.snapshots;
      fresh = false;
    }
    EventRing::Batch batch = live.ring().read(after, role, batch_bytes_max);
    after = batch.after;
    if (batch.dropped > 0) {
      dropped = batch.dropped;
      figures.events_dropped += dropped;
      fresh = true;
      continue;
    }
    text += batch.text;
    if (text.empty() && after == live.ring().newest()) {
      connection.deadline = Millis::max();
      const std::uint64_t newest = live.ring().newest();
      co_await wait_for_event();
      if (backend.reviewers_revision() != people) co_return;
      if (live.ring().newest() == newest) text = ": still here\n\n";
      continue;
    }
    const bool sent = co_await send(connection, text);
    if (!sent) co_return;
    text.clear();
  }
}

}  // namespace pw
