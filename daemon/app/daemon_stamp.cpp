// Checkpoints shown to a time stamp authority: from then on nobody, not even the log's
// owner, can have written it later.
#include <algorithm>

#include "daemon/app/daemon_parts.h"
#include "daemon/ledger/stamp.h"
#include "daemon/outbox/timed_fetch.h"

namespace pw {

namespace asio = boost::asio;

// The latest checkpoint every so often. An authority that does not answer costs a
// stamp, never a look.
asio::awaitable<void> Daemon::Parts::stamp_log() {
  for (;;) {
    const Result<Done> stamped = co_await stamp_checkpoint(config.http.deadline);
    if (!stamped && stamp_fault.empty())
      world.log.write(LogLevel::warning, "stamp",
                      "no stamp: " + stamped.error().detail + "; tried again each interval");
    if (stamped && !stamp_fault.empty()) world.log.write(LogLevel::info, "stamp", "stamped again");
    stamp_fault = stamped ? "" : stamped.error().detail;
    co_await world.clock.sleep_until(world.clock.now() + config.log.stamp->every);
  }
}

asio::awaitable<Result<Done>> Daemon::Parts::stamp_checkpoint(Millis patience) {
  if (const Result<Published> published = writer->catch_up(*leaves); !published)
    throw StoreFailure("the log could not be written: " + published.error().detail);
  const auto note = log_folder->read(std::string(checkpoint_file), note_bytes_max);
  if (!note || !*note || !signer->last()) co_return Done{};  // nothing is signed yet
  const std::string path = stamp_path(signer->last()->size);
  const auto known = log_folder->read(path, stamp_bytes_max);
  if (known && *known) co_return Done{};
  const Result<std::string> query = stamp_query(**note, world.random(8));
  if (!query) co_return query.error();
  HttpRequest request;
  request.method = "POST";
  request.url = config.log.stamp->url.value;
  request.headers = {{"Content-Type", std::string(stamp_query_type)}};
  request.body = *query;
  request.redirects = Redirects::refuse;
  request.allowance = &config.log.stamp->allowance;
  HttpResponse response;
  const Result<Done> fetched =
      co_await fetch_within(world.fetcher, world.clock, patience, request, response);
  if (!fetched) co_return fetched.error();
  if (response.status != 200 || response.body.size() > stamp_bytes_max)
    co_return Error{Errc::transient, "answered with " + std::to_string(response.status) + " and " +
                                         std::to_string(response.body.size()) + " bytes"};
  const Result<Stamp> stamp = take_stamp(response.body, *query, **note);
  if (!stamp) co_return Error{Errc::transient, stamp.error().detail};
  co_return log_folder->replace(path, response.body);
}

// Nobody is left to ask again: the next start stamps a longer log.
asio::awaitable<void> Daemon::stamp_last() {
  Parts& p = *parts_;
  if (!p.config.log.stamp) co_return;
  const Millis patience = std::min(p.config.http.deadline, last_stamp_within);
  const Result<Done> stamped = co_await p.stamp_checkpoint(patience);
  if (!stamped)
    p.world.log.write(LogLevel::warning, "stamp",
                      "the last checkpoint has no stamp: " + stamped.error().detail);
}

}  // namespace pw
