// The one redaction. It runs over URLs, headers and bodies before anything is
// stored, hashed or logged: Meta's bodies carry tokens in `paging.next`, and
// operators paste tokens into strange places.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pw {

class Redactor {
 public:
  // Secrets shorter than eight bytes are refused by the configuration, since
  // replacing them would shred ordinary text.
  explicit Redactor(std::vector<std::string> secrets = {});

  // Replaces every known secret, plain, percent-encoded, base64 (all three
  // alignments) and JSON-escaped, and the values of parameters and fields that
  // always carry one (access_token, appsecret_proof, client_secret, token, key,
  // signature, password, user info in a URL) by `[redacted]`.
  std::string redact(std::string_view text) const;

 private:
  std::vector<std::string> forms_;  // longest first
};

// True for header names whose value is never shown: Authorization, Cookie, ...
bool is_secret_header(std::string_view name);

}  // namespace pw
