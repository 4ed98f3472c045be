// A network of receivers that answer as a test says, after the time it says.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/runtime/clock.h"
#include "daemon/runtime/fetcher.h"

namespace pw {

struct Reply {
  int status = 200;
  std::vector<HttpHeader> headers{};
  std::string body{};
  Millis takes{50};
  std::optional<Error> error{};  // instead of an answer
};

struct Received {
  std::string url;
  std::string id;
  std::string body;
  bool maybe_duplicate = false;
  Instant at{};
};

class FakeFetcher final : public Fetcher {
 public:
  explicit FakeFetcher(Clock& clock) : clock_(clock) {}

  // Asked at each request, in order; by default 200.
  std::function<Reply(const HttpRequest&, const Received&)> answer;
  std::vector<Received> received{};

  boost::asio::awaitable<Result<Done>> fetch(const HttpRequest& request,
                                             HttpResponse& response) override;

 private:
  Clock& clock_;
};

// The request's headers as a receiver sees them.
HttpHeaders headers_of(const HttpRequest& request);

}  // namespace pw
