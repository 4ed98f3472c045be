// The HTTP client of the daemon: HTTP/1.1 with TLS, kept connections, redirects,
// proxies, content codings, limits and one deadline, and a guard on every
// address that it connects to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "daemon/http/answer_reader.h"
#include "daemon/http/name_lookup.h"
#include "daemon/http/pool.h"
#include "daemon/http/proxy.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/fetcher.h"

namespace pw {

struct HttpOptions {
  // Who we are and how to reach us: "pledgewatch/0.1.0 (+https://example.org/contact)".
  std::string user_agent{};
  Millis deadline{30'000};     // of a whole fetch: waiting, redirects and body
  Millis lookup_max{5'000};    // of one name
  Millis attempt_max{3'000};   // of one address of several
  Millis silence_max{90'000};  // of a socket's peer, although it is pinged
  AnswerLimits answer{};
  PoolLimits pool{};
  ProxySettings proxies{};      // see proxy_settings() for the environment's
  std::string extra_ca_file{};  // PEM, beside the system's authorities
  Lookup lookup = system_lookup;
};

// Since the start; they only grow.
struct HttpCounters {
  std::uint64_t exchanges = 0;    // answers asked for, redirects included
  std::uint64_t connections = 0;  // opened
  std::uint64_t reused = 0;       // exchanges over a connection used before
  std::uint64_t retried = 0;      // a kept connection had gone; asked again on a new one
  std::uint64_t tls_resumed = 0;  // connections that took up an earlier session
};

class HttpClient final : public Fetcher {
 public:
  // `refused` when an option cannot be: a User-Agent with a line break, a proxy
  // that is no URL, a CA file that cannot be read. `io` and `clock` outlive the
  // client, and the client outlives its fetches. One thread.
  static Result<std::unique_ptr<HttpClient>> make(boost::asio::io_context& io, const Clock& clock,
                                                  HttpOptions options);
  ~HttpClient() override;

  // As Fetcher says. A request waits its turn when as many connections as the
  // pool allows are in use for the same place; the deadline includes that. GET,
  // HEAD and other idempotent methods are asked once more when a kept connection
  // turns out to be closed before the answer began.
  boost::asio::awaitable<Result<Done>> fetch(const HttpRequest& request,
                                             HttpResponse& response) override;

  const HttpCounters& counters() const;

 private:
  struct State;
  explicit HttpClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pw
