// Undoes the one content coding of an answer, piece by piece, and never writes
// more than it was told to.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/core/result.h"

namespace pw {

class ContentDecoder {
 public:
  ContentDecoder();
  ~ContentDecoder();
  ContentDecoder(const ContentDecoder&) = delete;
  ContentDecoder& operator=(const ContentDecoder&) = delete;

  // `coding` is the whole of Content-Encoding: gzip, x-gzip, deflate (with and
  // without zlib's frame, RFC 9110 section 8.4.1.2), br, zstd, identity or
  // nothing. Two layers multiply like bombs and are `malformed`, as is a coding
  // that we never asked for.
  Result<Done> begin(std::string_view coding, std::size_t decoded_bytes_max);

  // Appends what `bytes` decode to. `malformed` at damage or at the cap; then
  // `into` holds no more than the cap.
  Result<Done> feed(std::string_view bytes, std::string& into);

  // `malformed` when the coding says that more must follow.
  Result<Done> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pw
