// Any bytes as a message of Jetstream: an event or nothing, never a crash.
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "connectors/bluesky.h"
#include "connectors/jetstream.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto event = pw::decode_jetstream({reinterpret_cast<const char*>(data), size});
  if (!event) return 0;
  assert(pw::is_did(event->did) && event->at > 0);
  if (event->post) assert(event->post->id == event->post_id);
  return 0;
}
