#include "daemon/outbox/webhook_signature.h"

#include <catch2/catch.hpp>

#include "daemon/core/hash.h"

namespace pw {
namespace {

// Vectors of the Standard Webhooks repository; the v1a one was computed with
// another Ed25519 implementation over the same message.
const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const Instant at = instant_of_ms(1'614'265'330'000);
const std::string body = R"({"test": 2432232314})";
const std::string v1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const std::string v1a =
    "v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw==";
// RFC 8032 section 7.1, test 1.
const std::string seed =
    *parse_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
const std::string public_key = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

std::vector<WebhookKey> keys_of(const std::vector<std::string>& secrets) {
  const auto keys = parse_webhook_secrets(secrets);
  REQUIRE(keys);
  return *keys;
}

std::string signature_of(const std::vector<std::string>& secrets) {
  const auto headers = sign_webhook(keys_of(secrets), id, at, body);
  REQUIRE(headers);
  REQUIRE(headers->size() == 3);
  CHECK((*headers)[0].name == "webhook-id");
  CHECK((*headers)[0].value == id);
  CHECK((*headers)[1].name == "webhook-timestamp");
  CHECK((*headers)[1].value == "1614265330");
  CHECK((*headers)[2].name == "webhook-signature");
  return (*headers)[2].value;
}

HttpHeaders headers_with(const std::string& timestamp, const std::string& signature) {
  HttpHeaders headers;
  headers.add("Webhook-Id", id);
  headers.add("WEBHOOK-TIMESTAMP", timestamp);
  headers.add("webhook-signature", signature);
  return headers;
}

std::vector<HttpHeader> signed_headers(std::string_view of_body) {
  auto headers = sign_webhook(keys_of({secret}), id, at, of_body);
  REQUIRE(headers);
  return *std::move(headers);
}

TEST_CASE("the published vectors are what we sign") {
  CHECK(signature_of({secret}) == v1);
  CHECK(signature_of({secret.substr(6)}) == v1);
  CHECK(signature_of({"whsk_" + print_base64(seed)}) == v1a);
  // A private key printed with its public one behind it.
  const std::string both = seed + *parse_base64(public_key.substr(5));
  CHECK(signature_of({"whsk_" + print_base64(both)}) == v1a);
}

TEST_CASE("each of several secrets signs, HMAC first") {
  const std::string other = "whsec_" + print_base64(std::string(24, 'k'));
  const std::string both = signature_of({"whsk_" + print_base64(seed), secret, other});
  CHECK(both.starts_with(v1 + " v1,"));
  CHECK(both.ends_with(" " + v1a));
  for (const std::string& known : {secret, other, public_key}) {
    const auto check = verify_webhook(keys_of({known}), headers_with("1614265330", both), body, at);
    CHECK(check == WebhookCheck::genuine);
  }
}

TEST_CASE("without a key there is no signature, with only a public one an error") {
  CHECK(sign_webhook({}, id, at, body)->size() == 2);
  CHECK_FALSE(sign_webhook(keys_of({public_key}), id, at, body));
}

TEST_CASE("an id that could forge a header or another message is refused") {
  for (const std::string& bad :
       {std::string(), std::string("a.b"), std::string("a\r\nx: y"), std::string("a b"),
        std::string("\xc3\xa9"), std::string(257, 'a'), std::string("a\0b", 3)}) {
    INFO(bad);
    CHECK_FALSE(sign_webhook(keys_of({secret}), bad, at, body));
  }
  CHECK(sign_webhook(keys_of({secret}), std::string(256, 'a'), at, ""));
}

TEST_CASE("a secret is 24 to 64 bytes of base64, and an error shows nothing of it") {
  for (const std::size_t size : {24u, 25u, 32u, 64u})
    CHECK(parse_webhook_secret("whsec_" + print_base64(std::string(size, 'x')))->bytes.size() ==
          size);
  CHECK(parse_webhook_secret("whsec_" + std::string(34, 'A'))->bytes.size() == 25);  // no padding
  const std::string bad[] = {
      "",
      "whsec_",
      "whsk_",
      "whpk_",
      "whsec_" + print_base64(std::string(23, 'x')),
      "whsec_" + print_base64(std::string(65, 'x')),
      "whsk_" + print_base64(std::string(31, 'x')),
      "whpk_" + print_base64(std::string(64, 'x')),
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS\n",
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!",
      "whsec_whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      std::string(10'000, '='),
  };
  for (const std::string& text : bad) {
    INFO(text);
    const auto key = parse_webhook_secret(text);
    REQUIRE_FALSE(key);
    CHECK(key.error().detail.find("MfKQ") == std::string::npos);
  }
}

struct Row {
  const char* what;
  std::string timestamp;
  std::string signature;
  std::string_view check;
};

TEST_CASE("a receiver takes what is genuine and fresh, and nothing else") {
  const Row rows[] = {
      {"the vector", "1614265330", v1, "genuine"},
      {"300 s old", "1614265030", v1, "no_match"},
      {"301 s old", "1614265029", v1, "too_old"},
      {"300 s ahead", "1614265630", v1, "no_match"},
      {"301 s ahead", "1614265631", v1, "too_new"},
      {"a timestamp that is no number", "soon", v1, "bad_timestamp"},
      {"half a timestamp", "1614265330x", v1, "bad_timestamp"},
      {"a fraction", "1614265330.0", v1, "bad_timestamp"},
      {"a sign", "+1614265330", v1, "bad_timestamp"},
      {"a space", " 1614265330", v1, "bad_timestamp"},
      {"too large a number", "99999999999999999999", v1, "bad_timestamp"},
      {"the largest number", "9223372036854775807", v1, "too_new"},
      {"the smallest number", "-9223372036854775808", v1, "too_old"},
      {"no timestamp", "", v1, "header_missing"},
      {"no signature", "1614265330", "", "header_missing"},
      {"a cut signature", "1614265330", v1.substr(0, 8), "no_match"},
      {"an empty signature", "1614265330", "v1,", "no_match"},
      {"no version", "1614265330", v1.substr(3), "no_match"},
      {"another version", "1614265330", "v2," + v1.substr(3), "no_match"},
      {"the wrong version", "1614265330", "v1a," + v1.substr(3), "no_match"},
      {"a space too many", "1614265330", "  " + v1 + "  ", "genuine"},
      {"the right one of three", "1614265330",
       "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9td"
       "O6mc= " +
           v1,
       "genuine"},
      {"separated by a comma", "1614265330", "v1,x," + v1, "no_match"},
      {"more than anybody sends", "1614265330",
       [] {
         std::string list;
         for (int i = 0; i < 1000; ++i) list += "v1,x ";
         return list + v1;
       }(),
       "no_match"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const auto check =
        verify_webhook(keys_of({secret}), headers_with(row.timestamp, row.signature), body, at);
    CHECK(name_of(check) == row.check);
  }
}

TEST_CASE("every header is needed") {
  for (const std::string& absent : {std::string("webhook-id"), std::string("webhook-timestamp"),
                                    std::string("webhook-signature")}) {
    HttpHeaders headers;
    for (const HttpHeader& header : signed_headers(body)) {
      if (header.name != absent) headers.add(header.name, header.value);
    }
    CHECK(verify_webhook(keys_of({secret}), headers, body, at) == WebhookCheck::header_missing);
  }
}

TEST_CASE("no flipped bit of body, id or signature passes") {
  const auto keys = keys_of({secret, public_key});
  for (const std::string& signature : {v1, v1a}) {
    const HttpHeaders headers = headers_with("1614265330", signature);
    CHECK(verify_webhook(keys, headers, body, at) == WebhookCheck::genuine);
    CHECK(verify_webhook(keys, headers, "", at) == WebhookCheck::no_match);
    CHECK(verify_webhook({}, headers, body, at) == WebhookCheck::no_match);
    for (std::size_t i = 0; i < body.size(); ++i) {
      std::string flipped = body;
      flipped[i] = static_cast<char>(flipped[i] ^ 1);
      CHECK(verify_webhook(keys, headers, flipped, at) == WebhookCheck::no_match);
    }
    for (std::size_t i = 0; i < signature.size(); ++i) {
      std::string flipped = signature;
      flipped[i] = static_cast<char>(flipped[i] ^ 1);
      CHECK(verify_webhook(keys, headers_with("1614265330", flipped), body, at) ==
            WebhookCheck::no_match);
    }
  }
}

TEST_CASE("an empty body is signed and verified like any other") {
  HttpHeaders headers;
  for (const HttpHeader& header : signed_headers("")) headers.add(header.name, header.value);
  CHECK(verify_webhook(keys_of({secret}), headers, "", at) == WebhookCheck::genuine);
}

}  // namespace
}  // namespace pw
