#include "tests/connectors/captures.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace pw {

TEST_CASE("every capture decodes to the page that lies beside it") {
  const auto captures = all_captures();
  CHECK(captures.size() >= 30);
  for (const Capture& capture : captures) {
    const auto connector = make_connector(capture.platform, {});
    REQUIRE(connector);
    const Account account = account_on(capture.platform);
    const Query query{account,
                      connector->declaration().needs_credential ? &test_credential : nullptr};
    const std::string read =
        print_reading(connector->decode(query, answer(capture.status, capture.body)));
    std::filesystem::path golden = capture.path;
    golden.replace_extension(".txt");
    if (std::getenv("PW_UPDATE_GOLDEN") != nullptr) std::ofstream(golden) << read;
    std::ifstream in(golden);
    std::ostringstream expected;
    expected << in.rdbuf();
    INFO(capture.path.string());
    CHECK(read == expected.str());
  }
}

}  // namespace pw
