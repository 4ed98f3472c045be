// A receiver's side of a webhook, and what a sender makes of an answer: neither
// may crash on any bytes, and nothing unsigned may pass.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "daemon/outbox/delivery.h"
#include "daemon/outbox/webhook_body.h"
#include "daemon/outbox/webhook_signature.h"

namespace {

// The input is cut at line feeds; what is missing is empty.
std::string_view next_part(std::string_view& rest) {
  const std::string_view part = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(part.size() == rest.size() ? part.size() : part.size() + 1);
  return part;
}

void verify_anything(std::string_view rest) {
  using namespace pw;
  static const auto key = parse_webhook_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  static_cast<void>(parse_webhook_secret(next_part(rest)));
  HttpHeaders headers;
  headers.add("webhook-id", next_part(rest));
  headers.add("webhook-timestamp", next_part(rest));
  headers.add("webhook-signature", next_part(rest));
  const auto check = verify_webhook({*key}, headers, rest, instant_of_ms(1'614'265'330'000));
  if (check == WebhookCheck::genuine) std::abort();  // the key is not in the corpus
}

void classify_anything(std::string_view rest) {
  using namespace pw;
  HttpResponse response;
  response.status = std::atoi(std::string(next_part(rest)).c_str());
  Attempted attempted;
  attempted.delivery = "msg_1";
  attempted.number = std::atoi(std::string(next_part(rest)).c_str()) % 1000;
  attempted.now = instant_of_ms(1'614'265'330'000);
  response.headers.add("retry-after", next_part(rest));
  response.headers.add("date", next_part(rest));
  response.headers.add("webhook-delivery", next_part(rest));
  const DeliveryStep step = step_after(Done{}, response, attempted);
  if (step.next == DeliveryStep::Next::pause) {
    const Millis wait = step.at - attempted.now;
    if (wait < Millis{5'000} || wait > std::chrono::hours(24)) std::abort();
  }
}

void word_anything(std::string_view rest) {
  pw::Message message;
  message.actor = next_part(rest);
  message.account = next_part(rest);
  message.post_url = next_part(rest);
  message.finding.summary = next_part(rest);
  message.post_text = rest;
  if (pw::webhook_body(message).size() > pw::webhook_body_bytes_max) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  verify_anything(bytes);
  classify_anything(bytes);
  word_anything(bytes);
  return 0;
}
