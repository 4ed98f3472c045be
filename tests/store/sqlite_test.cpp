#include <catch2/catch.hpp>

#include "tests/store/contract.h"
#include "tests/store/support/samples.h"
#include "tests/store/support/temp_folder.h"

namespace pw {
namespace {

TEST_CASE("the SQLite store keeps the contract") {
  TempFolder folder;
  int number = 0;
  const auto fresh = [&]() -> OpenStore {
    const std::string path = folder.file("store" + std::to_string(++number));
    return [path] {
      auto store = open_sqlite(path, OpenMode::read_write);
      INFO((store ? "" : store.error().detail));
      REQUIRE(store);
      return *std::move(store);
    };
  };
  check_contract(fresh);
  check_finding_contract(fresh);
  check_delivery_contract(fresh);
  check_notice_contract(fresh);
  check_erasure(fresh);
}

}  // namespace
}  // namespace pw
