#include "tests/outbox/support/fake_fetcher.h"

namespace pw {

HttpHeaders headers_of(const HttpRequest& request) {
  HttpHeaders headers;
  for (const HttpHeader& header : request.headers) headers.add(header.name, header.value);
  return headers;
}

boost::asio::awaitable<Result<Done>> FakeFetcher::fetch(const HttpRequest& request,
                                                        HttpResponse& response) {
  const HttpHeaders headers = headers_of(request);
  Received& one = received.emplace_back();
  one.url = request.url;
  one.id = headers.find("webhook-id").value_or("");
  one.body = request.body;
  one.maybe_duplicate = headers.find("pledgewatch-maybe-duplicate").has_value();
  one.at = clock_.now();
  const Reply reply = answer ? answer(request, one) : Reply{};
  co_await clock_.sleep_until(clock_.now() + reply.takes);
  if (reply.error) co_return *reply.error;
  response.status = reply.status;
  response.headers.clear();
  for (const HttpHeader& header : reply.headers) response.headers.add(header.name, header.value);
  response.body = reply.body;
  response.received = clock_.now();
  co_return Done{};
}

}  // namespace pw
