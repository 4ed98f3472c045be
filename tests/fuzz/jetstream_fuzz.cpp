// Any bytes as a message of Jetstream: an event or nothing, never a crash.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "connectors/bluesky.h"
#include "connectors/jetstream.h"

namespace {

bool is_sound(const pw::JetstreamEvent& event) {
  if (!pw::is_did(event.did) || event.at <= 0) return false;
  return !event.post || event.post->id == event.post_id;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto event = pw::decode_jetstream({reinterpret_cast<const char*>(data), size});
  if (event && !is_sound(*event)) std::abort();
  return 0;
}
