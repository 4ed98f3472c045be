// Requests out of the bytes of one connection, one after another, within limits.
// Beast's parser, our read loop; pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "daemon/web/message.h"

namespace pw {

struct RequestLimits {
  std::size_t header_bytes_max = 16 * 1024;
  std::size_t body_bytes_max = 64 * 1024;
};

enum class Heard { more, request, bad, header_too_large, body_too_large };

class RequestParser {
 public:
  explicit RequestParser(RequestLimits limits = {});
  ~RequestParser();

  void add(std::string_view bytes) { buffer_ += bytes; }
  // Fills `request` but for its peer; what follows it waits for the next call.
  // After anything but `more` and `request` the connection is of no more use.
  Heard next(WebRequest& request);

  // Of the request that next() gave last.
  bool keep_alive() const { return keep_alive_; }
  // Nothing of a further request has come yet.
  bool is_idle() const { return !started_ && buffer_.empty(); }

 private:
  struct Message;
  Heard take(WebRequest& request);

  RequestLimits limits_;
  std::string buffer_;
  std::unique_ptr<Message> message_;
  bool started_ = false;
  bool keep_alive_ = false;
};

}  // namespace pw
