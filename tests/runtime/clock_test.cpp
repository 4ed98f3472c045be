// The machine's clock when its wall time is set.
#include <catch2/catch.hpp>

#include "daemon/runtime/system_clock.h"

using namespace pw;
using namespace std::chrono_literals;

namespace {

struct SliceCase {
  const char* what;
  Millis wall_left, steady_left, slice;
};

}  // namespace

TEST_CASE("a sleeper looks at both clocks, and neither step makes it late") {
  const SliceCase cases[] = {
      {"both agree", 500ms, 500ms, 500ms},
      {"a long sleep is cut", 3h, 3h, 1min},
      {"the wall went back an hour: as long as was meant", 1h + 300ms, 300ms, 300ms},
      {"the wall went on an hour: over at once", -1h + 300ms, 300ms, 0ms},
      {"the wall went back and the time is up", 1h, 0ms, 0ms},
      {"asked late", 200ms, -5ms, 0ms},
      {"over", 0ms, 0ms, 0ms},
  };
  for (const SliceCase& one : cases) {
    INFO(one.what);
    CHECK(sleep_slice(one.wall_left, one.steady_left) == one.slice);
  }
}
