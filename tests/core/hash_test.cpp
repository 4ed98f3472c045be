#include <catch2/catch.hpp>

#include "daemon/core/hash.h"

using namespace pw;

TEST_CASE("SHA-256 and HMAC give the published digests") {
  // FIPS 180-4 and RFC 4231 case 2.
  CHECK(print_hex(sha256("")) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(print_hex(sha256("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(print_hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  Sha256 pieces;
  pieces.add("a");
  pieces.add("bc");
  CHECK(pieces.finish() == sha256("abc"));
  pieces.add("abc");
  CHECK(pieces.finish() == sha256("abc"));
}

TEST_CASE("text forms of bytes read back as they were printed, and nothing else is read") {
  std::string bytes;
  for (int i = 0; i < 40; ++i) {
    CHECK(parse_base64(print_base64(bytes)) == bytes);
    const std::span<const std::uint8_t> raw(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                            bytes.size());
    CHECK(parse_hex(print_hex(raw)) == bytes);
    bytes += static_cast<char>(i * 37);
  }
  CHECK(print_base64("foob") == "Zm9vYg==");
  for (const std::string_view bad :
       {"Zm9vYg=", "Zm9vYg", "Zm9v Yg=", "Zm9vYh==", "====", "Zm9v\n", "Zm9_"}) {
    INFO(bad);
    CHECK_FALSE(parse_base64(bad));
  }
  CHECK_FALSE(parse_hex("abc"));
  CHECK_FALSE(parse_hex("AB"));
  CHECK_FALSE(parse_digest("ab"));
  // RFC 4648 section 10, in lower case and without padding.
  const std::uint8_t foobar[] = {'f', 'o', 'o', 'b', 'a', 'r'};
  CHECK(print_base32({foobar, 6}) == "mzxw6ytboi");
  CHECK(print_base32({foobar, 4}) == "mzxw6yq");
}

TEST_CASE("mixing is the same on every machine") {
  CHECK(mix64("a") != mix64("b"));
  CHECK(mix64("a", 1) != mix64("a", 2));
  // Pinned: schedules and jitter must not change between versions by accident.
  CHECK(mix64("pledgewatch") == 1892798105074826697u);
}
