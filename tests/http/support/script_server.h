// A server on loopback that plays a script: one conversation per connection, in
// the order in which connections come. What a client must cope with is then one
// line of a test.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "tests/http/support/certificates.h"

namespace pw {

// One thing that the server does.
struct Step {
  enum class Kind {
    hear,    // reads one request, head and body
    say,     // writes `text`
    secure,  // becomes a TLS server with `identity`
    hang,    // waits until the peer goes away
    close,   // closes in good order; with TLS after close_notify
    cut,     // closes the TCP connection without close_notify
    reset,   // closes so that the peer gets a reset
  };
  Kind kind;
  std::string text{};
  Identity identity{};
};

using Conversation = std::vector<Step>;

Step hear();
Step say(std::string text);
// A whole 200 with this body; `headers` are lines that end in CRLF.
Step answer(std::string body, std::string headers = {});
Step secure(Identity identity);
Step hang();
Step close();
Step cut();
Step reset();

class ScriptServer {
 public:
  // Beyond the last conversation the server accepts no more connections.
  ScriptServer(boost::asio::io_context& io, std::vector<Conversation> script);
  ~ScriptServer();

  std::uint16_t port() const;
  std::size_t connections() const;
  // Every request heard, in order, head and body.
  const std::vector<std::string>& heard() const;
  // Conversations whose peer closed while the server waited in hang().
  int peers_gone() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace pw
