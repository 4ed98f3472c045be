#include <catch2/catch.hpp>

#include "daemon/ledger/verify.h"
#include "tests/ledger/sample_log.h"

namespace {

using namespace pw;

// delivery-and-evidence 4.3: the published checkpoint and a cosignature of it.
const std::string checkpoint =
    "example.com/pledgewatch/2026-11-27\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n"
    "\xe2\x80\x94 example.com/pledgewatch/2026-11-27 "
    "2r+iefj5ZmePvCz9wtF12o3ahI5pvAc+l5AJsvWDfiEpiGsXKCMAhzH8Qg1rmO98BAe0F5Vd+"
    "d1vQgCcsjuVm0It6QI=\n";
const std::string cosignature =
    "\xe2\x80\x94 witness.example/pw1 "
    "+xlGtAAAAABrCMgAxJ8KL4l6cCcxhKonmQBJGSpGWFvBqeyMYQ0QmM1UvEk/"
    "qWr4kFHluQ40cdOg+kwsCHRUBWnNlu+rx8YqogDsBg==\n";
const std::string vkey =
    "witness.example/pw1+fb1946b4+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

TEST_CASE("the published cosignature is good, at the published time") {
  const auto key = parse_vkey(vkey, KeyKind::witness);
  REQUIRE(key);
  CHECK(print_vkey(*key, KeyKind::witness) == vkey);
  CHECK_FALSE(parse_vkey(vkey));
  const auto note = parse_note(checkpoint + cosignature);
  REQUIRE(note);
  const auto heard = cosignatures(*note, {*key});
  REQUIRE(heard);
  REQUIRE(heard->size() == 1);
  CHECK(heard->at(0).at == instant_of_ms(1'795'737'600'000));
}

TEST_CASE("a cosignature of another text, time or length is refused, a stranger's ignored") {
  const auto key = parse_vkey(vkey, KeyKind::witness);
  for (std::size_t byte = 0; byte < 72; ++byte) {
    auto note = parse_note(checkpoint + cosignature);
    note->signatures.back().bytes[byte] ^= 4;
    CHECK_FALSE(cosignatures(*note, {*key}));
  }
  auto note = parse_note(checkpoint + cosignature);
  note->signatures.back().bytes.pop_back();
  CHECK_FALSE(cosignatures(*note, {*key}));
  note->signatures.back().id ^= 1;
  CHECK(cosignatures(*note, {*key})->empty());
}

SignerKey witness_key(std::uint8_t seed) {
  return {"witness.example/" + std::to_string(seed), {seed}};
}

// The sample's `which` checkpoint with the word of these witnesses.
std::string cosigned(const SampleLog& log, std::size_t which, std::vector<std::uint8_t> seeds) {
  std::size_t torn_at = 0;
  const auto notes = split_notes(log.folder.files.at("checkpoints"), torn_at);
  Note note = *parse_note(notes.at(which).bytes);
  for (const std::uint8_t seed : seeds) {
    note.signatures.push_back(
        cosign(note.text, witness_key(seed), *parse_rfc3339("2020-09-17T12:00:00Z")));
  }
  return print_note(note);
}

TEST_CASE("witnesses anchor a log as far as enough of them saw it") {
  SampleLog log = write_day("look 09:50..20:20/20m; sweep 21:10; again 44:10");
  const VerifierKey key = verifier_of(sample_key());
  Anchors anchors;
  for (std::uint8_t seed = 1; seed <= 3; ++seed) {
    anchors.witnesses.push_back(verifier_of(witness_key(seed), KeyKind::witness));
  }
  anchors.witnesses_needed = 2;
  CHECK_FALSE(verify(log.folder, key, anchors).ok());
  log.folder.files["cosigned"] = cosigned(log, 1, {1, 2}) + cosigned(log, 2, {3});
  const VerifyReport report = verify(log.folder, key, anchors);
  CHECK(report.ok());
  CHECK(report.cosigned.size() == 2);
  CHECK(report.cosigned_size == log.source.leaves.size() * 2 / 3);
  CHECK(print_report(report).back() == "consistent; 2 witnesses saw the checkpoint of " +
                                           std::to_string(log.source.leaves.size() * 2 / 3) +
                                           " leaves");
  anchors.witnesses_needed = 3;
  CHECK_FALSE(verify(log.folder, key, anchors).ok());
}

TEST_CASE("a cosigned checkpoint of another history is damage, whoever is asked") {
  SampleLog log = write_day("look 09:50..20:20/20m; sweep 21:10; again 44:10");
  const SampleLog other = write_day("look 09:50..20:20/21m; sweep 21:10; again 44:10");
  log.folder.files["cosigned"] = cosigned(other, 2, {1});
  CHECK_FALSE(verify(log.folder, verifier_of(sample_key())).ok());
  log.folder.files["cosigned"] = cosigned(log, 2, {1});
  CHECK(verify(log.folder, verifier_of(sample_key())).ok());
  for (char& c : log.folder.files["cosigned"]) {
    if (c == '2') c = '3';
  }
  CHECK_FALSE(verify(log.folder, verifier_of(sample_key())).ok());
}

}  // namespace
