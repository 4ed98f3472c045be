// Reads one HTTP/1 answer from bytes that come in pieces, strictly: what two
// readers could understand differently is refused (RFC 9112 sections 2.2, 5 and
// 6). No sockets, no clock; it allocates nothing once its buffers have grown.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "daemon/core/http.h"
#include "daemon/core/result.h"

namespace pw {

struct AnswerLimits {
  std::size_t header_bytes_max = 64 * 1024;  // status line and fields; also one chunk's header
  std::size_t header_count_max = 256;
  std::size_t raw_bytes_max = 16 * 1024 * 1024;     // body before decoding
  std::size_t decoded_bytes_max = 8 * 1024 * 1024;  // body after decoding
};

enum class Question {
  ordinary,
  head,     // the answer has no body whatever it says
  connect,  // nor has an opened tunnel; a refusal's body is not wanted
};

class AnswerReader {
 public:
  explicit AnswerReader(const AnswerLimits& limits);
  ~AnswerReader();
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  // `into` outlives the reading. Clears its status, headers and body.
  void begin(Question question, HttpResponse& into);

  // Takes bytes in order and returns how many it consumed. The rest has to be
  // offered again with more behind it. `malformed` at damage or at a limit.
  Result<std::size_t> feed(std::string_view bytes);

  // The peer closed in good order: the end of an answer without a length, and
  // `transient`, an answer cut short, for every other.
  Result<Done> end_of_stream();

  bool is_done() const;
  bool keeps_alive() const;  // once done: the connection may be used again

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pw
