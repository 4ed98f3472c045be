#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "daemon/ledger/checkpoint.h"

namespace {

using namespace pw;

// Opened by Go's note.Open and by plain openssl (delivery-and-evidence.md 4.3).
constexpr std::string_view known_note =
    "example.com/pledgewatch/2026-11-27\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n"
    "\u2014 example.com/pledgewatch/2026-11-27 "
    "2r+iefj5ZmePvCz9wtF12o3ahI5pvAc+l5AJsvWDfiEpiGsXKCMAhzH8"
    "Qg1rmO98BAe0F5Vd+d1vQgCcsjuVm0It6QI=\n";
constexpr std::string_view witness_line =
    "\u2014 witness.example/pw1 "
    "+xlGtAAAAABrCMgAxJ8KL4l6cCcxhKonmQBJGSpGWFvBqeyMYQ0QmM1UvEk/qWr4kFHl"
    "uQ40cdOg+kwsCHRUBWnNlu+rx8YqogDsBg==\n";
constexpr std::string_view known_vkey =
    "example.com/pledgewatch/2026-11-27+dabfa279+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

// "size root", or why not.
std::string read(std::string_view text) {
  const auto checkpoint = parse_checkpoint(text);
  if (!checkpoint) return checkpoint.error().detail;
  CHECK(print_checkpoint(*checkpoint) == text);
  return std::to_string(checkpoint->size) + " of " + checkpoint->origin + " +" +
         std::to_string(checkpoint->extensions.size());
}

TEST_CASE("the published checkpoint opens, and a witness's line does not disturb it") {
  const VerifierKey key = *parse_vkey(known_vkey);
  for (const std::string& note :
       {std::string(known_note), std::string(known_note) + std::string(witness_line)}) {
    const auto checkpoint = open_checkpoint(note, key);
    REQUIRE(checkpoint);
    CHECK(checkpoint->size == 8);
    CHECK(print_hex(checkpoint->root) ==
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
  }
}

TEST_CASE("signing the same checkpoint with the same key gives the published note") {
  SignerKey key =
      *parse_skey("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
  key.name = "example.com/pledgewatch/2026-11-27";
  const Checkpoint checkpoint{
      key.name,
      8,
      *parse_digest("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
      {}};
  CHECK(print_note(*sign_note(print_checkpoint(checkpoint), key)) == known_note);
  CHECK(print_vkey(verifier_of(key)) == known_vkey);
}

TEST_CASE("a checkpoint's text is read as its row says") {
  const std::string root = "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=";
  struct Row {
    std::string text;
    std::string_view yields;
  };
  const Row rows[] = {
      {"o\n8\n" + root + "\n", "8 of o +0"},
      {"o\n0\n" + root + "\n", "0 of o +0"},
      {"o\n18446744073709551615\n" + root + "\n", "18446744073709551615 of o +0"},
      {"o\n8\n" + root + "\nmore\nand more\n", "8 of o +2"},
      {"o\n8\n" + root, "a checkpoint in no canonical form"},
      {"o\n08\n" + root + "\n", "a checkpoint in no canonical form"},
      {"o\n8 \n" + root + "\n", "a checkpoint in no canonical form"},
      {"o\n+8\n" + root + "\n", "a checkpoint without a size"},
      {"o\n-8\n" + root + "\n", "a checkpoint without a size"},
      {"o\n18446744073709551616\n" + root + "\n", "a checkpoint without a size"},
      {"o\n8\nXcna\n", "a checkpoint without a root hash"},
      {"o\n8\n" + root + "\n\n", "a checkpoint with an empty line"},
      {"\n8\n" + root + "\n", "a checkpoint without an origin"},
      {"o\n8\n", "a checkpoint without a root hash"},
      {"o\n", "a checkpoint without a size"},
      {"", "a checkpoint without an origin"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(read(row.text) == row.yields);
  }
}

TEST_CASE("a history is cut at the ends of notes, and a torn end is told") {
  const std::string two =
      std::string(known_note) + std::string(known_note) + std::string(witness_line);
  std::size_t torn_at = 0;
  REQUIRE(split_notes(two, torn_at).size() == 2);
  CHECK(torn_at == two.size());
  CHECK(split_notes(two, torn_at)[1].at == known_note.size());
  CHECK(split_notes("", torn_at).empty());
  for (std::size_t cut = 1; cut < known_note.size(); ++cut) {
    const std::string file = two + std::string(known_note.substr(0, cut));
    INFO(cut);
    CHECK(split_notes(file, torn_at).size() == 2);
    CHECK(torn_at == two.size());
  }
}

}  // namespace
