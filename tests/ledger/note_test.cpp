// C2SP signed notes: the specification's vector, Go's, and Go's negative tests.
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "daemon/core/hash.h"
#include "daemon/ledger/note.h"

namespace {

using namespace pw;

constexpr std::string_view c2sp_vkey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view c2sp_note =
    "This is an example message.\n\n"
    "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFX"
    "mRKuwHjG1Yu72IneyaQM=\n";
constexpr std::string_view skey =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
constexpr std::string_view vkey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view text =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr std::string_view signature =
    "\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpR"
    "Zb6KE6RyyBwJnAM=\n";

std::string neumann() { return std::string(text) + '\n' + std::string(signature); }

// "opened", with the number of good signatures, or why not.
std::string outcome(std::string_view note, std::string_view key = vkey) {
  const VerifierKey known = *parse_vkey(key);
  const auto opened = open_note(note, {&known, 1});
  if (!opened) return opened.error().detail;
  return "opened " + std::to_string(opened->signatures.size());
}

std::string replaced(std::string bytes, std::string_view from, std::string_view to) {
  const std::size_t at = bytes.find(from);
  REQUIRE(at != bytes.npos);
  return bytes.replace(at, from.size(), to);
}

TEST_CASE("the published notes open with their published keys") {
  CHECK(outcome(c2sp_note, c2sp_vkey) == "opened 1");
  CHECK(outcome(neumann()) == "opened 1");
}

TEST_CASE("signing with Go's test key gives Go's bytes") {
  const auto note = sign_note(std::string(text), *parse_skey(skey));
  REQUIRE(note);
  CHECK(print_note(*note) == neumann());
  CHECK(print_vkey(verifier_of(*parse_skey(skey))) == vkey);
}

TEST_CASE("keys and notes print as they were read") {
  CHECK(print_vkey(*parse_vkey(c2sp_vkey)) == c2sp_vkey);
  CHECK(print_skey(*parse_skey(skey)) == skey);
  CHECK(print_note(*parse_note(c2sp_note)) == c2sp_note);
}

TEST_CASE("every proper part of a key is refused") {
  for (std::size_t from = 0; from < vkey.size(); ++from) {
    for (std::size_t size = 0; from + size <= vkey.size(); ++size) {
      if (size < vkey.size()) CHECK_FALSE(parse_vkey(vkey.substr(from, size)));
    }
  }
  for (std::size_t size = 0; size < skey.size(); ++size) {
    CHECK_FALSE(parse_skey(skey.substr(0, size)));
    CHECK_FALSE(parse_skey(skey.substr(skey.size() - size)));
  }
}

TEST_CASE("every single byte of a key counts") {
  for (std::size_t i = 0; i < vkey.size(); ++i) {
    std::string bad(vkey);
    ++bad[i];
    INFO(bad);
    CHECK_FALSE(parse_vkey(bad));
  }
  for (std::size_t i = 0; i < skey.size(); ++i) {
    std::string bad(skey);
    ++bad[i];
    INFO(bad);
    CHECK_FALSE(parse_skey(bad));
  }
}

// A key with the id that its bytes would have.
std::string key_of(std::string_view name, const std::string& typed) {
  const Digest digest = sha256(std::string(name) + '\n' + typed);
  return std::string(name) + '+' + print_hex({digest.data(), 4}) + '+' + print_base64(typed);
}

TEST_CASE("a key of the wrong length or kind is refused whatever its id") {
  CHECK(parse_vkey(key_of("a", '\x01' + std::string(32, 'k'))));
  CHECK_FALSE(parse_vkey(key_of("a", '\x01' + std::string(31, 'k'))));
  CHECK_FALSE(parse_vkey(key_of("a", '\x01' + std::string(33, 'k'))));
  CHECK_FALSE(parse_vkey(key_of("a", "\x01")));
  CHECK_FALSE(parse_vkey(key_of("a", "")));
  CHECK_FALSE(parse_vkey(key_of("a", '\x02' + std::string(32, 'k'))));
  CHECK_FALSE(parse_vkey(key_of("", '\x01' + std::string(32, 'k'))));
  CHECK_FALSE(parse_vkey(key_of("a b", '\x01' + std::string(32, 'k'))));
  CHECK_FALSE(
      parse_vkey(key_of("a\xc2\xa0"
                        "b",
                        '\x01' + std::string(32, 'k'))));
  CHECK_FALSE(parse_vkey(key_of("a\xff", '\x01' + std::string(32, 'k'))));
}

TEST_CASE("a note opens or is refused as its row says") {
  const std::string good = neumann();
  const std::string sig(signature);
  const std::string foreign_id = replaced(sig, "x08go/", "x08gp/");
  const std::string foreign_name = replaced(sig, "PeterNeumann", "Peter");
  const std::string broken = replaced(sig, "ZJkuB", "ZJkuC");
  struct Row {
    std::string note;
    std::string_view yields;
  };
  const Row rows[] = {
      {good + sig, "opened 1"},  // twice by one key counts once
      {good + sig + broken, "opened 1"},
      {std::string(text) + '\n' + broken,
       "a signature by PeterNeumann that does not match the text"},
      {std::string(text) + '\n' + broken + sig,
       "a signature by PeterNeumann that does not match the text"},
      {good + foreign_name, "opened 1"},
      {std::string(text) + '\n' + foreign_name, "no signature by a known key"},
      {replaced(good, "cryptography", "Cryptography"),
       "a signature by PeterNeumann that does not match the text"},
      {std::string(text), "a note without an empty line"},
      {std::string(text) + '\n', "a note without whole signature lines"},
      {good.substr(0, good.size() - 1), "a note without whole signature lines"},
      {good + "\n", "a note without whole signature lines"},
      {"\n" + good, "a signature by PeterNeumann that does not match the text"},
      {replaced(good, "think", "th\tink"), "a note with bytes that no note has"},
      {replaced(good, "think", "th\xffink"), "a note with bytes that no note has"},
      {replaced(good, "think", std::string("th\0ink", 6)), "a note with bytes that no note has"},
      {replaced(good, "\u2014 Peter", "- Peter"), "a signature line without its dash"},
      {replaced(good, "\u2014 PeterNeumann ", "\u2014 PeterNeumann  "), "a malformed signature"},
      {replaced(good, " x08go/", "x08go/"), "a signature line without a signature"},
      {std::string(text) + "\n\u2014 PeterNeumann AAAA\n", "a malformed signature"},
      {std::string(text) + "\n\u2014 PeterNeumann x08go/A=\n",
       "a signature by PeterNeumann that does not match the text"},
      {"", "a note without an empty line"},
      {"\n\n", "a note without whole signature lines"},
  };
  for (const Row& row : rows) {
    INFO(row.note);
    CHECK(outcome(row.note) == row.yields);
  }
  CHECK(outcome(std::string(text) + '\n' + foreign_id) == "no signature by a known key");
}

TEST_CASE("a note with a hundred signatures opens, one more is refused") {
  std::string note = neumann();
  for (int i = 1; i < 100; ++i)
    note += replaced(std::string(signature), "PeterNeumann", "w" + std::to_string(i));
  CHECK(outcome(note) == "opened 1");
  CHECK(outcome(note + std::string(signature)) == "too many signatures");
}

TEST_CASE("every byte of a note counts") {
  const std::string good = neumann();
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    INFO(i);
    CHECK(outcome(bad) != "opened 1");
  }
}

TEST_CASE("only a text that ends its last line can be signed") {
  const SignerKey key = *parse_skey(skey);
  CHECK_FALSE(sign_note("no end", key));
  CHECK_FALSE(sign_note("", key));
  CHECK_FALSE(sign_note("tab\there\n", key));
  CHECK(sign_note("fine\n", key));
}

}  // namespace
