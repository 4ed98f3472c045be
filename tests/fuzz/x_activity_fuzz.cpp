// Any bytes as what comes to X's webhook, and as what X answers to our questions.
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "connectors/x_activity.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto proof = pw::answer_x_challenge(bytes, "consumer-secret");
  assert(!proof || proof->starts_with(R"({"response_token":"sha256=)"));
  // A signature is 51 bytes long, and nobody here can make one.
  assert(!pw::fits_x_signature(bytes, "consumer-secret", bytes));
  const auto notice = pw::read_x_notice(bytes);
  assert(!notice || !notice->user_id.empty());
  pw::HttpResponse response;
  response.status = size == 0 ? 0 : 200 + data[0] * 2;
  response.body = bytes.substr(size == 0 ? 0 : 1);
  response.headers.add("Retry-After", bytes.substr(0, 16));
  const auto webhooks = pw::read_x_webhooks(response);
  if (const auto* read = std::get_if<0>(&webhooks)) {
    for (const pw::XWebhook& one : *read) assert(!one.id.empty());
  }
  const auto subscriptions = pw::read_x_subscriptions(response);
  if (const auto* read = std::get_if<0>(&subscriptions)) {
    for (const pw::XSubscription& one : read->all) {
      assert(!one.id.empty());
      const pw::XApp app{.base = {}, .token = "token-0123", .secret = {}};
      const auto request = pw::x_subscribe_request(app, one.webhook, one.user_id, one.event);
      assert(!request.body.empty());
    }
  }
  return 0;
}
