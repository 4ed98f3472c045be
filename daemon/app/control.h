// Talks to the running daemon over its unix socket: the same API as the pages',
// where this process's user is the operator. Blocks; for commands.
#pragma once

#include <string>

#include "daemon/core/result.h"

namespace pw {

struct ControlAnswer {
  int status = 0;
  std::string body;  // JSON
};

struct ControlAsk {
  std::string method = "GET";
  std::string target;   // "/api/v1/health"
  std::string body{};   // JSON, or empty
  std::string token{};  // of a reviewer; empty: the socket's peer
};

// `gone`: no daemon listens on `socket`; anything else is the world's.
Result<ControlAnswer> ask_daemon(const std::string& socket, const ControlAsk& ask);

}  // namespace pw
