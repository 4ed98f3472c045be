#include <cstdlib>
#include <fstream>

#include <catch2/catch.hpp>

#include "daemon/ledger/verify.h"
#include "tests/ledger/sample_log.h"
#include "tests/ledger/test_authority.h"
#include "tests/store/support/temp_folder.h"

namespace {

using namespace pw;
using pw::test::TestAuthority;

const std::string day = "look 09:50..20:20/20m; sweep 21:10; again 44:10";

// What is wrong with it, or "ok".
std::string said(const Result<Done>& result) { return result ? "ok" : result.error().detail; }

template <class T>
std::string said(const Result<T>& result) {
  return result ? "ok" : result.error().detail;
}

TEST_CASE("a query is answered by openssl's authority, and the answer holds for its text alone") {
  const TempFolder folder;
  const TestAuthority authority(folder.path());
  const std::string text = "example.org/freeze\n8\nroot\n";
  const auto query = stamp_query(text, "12345678");
  REQUIRE(query);
  const std::string reply = authority.reply(*query);
  const auto stamp = take_stamp(reply, *query, text);
  REQUIRE(stamp);
  CHECK(stamp->at > *parse_rfc3339("2026-01-01T00:00:00Z"));
  CHECK(stamp->authority.find("Test authority") != std::string::npos);
  CHECK(said(verify_stamp(reply, text, authority.certificate())) == "ok");
  // Another text, another query, another authority, no authority.
  CHECK(said(read_stamp(reply, text + ' ')) == "it stamps another text");
  const auto other = stamp_query(text, "87654321");
  REQUIRE(other);
  CHECK(said(take_stamp(reply, *other, text)) == "it answers another query");
  const TempFolder elsewhere;
  const TestAuthority stranger(elsewhere.path());
  CHECK(said(verify_stamp(reply, text, stranger.certificate()))
            .starts_with("the authority's signature does not hold: "));
  CHECK(said(verify_stamp(reply, text, "no PEM")) ==
        "no certificate of an authority is in the file given");
}

TEST_CASE("no byte of a stamp's signed part can change, and none breaks the reader") {
  const TempFolder folder;
  const TestAuthority authority(folder.path());
  const std::string text = "example.org/freeze\n8\nroot\n";
  const std::string reply = authority.reply(*stamp_query(text, "12345678"));
  int refused = 0;
  for (std::size_t i = 0; i < reply.size(); ++i) {
    std::string changed = reply;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    if (!verify_stamp(changed, text, authority.certificate())) ++refused;
    CHECK_FALSE(read_stamp(reply.substr(0, i), text));
  }
  // A few bits do not matter to OpenSSL, as those of an optional text's encoding.
  CHECK(refused > static_cast<int>(reply.size()) * 9 / 10);
  CHECK(said(read_stamp("", text)) == "no time stamp response (RFC 3161)");
  CHECK_FALSE(read_stamp(reply + 'x', text));
}

TEST_CASE("verify tells of stamps what it can, and names what is wrong with them") {
  const TempFolder folder;
  const TestAuthority authority(folder.path());
  const SampleLog log = write_day(day);
  const std::string note = log.folder.files.at(std::string(checkpoint_file));
  const auto checkpoint = open_checkpoint(note, verifier_of(sample_key()));
  REQUIRE(checkpoint);
  const std::string path = stamp_path(checkpoint->size);
  CHECK(stamped_size(path) == checkpoint->size);
  MemoryFolder stamped = log.folder;
  stamped.files[path] = authority.reply(*stamp_query(note, "12345678"));

  const VerifyReport unchecked = verify(stamped, verifier_of(sample_key()));
  CHECK(unchecked.ok());
  REQUIRE(unchecked.stamps.size() == 1);
  CHECK_FALSE(unchecked.stamps[0].verified);
  CHECK(print_report(unchecked).back() ==
        "consistent; not anchored: its owner could have rewritten it");

  Anchors anchors;
  anchors.tsa = authority.certificate();
  const VerifyReport checked = verify(stamped, verifier_of(sample_key()), anchors);
  CHECK(checked.ok());
  REQUIRE(checked.stamps.size() == 1);
  CHECK(checked.stamps[0].verified);
  CHECK(print_report(checked).back().starts_with(
      "consistent; the authority saw the checkpoint of " + std::to_string(checkpoint->size)));

  const TempFolder elsewhere;
  anchors.tsa = TestAuthority(elsewhere.path()).certificate();
  const VerifyReport strange = verify(stamped, verifier_of(sample_key()), anchors);
  REQUIRE_FALSE(strange.ok());
  CHECK(strange.damages[0].file == path);

  MemoryFolder other = log.folder;
  other.files[path] = authority.reply(*stamp_query("another text\n", "12345678"));
  const VerifyReport swapped = verify(other, verifier_of(sample_key()));
  REQUIRE_FALSE(swapped.ok());
  CHECK(print_damage(swapped.damages[0]) == path + ": it stamps another text");

  MemoryFolder beyond = log.folder;
  beyond.files[stamp_path(checkpoint->size + 1)] = stamped.files[path];
  const VerifyReport unknown = verify(beyond, verifier_of(sample_key()));
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.damages[0].what == "a stamp of a checkpoint that the history does not have");
}

TEST_CASE("a stored stamp is checked by openssl alone") {
  const TempFolder folder;
  const TestAuthority authority(folder.path());
  const SampleLog log = write_day(day);
  const std::string note = log.folder.files.at(std::string(checkpoint_file));
  std::ofstream(folder.file("note"), std::ios::binary) << note;
  std::ofstream(folder.file("note.tsr"), std::ios::binary)
      << authority.reply(*stamp_query(note, "12345678"));
  const std::string command = "cd '" + folder.path().string() +
                              "' && openssl ts -verify -data note -in note.tsr -CAfile ca.pem "
                              "2>/dev/null | grep -q 'Verification: OK'";
  CHECK(std::system(command.c_str()) == 0);
}

}  // namespace
