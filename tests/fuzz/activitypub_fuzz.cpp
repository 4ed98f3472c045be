// Any bytes as an answer of the activitypub connector: a page or trouble, never a crash.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/connector_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pw::fuzz_connector("activitypub", {reinterpret_cast<const char*>(data), size});
  return 0;
}
