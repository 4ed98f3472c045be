#include <catch2/catch.hpp>

#include "daemon/ledger/proof_file.h"
#include "tests/ledger/sample_log.h"

namespace {

using namespace pw;

TEST_CASE("every leaf's proof file holds, comes back as printed, and no byte of it is idle") {
  SampleLog log = write_day("look 09:50..20:20/20m; sweep 21:10; again 44:10");
  const VerifierKey key = verifier_of(sample_key());
  const std::string note = log.folder.files.at("checkpoint");
  const auto checkpoint = open_checkpoint(note, key);
  REQUIRE(checkpoint);
  for (std::uint64_t i = 0; i < log.source.leaves.size(); ++i) {
    const auto file = make_proof_file(log.folder, i, *checkpoint, note);
    REQUIRE(file);
    const std::string bytes = print_proof_file(*file);
    const auto read = parse_proof_file(bytes);
    REQUIRE(read);
    CHECK(print_proof_file(*read) == bytes);
    CHECK(check_proof_file(*read, log.source.leaves[i], key));
    CHECK_FALSE(
        check_proof_file(*read, log.source.leaves[(i + 1) % log.source.leaves.size()], key));
    if (i != 11) continue;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      std::string changed = bytes;
      changed[at] ^= 1;
      const auto other = parse_proof_file(changed);
      INFO("byte " << at);
      CHECK_FALSE((other && check_proof_file(*other, log.source.leaves[i], key)));
    }
  }
  CHECK_FALSE(make_proof_file(log.folder, log.source.leaves.size(), *checkpoint, note));
}

TEST_CASE("what is no proof file is refused") {
  for (const std::string bytes :
       {"", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\n\n",
        "c2sp.org/tlog-proof@v1\nindex\n\n", "c2sp.org/tlog-proof@v1\nindex 01\n\n",
        "c2sp.org/tlog-proof@v1\nindex 1 \n\n", "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\n",
        "c2sp.org/tlog-proof@v1\nindex 1\n", "c2sp.org/tlog-proof@v2\nindex 1\n\nx"}) {
    INFO(bytes);
    CHECK_FALSE(parse_proof_file(bytes));
  }
}

}  // namespace
