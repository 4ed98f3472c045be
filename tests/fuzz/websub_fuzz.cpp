// Any bytes as what a hub sends: a query, a signature, a notification.
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "connectors/websub.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const pw::HubSubscription pending{"t", "https://watch.example/c", "secret"};
  const auto verification = pw::verify_intent(bytes, &pending, pw::HubMode::subscribe);
  const bool confirmed = verification.kind == pw::HubVerification::Kind::confirmed;
  assert(confirmed == !verification.challenge.empty());
  (void)pw::fits_hub_signature(bytes, pending.secret, bytes);
  for (const std::string& id : pw::deleted_videos(bytes)) assert(!id.empty());
  pw::HttpResponse response;
  response.status = size == 0 ? 0 : 200 + data[0] * 2;
  response.body = bytes;
  response.headers.add("Location", bytes.substr(0, 64));
  response.headers.add("Retry-After", bytes.substr(0, 16));
  (void)pw::read_hub_answer(response);
  return 0;
}
