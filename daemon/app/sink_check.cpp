#include "daemon/app/sink_check.h"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "daemon/app/http_settings.h"
#include "daemon/app/setup.h"
#include "daemon/app/sinks.h"
#include "daemon/app/wires.h"
#include "daemon/outbox/delivery.h"
#include "daemon/outbox/request.h"
#include "daemon/outbox/service.h"
#include "daemon/outbox/timed_fetch.h"
#include "daemon/runtime/random.h"
#include "daemon/runtime/system_clock.h"

namespace pw {
namespace {

namespace asio = boost::asio;

constexpr std::size_t said_bytes_max = 200;

// A test says that it is one, in every service's own form.
std::string test_body(const Config& config, SinkType type, Instant now) {
  const std::string text =
      "A test of pledgewatch's alerts for " + config.campaign.name + ": nobody posted anything.";
  if (reads_json(type)) {
    const nlohmann::ordered_json payload = {
        {"type", "pledgewatch.test"},
        {"timestamp", print_rfc3339(now)},
        {"data", {{"campaign", config.campaign.name}, {"notice", text}}}};
    return payload.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  }
  Notice notice;
  notice.kind = Notice::Kind::test;
  notice.title = text;
  notice.campaign = config.campaign.name;
  notice.at = now;
  return print_notice(notice);
}

std::string one_line_of(const Config& config, std::string_view text) {
  std::string line = redactor_of(config).redact(text.substr(0, 4'096)).substr(0, said_bytes_max);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return line;
}

asio::awaitable<SinkCheck> check_sink(const Config& config, const SinkConfig& sink,
                                      Fetcher& fetcher, Clock& clock) {
  SinkCheck check{sink.name, sink.type};
  const SinkTarget target = target_of(config, sink);
  auto keys = target.type == SinkType::webhook ? parse_webhook_secrets(target.secrets)
                                               : std::vector<WebhookKey>{};
  Delivery delivery;
  const std::string random = system_random(8);
  delivery.row.id = "test_" + print_hex({reinterpret_cast<const std::uint8_t*>(random.data()), 8});
  delivery.row.body = test_body(config, target.type, clock.now());
  Result<HttpRequest> request =
      keys ? delivery_request(target, *keys, delivery, clock.now()) : keys.error();
  if (!request) {
    check.said = one_line_of(config, request.error().detail);
    co_return check;
  }
  HttpResponse response;
  const Result<Done> fetched =
      co_await fetch_within(fetcher, clock, target.timeout, *request, response);
  if (!fetched) {
    check.said = one_line_of(config, fetched.error().detail);
    co_return check;
  }
  check.http_status = response.status;
  say_as_http(meaning_of(target.type, response), response);
  Attempted attempted;
  attempted.delivery = delivery.row.id;
  attempted.now = attempted.enqueued_at = clock.now();
  const DeliveryStep step = step_after(fetched, response, attempted);
  check.accepted = step.next == DeliveryStep::Next::delivered;
  if (!check.accepted)
    check.said = std::string(name_of(step.reason)) + ": " + one_line_of(config, response.body);
  co_return check;
}

}  // namespace

std::vector<SinkCheck> check_sinks(const Config& config) {
  asio::io_context io(1);
  SystemClock clock;
  std::vector<SinkCheck> checks;
  Result<std::unique_ptr<HttpClient>> client = HttpClient::make(io, clock, http_options(config));
  if (!client) return {{"", "", false, 0, client.error().detail}};
  for (const SinkConfig& sink : config.sinks) {
    if (sink.is_public) {
      checks.push_back({sink.name, sink.type, true, 0, "public: no test is sent"});
      continue;
    }
    std::unique_ptr<Fetcher> wire;
    if (sink.type == "email" || sink.type == "exec") {
      auto made = make_wire(io, config, sink);
      if (!made) {
        checks.push_back({sink.name, sink.type, false, 0, made.error().detail});
        continue;
      }
      wire = *std::move(made);
    }
    Fetcher& fetcher = wire ? *wire : **client;
    std::exception_ptr failure;
    asio::co_spawn(io, check_sink(config, sink, fetcher, clock),
                   [&](std::exception_ptr error, SinkCheck check) {
                     failure = error;
                     checks.push_back(std::move(check));
                   });
    io.restart();
    io.run();
    if (failure) std::rethrow_exception(failure);
  }
  return checks;
}

}  // namespace pw
