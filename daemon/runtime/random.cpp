#include "daemon/runtime/random.h"

#include <cassert>
#include <cerrno>
#include <memory>
#include <utility>

#include <sys/random.h>

#include "daemon/core/hash.h"

namespace pw {

std::string system_random(std::size_t bytes) {
  std::string text(bytes, '\0');
  std::size_t filled = 0;
  while (filled < bytes) {
    const ssize_t got = getrandom(text.data() + filled, bytes - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    assert(got > 0 && "the kernel has no randomness");
    filled += static_cast<std::size_t>(got);
  }
  return text;
}

std::function<std::string()> drawn_together(Random random, std::size_t bytes) {
  constexpr std::size_t draws = 256;
  struct Portion {
    Random random;
    std::string bytes{};
    std::size_t at = 0;
  };
  // Shared, or a copy of the function would give once more what this one has given.
  return [bytes, portion = std::make_shared<Portion>(Portion{std::move(random)})] {
    Portion& p = *portion;
    if (p.at == p.bytes.size()) {
      p.bytes = p.random(bytes * draws);
      p.at = 0;
    }
    p.at += bytes;
    return p.bytes.substr(p.at - bytes, bytes);
  };
}

Random seeded_random(std::uint64_t seed) {
  return [seed, counter = std::uint64_t{0}](std::size_t bytes) mutable {
    std::string text;
    while (text.size() < bytes) {
      text += bytes_of(sha256(std::to_string(seed) + ':' + std::to_string(counter++)));
    }
    text.resize(bytes);
    return text;
  };
}

}  // namespace pw
