// A small campaign and the world it lives in, for tests of the whole daemon:
// feeds and a webhook receiver behind a Fetcher, on simulated time.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/app/setup.h"
#include "daemon/runtime/clock.h"
#include "daemon/runtime/fetcher.h"

namespace pw::test {

// One post of one feed: from when to when it stands.
struct FeedPost {
  std::string id;
  Instant from;
  Instant to = Instant::max();
  std::string text{};  // empty: its id
};

// What the network answers. Pure but for the list of received webhooks.
class FeedWorld final : public Fetcher {
 public:
  explicit FeedWorld(Clock& clock) : clock_(clock) {}

  boost::asio::awaitable<Result<Done>> fetch(const HttpRequest& request,
                                             HttpResponse& response) override;

  std::map<std::string, std::vector<FeedPost>> feeds;  // by URL
  // Called for every POST; gives the status to answer with.
  std::function<int(const HttpRequest&)> on_hook = [](const HttpRequest&) { return 204; };
  // The body of the answer to a POST.
  std::function<std::string(const HttpRequest&)> on_body = [](const HttpRequest&) {
    return std::string();
  };
  // An answer instead of the feeds', where it gives one.
  std::function<std::optional<HttpResponse>(const HttpRequest&)> on_get = [](const HttpRequest&) {
    return std::nullopt;
  };
  // An error instead of an answer, where it gives one.
  std::function<std::optional<Error>(const HttpRequest&)> on_fetch = [](const HttpRequest&) {
    return std::nullopt;
  };
  std::string hangs;  // an address that takes a request and says nothing for a day
  int fetches = 0;

 private:
  Clock& clock_;
};

std::string feed_url(int i);

// `accounts` feeds, each of its own actor, all pledged for `window`; looked at
// every minute; one webhook sink.
Setup small_campaign(const std::string& folder, int accounts, Interval window);

}  // namespace pw::test
