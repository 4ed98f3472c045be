#include "daemon/web/request_parser.h"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "daemon/core/ascii.h"

namespace pw {

namespace http = boost::beast::http;

struct RequestParser::Message {
  explicit Message(const RequestLimits& limits) {
    parser.eager(true);
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    parser.body_limit(limits.body_bytes_max);
  }
  http::request_parser<http::string_body> parser;
};

RequestParser::RequestParser(RequestLimits limits) : limits_(limits) {}
RequestParser::~RequestParser() = default;

Heard RequestParser::next(WebRequest& request) {
  if (!message_) message_ = std::make_unique<Message>(limits_);
  auto& parser = message_->parser;
  while (!buffer_.empty()) {
    started_ = true;
    boost::system::error_code error;
    const std::size_t used = parser.put(boost::asio::buffer(buffer_), error);
    buffer_.erase(0, used);
    if (error == http::error::need_more) {
      // The parser looks at a head only when it is whole.
      return buffer_.size() > limits_.header_bytes_max ? Heard::header_too_large : Heard::more;
    }
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
      return Heard::header_too_large;
    if (error == http::error::body_limit) return Heard::body_too_large;
    if (error) return Heard::bad;
    if (parser.is_done()) return take(request);
    if (used == 0) return Heard::more;
  }
  return Heard::more;
}

Heard RequestParser::take(WebRequest& request) {
  const auto& message = message_->parser.get();
  request = WebRequest{};
  request.method = message.method_string();
  request.target = message.target();
  for (const auto& field : message)
    request.headers.push_back({lower_ascii(field.name_string()), std::string(field.value())});
  request.body = message.body();
  keep_alive_ = message_->parser.keep_alive();
  message_.reset();
  started_ = false;
  return Heard::request;
}

}  // namespace pw
