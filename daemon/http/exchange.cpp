#include "daemon/http/exchange.h"

#include <cstring>

namespace pw {

boost::asio::awaitable<Result<Done>> read_answer(Connection& connection, AnswerReader& reader,
                                                 std::span<char> buffer, Progress& progress) {
  std::size_t held = 0;
  while (!reader.is_done()) {
    if (held == buffer.size()) co_return Error{Errc::malformed, "HTTP: a line too long"};
    const auto count = co_await connection.read(buffer.subspan(held));
    if (!count) co_return count.error();
    if (*count == 0) co_return reader.end_of_stream();
    progress.received += *count;
    held += *count;
    const auto taken = reader.feed({buffer.data(), held});
    if (!taken) co_return taken.error();
    held -= *taken;
    if (held > 0) std::memmove(buffer.data(), buffer.data() + *taken, held);
  }
  progress.left_over = held;
  co_return Done{};
}

}  // namespace pw
