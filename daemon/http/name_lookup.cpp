#include "daemon/http/name_lookup.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pw {

namespace asio = boost::asio;
using Addresses = std::vector<std::string>;

namespace {

constexpr int threads_max = 8;

// One question. The asking coroutine and the answering thread share the first
// two fields; the rest belongs to the coroutine's thread.
struct NameQuestion {
  explicit NameQuestion(std::string asked) : name(std::move(asked)) {}

  const std::string name;
  std::atomic<bool> is_abandoned = false;
  std::optional<Result<Addresses>> answer;
  asio::steady_timer* gate = nullptr;  // null once nobody waits
};

Error unresolved(const std::string& name, std::string_view why) {
  return {Errc::transient, "cannot resolve " + name + ": " + std::string(why)};
}

}  // namespace

struct NameLookup::State : std::enable_shared_from_this<State> {
  State(asio::io_context& context, Lookup how) : io(context), lookup(std::move(how)) {}

  asio::io_context& io;  // not touched once `is_closed`
  const Lookup lookup;
  std::mutex mutex;  // guards what follows
  std::condition_variable changed;
  std::deque<std::shared_ptr<NameQuestion>> questions;
  int threads = 0;
  int idle_threads = 0;
  bool is_closed = false;

  void ask(std::shared_ptr<NameQuestion> question) {
    const std::lock_guard lock(mutex);
    questions.push_back(std::move(question));
    if (static_cast<std::size_t>(idle_threads) >= questions.size() || threads == threads_max) {
      return changed.notify_one();
    }
    ++threads;
    // Detached, because shutting down must not wait for getaddrinfo; it holds
    // the state, and reaches the io_context only while that is not closed.
    try {
      std::thread([self = shared_from_this()] { self->serve(); }).detach();
    } catch (const std::system_error&) {
      --threads;  // out of threads: the question waits for another, or its deadline
    }
  }

  void serve() {
    while (const auto question = next()) {
      // With a dead name server the abandoned ones would pile up.
      if (question->is_abandoned) continue;
      auto answer = lookup(question->name);
      const std::lock_guard lock(mutex);
      if (is_closed) return;
      asio::post(io, [question, found = std::move(answer)]() mutable {
        question->answer = std::move(found);
        if (question->gate) question->gate->cancel();
      });
    }
  }

  std::shared_ptr<NameQuestion> next() {
    std::unique_lock lock(mutex);
    ++idle_threads;
    changed.wait(lock, [&] { return is_closed || !questions.empty(); });
    --idle_threads;
    if (is_closed) return nullptr;
    auto question = std::move(questions.front());
    questions.pop_front();
    return question;
  }

  void close() {
    const std::lock_guard lock(mutex);
    is_closed = true;
    questions.clear();
    changed.notify_all();
  }
};

namespace {

// The coroutine's end of a question: a timer that never expires by itself.
class Wait final : public Stoppable {
 public:
  Wait(asio::io_context& io, NameQuestion& question)
      : question_(question), gate_(io, asio::steady_timer::time_point::max()) {
    question_.gate = &gate_;
  }
  ~Wait() {
    question_.is_abandoned = true;
    question_.gate = nullptr;
  }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  void stop() override {
    is_stopped_ = true;
    gate_.cancel();
  }

  asio::awaitable<void> done() {
    // A stop before the wait began has cancelled nothing.
    if (!is_stopped_) co_await gate_.async_wait(asio::as_tuple(asio::use_awaitable));
    co_await throw_if_cancelled();
  }

 private:
  NameQuestion& question_;
  asio::steady_timer gate_;
  bool is_stopped_ = false;
};

}  // namespace

NameLookup::NameLookup(asio::io_context& io, Lookup lookup, Millis lookup_max)
    : state_(std::make_shared<State>(io, std::move(lookup))), deadlines_(io, lookup_max) {}
NameLookup::~NameLookup() { state_->close(); }

asio::awaitable<Result<Addresses>> NameLookup::resolve(std::string name, Deadline& deadline) {
  const auto question = std::make_shared<NameQuestion>(std::move(name));
  Wait wait(state_->io, *question);
  const Deadline::Watch overall(deadline, wait);
  Deadline of_lookup(deadlines_);
  const Deadline::Watch own(of_lookup, wait);
  state_->ask(question);
  co_await wait.done();
  if (!question->answer) co_return unresolved(question->name, "no answer in time");
  co_return std::move(*question->answer);
}

Result<Addresses> system_lookup(const std::string& name) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(name.c_str(), nullptr, &hints, &found); code != 0) {
    return unresolved(name, gai_strerror(code));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  Addresses addresses;
  for (const addrinfo* at = found; at && addresses.size() < addresses_max; at = at->ai_next) {
    char text[NI_MAXHOST] = {};
    if (getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST)) {
      continue;
    }
    if (std::find(addresses.begin(), addresses.end(), text) == addresses.end()) {
      addresses.emplace_back(text);
    }
  }
  if (addresses.empty()) return unresolved(name, "no address");
  return addresses;
}

}  // namespace pw
