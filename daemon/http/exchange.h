// Reading one answer from a connection: our loop around the parser, in large
// steps (design, decision 5).
#pragma once

#include <cstddef>
#include <span>

#include "daemon/http/answer_reader.h"
#include "daemon/http/connection.h"
#include "daemon/runtime/fetcher.h"

namespace pw {

struct Progress {
  std::size_t received = 0;   // bytes that came, also when reading failed
  std::size_t left_over = 0;  // bytes behind the answer's end: nobody asked for them
};

// Reads until `reader`, which has begun, is done. `buffer` takes a whole head.
boost::asio::awaitable<Result<Done>> read_answer(Connection& connection, AnswerReader& reader,
                                                 std::span<char> buffer, Progress& progress);

}  // namespace pw
