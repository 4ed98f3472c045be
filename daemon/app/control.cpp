#include "daemon/app/control.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <sys/socket.h>

namespace pw {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::uint64_t answer_bytes_max = 64'000'000;
constexpr timeval patience{30, 0};

std::string request_text(const ControlAsk& ask) {
  std::string text = ask.method + ' ' + ask.target +
                     " HTTP/1.1\r\nHost: pledgewatch\r\nConnection: close\r\nContent-Length: " +
                     std::to_string(ask.body.size()) + "\r\n";
  if (!ask.body.empty()) text += "Content-Type: application/json\r\n";
  if (!ask.token.empty()) text += "Authorization: Bearer " + ask.token + "\r\n";
  return text + "\r\n" + ask.body;
}

}  // namespace

Result<ControlAnswer> ask_daemon(const std::string& path, const ControlAsk& ask) {
  asio::io_context io;
  asio::local::stream_protocol::socket socket(io);
  boost::system::error_code error;
  if (path.size() < sizeof(sockaddr_un::sun_path))
    socket.connect(asio::local::stream_protocol::endpoint(path), error);
  else
    error = asio::error::name_too_long;
  if (error) {
    return Error{Errc::gone, "no daemon listens on " + path + " (" + error.message() +
                                 "); is `pledgewatch run` running with this campaign file?"};
  }
  setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  asio::write(socket, asio::buffer(request_text(ask)), error);
  std::string bytes;
  if (!error) asio::read(socket, asio::dynamic_buffer(bytes, answer_bytes_max), error);
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  parser.body_limit(answer_bytes_max);
  boost::system::error_code fault;
  parser.put(asio::buffer(bytes), fault);
  if (fault || !parser.is_done())
    return Error{Errc::transient, "the daemon on " + path + " did not answer in time"};
  return ControlAnswer{static_cast<int>(parser.get().result_int()), parser.get().body()};
}

}  // namespace pw
