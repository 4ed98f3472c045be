// Time stamps of checkpoints (RFC 3161, August 2001): an authority signs that it was
// shown a digest at a time. What is stamped is the signed note of a checkpoint, byte for
// byte as the history has it, so that `openssl ts` checks it too:
//   openssl ts -verify -data NOTE -in stamps/SIZE.tsr -CAfile ca.pem
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/result.h"
#include "daemon/core/time.h"

namespace pw {

inline constexpr std::string_view stamps_folder = "stamps/";
// An answer holds the authority's certificates; a few kilobytes are usual.
inline constexpr std::size_t stamp_bytes_max = 100'000;
inline constexpr std::string_view stamp_query_type = "application/timestamp-query";
inline constexpr std::string_view stamp_reply_type = "application/timestamp-reply";

// "stamps/<size>.tsr", in the log's folder; and back.
std::string stamp_path(std::uint64_t size);
std::optional<std::uint64_t> stamped_size(std::string_view path);

// A TimeStampReq in DER over the SHA-256 of `text`; asks for the authority's
// certificates. `nonce`: at most 16 bytes, random.
Result<std::string> stamp_query(std::string_view text, std::string_view nonce);

struct Stamp {
  Instant at{};
  std::string authority{};  // as the answer names it; empty where it does not
};

// A TimeStampResp in DER. `refused`: the authority did not grant it, or stamped another
// text; `malformed`: it is none. The signature is not checked.
Result<Stamp> read_stamp(std::string_view reply, std::string_view text);

// The answer to `query`: its nonce too.
Result<Stamp> take_stamp(std::string_view reply, std::string_view query, std::string_view text);

// Imprint, signature and the signer's chain up to one of the certificates in `tsa`
// (PEM), as of the stamp's own time, so that it holds after they have expired.
Result<Done> verify_stamp(std::string_view reply, std::string_view text, const std::string& tsa);

}  // namespace pw
