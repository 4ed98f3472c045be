#include "daemon/rehearsal/sim_network.h"

#include <algorithm>

#include <boost/url.hpp>

namespace pw {
namespace {

namespace asio = boost::asio;
namespace urls = boost::urls;

constexpr int redirects_max = 5;

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// The address that a Location means, seen from `base`; empty when it means none.
std::string resolved(const std::string& base, std::string_view location) {
  const auto from = urls::parse_uri(base);
  const auto to = urls::parse_uri_reference(location);
  if (!from || !to) return {};
  urls::url target;
  if (!urls::resolve(*from, *to, target)) return {};
  return std::string(target.buffer());
}

bool is_allowed_by_name(const HttpRequest& request, const std::string& url) {
  const auto parsed = urls::parse_uri(url);
  if (request.allowance == nullptr || !parsed) return false;
  const std::vector<std::string>& hosts = request.allowance->hosts;
  return std::find(hosts.begin(), hosts.end(), parsed->host()) != hosts.end();
}

}  // namespace

SimNetwork::SimNetwork(const SimWorld& world, Clock& clock, SimNetworkOptions options)
    : world_(world), clock_(clock), options_(options) {}

asio::awaitable<Result<Done>> SimNetwork::fetch(const HttpRequest& request,
                                                HttpResponse& response) {
  const Instant deadline = clock_.now() + options_.deadline;
  HttpRequest current = request;
  for (int hops = 0;; ++hops) {
    Result<Done> done = co_await exchange(current, deadline, response);
    if (!done) co_return done;
    response.final_url = current.url;
    const auto location = response.headers.find("location");
    if (request.redirects == Redirects::refuse || !is_redirect(response.status) || !location) {
      co_return Done{};
    }
    if (hops == redirects_max) co_return Error{Errc::refused, "more than five redirects"};
    current.url = resolved(current.url, *location);
    if (current.url.empty()) co_return Error{Errc::malformed, "a redirect to no address"};
    if (is_allowed_by_name(request, current.url)) {
      co_return Error{Errc::refused, "an allowance does not follow a redirect"};
    }
  }
}

SimAnswer SimNetwork::answer_to(const HttpRequest& request) {
  if (activity_ != nullptr) {
    const auto read = read_request(world_.population(), request);
    if (read && SimActivity::is_asked(*read)) return {activity_->answer(*read, clock_.now())};
  }
  const std::string_view hook = hook_in(request.url);
  if (receiver_ == nullptr || hook.empty()) {
    return world_.answer(request, clock_.now(), counts_);
  }
  return answer_of_hook(receiver_->receive(hook, request, clock_.now()));
}

asio::awaitable<Result<Done>> SimNetwork::exchange(const HttpRequest& request, Instant deadline,
                                                   HttpResponse& response) {
  ++requests_;
  SimAnswer answer = answer_to(request);
  const bool never = answer.delivery == SimDelivery::hang;
  const Instant arrives = clock_.now() + answer.latency + answer.drip;
  if (never || arrives > deadline) {
    co_await clock_.sleep_until(deadline);
    co_return Error{Errc::transient, "no answer in time"};
  }
  co_await clock_.sleep_until(arrives);
  if (answer.delivery == SimDelivery::reset || answer.delivery == SimDelivery::cut) {
    co_return Error{Errc::transient, "the connection was dropped"};
  }
  if (answer.delivery == SimDelivery::garbled) {
    co_return Error{Errc::malformed, "the body is not what its coding says"};
  }
  if (answer.delivery == SimDelivery::bomb) {
    co_return Error{Errc::malformed, "the decoded body is larger than 8388608 bytes"};
  }
  response = std::move(answer.response);
  response.received = clock_.now();
  response.peer = "192.0.2.1";
  co_return Done{};
}

}  // namespace pw
