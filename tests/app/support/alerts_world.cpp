#include "tests/app/support/alerts_world.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pw::test {
namespace {

constexpr std::chrono::seconds patience{120};
constexpr int shown_max = 20;  // posts in a feed's document, newest first

struct Asked {
  std::string line;
  std::string webhook_id;
  std::size_t body_bytes = 0;
  std::string body;
};

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

Asked parse(const std::string& head) {
  Asked asked;
  asked.line = head.substr(0, head.find("\r\n"));
  for (std::size_t at = head.find("\r\n"); at != head.npos && at + 2 < head.size();) {
    const std::size_t end = head.find("\r\n", at + 2);
    const std::string field = head.substr(at + 2, end - at - 2);
    const std::size_t colon = field.find(':');
    const std::string name = lower(field.substr(0, colon));
    const std::size_t value =
        colon == field.npos ? field.npos : field.find_first_not_of(' ', colon + 1);
    if (value != field.npos && name == "content-length")
      asked.body_bytes = std::stoul(field.substr(value));
    if (value != field.npos && name == "webhook-id") asked.webhook_id = field.substr(value);
    at = end;
  }
  return asked;
}

std::string answer(int status, const std::string& body, const std::string& more = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Type: application/rss+xml\r\n" +
         more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

Instant wall_now() {
  return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
}

struct AlertsWorld::State {
  AlertsWorldOptions options;
  int listener = -1;
  std::uint16_t port = 0;
  std::thread acceptor;
  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  std::uint64_t requests = 0;
  std::uint64_t feed_requests = 0;  // since it began
  bool begun = false;
  std::vector<int> reads;  // by feed
  int feeds_read_twice = 0;
  std::map<std::string, std::size_t> accepted;  // by hook
  std::list<std::pair<int, std::thread>> clients;
  std::map<std::string, std::vector<Arrival>> arrivals;                  // by hook
  std::map<std::string, std::map<std::string, std::size_t>> arrival_at;  // by hook, id

  Instant visible(int feed, int post) const {
    const auto total = static_cast<std::int64_t>(options.feeds) * options.posts;
    const auto place = static_cast<std::int64_t>(post) * options.feeds + feed;
    return options.appear.start + (options.appear.end - options.appear.start) * place / total;
  }

  bool is_visible(int feed, int post, Instant now) const {
    if (options.requests_per_post == 0) return visible(feed, post) <= now;
    const std::lock_guard lock(mutex);
    const auto place = static_cast<std::uint64_t>(post * options.feeds + feed);
    return begun && place * static_cast<std::uint64_t>(options.requests_per_post) < feed_requests;
  }

  std::string document(int feed) const {
    const Instant now = wall_now();
    std::string items;
    int shown = 0;
    for (int post = options.posts - 1; post >= 0 && shown < shown_max; --post) {
      if (!is_visible(feed, post, now)) continue;
      const std::string name = std::to_string(feed) + '-' + std::to_string(post);
      items += "<item><guid isPermaLink=\"false\">p" + name + "</guid><title>post " + name +
               "</title><link>http://127.0.0.1/p/" + name + "</link></item>";
      ++shown;
    }
    return "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>feed " +
           std::to_string(feed) + "</title>" + items + "</channel></rss>";
  }

  void note_read(std::size_t feed) {
    ++feed_requests;
    if (feed < reads.size() && ++reads[feed] == 2) ++feeds_read_twice;
  }

  // Empty: no answer at all.
  std::string received(const std::string& hook, const Asked& asked) {
    const Instant now = wall_now();
    const std::lock_guard lock(mutex);
    const auto [it, added] = arrival_at[hook].try_emplace(asked.webhook_id, arrivals[hook].size());
    if (added) arrivals[hook].push_back({asked.webhook_id, now, {}, 0, asked.body});
    Arrival& arrival = arrivals[hook][it->second];
    ++arrival.attempts;
    arrival.same_body = arrival.same_body && arrival.body == asked.body;
    if (now < options.recovery && hook == "busy") return answer(429, "", "Retry-After: 1\r\n");
    if (now < options.recovery && hook == "hanging") return {};
    if (arrival.accepted == Instant{}) {
      arrival.accepted = now;
      ++accepted[hook];
    }
    return answer(204, "");
  }

  std::string reply_to(const Asked& asked) {
    const std::size_t start = asked.line.find(' ') + 1;
    const std::string path = asked.line.substr(start, asked.line.find(' ', start) - start);
    {
      const std::lock_guard lock(mutex);
      ++requests;
      if (path.starts_with("/feed/")) note_read(std::stoul(path.substr(6)));
    }
    std::string reply = answer(404, "");
    if (path.starts_with("/feed/")) reply = answer(200, document(std::stoi(path.substr(6))));
    if (path.starts_with("/hook/")) reply = received(path.substr(6), asked);
    changed.notify_all();
    return reply;
  }

  void serve(int fd) {
    std::string bytes;
    char buffer[16384];
    for (;;) {
      const std::size_t end = bytes.find("\r\n\r\n");
      Asked asked = end == bytes.npos ? Asked{} : parse(bytes.substr(0, end + 2));
      if (end != bytes.npos && bytes.size() >= end + 4 + asked.body_bytes) {
        asked.body = bytes.substr(end + 4, asked.body_bytes);
        bytes.erase(0, end + 4 + asked.body_bytes);
        const std::string reply = reply_to(asked);
        if (!reply.empty() && send(fd, reply.data(), reply.size(), MSG_NOSIGNAL) < 0) return;
        continue;
      }
      const ssize_t size = recv(fd, buffer, sizeof buffer, 0);
      if (size <= 0) return;
      bytes.append(buffer, static_cast<std::size_t>(size));
    }
  }

  void accept_all() {
    for (;;) {
      const int fd = accept(listener, nullptr, nullptr);
      if (fd < 0) return;
      const std::lock_guard lock(mutex);
      clients.emplace_back(fd, std::thread([this, fd] { serve(fd); }));
    }
  }
};

AlertsWorld::AlertsWorld(const AlertsWorldOptions& options) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.options = options;
  s.reads.resize(static_cast<std::size_t>(options.feeds));
  s.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(s.listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(s.listener, 512) != 0 ||
      getsockname(s.listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no loopback port");
  s.port = ntohs(address.sin_port);
  s.acceptor = std::thread([&s] { s.accept_all(); });
}

AlertsWorld::~AlertsWorld() {
  shutdown(state_->listener, SHUT_RDWR);
  state_->acceptor.join();
  for (auto& [fd, thread] : state_->clients) {
    shutdown(fd, SHUT_RDWR);
    thread.join();
    close(fd);
  }
  close(state_->listener);
}

std::uint16_t AlertsWorld::port() const { return state_->port; }
Instant AlertsWorld::visible(int feed, int post) const { return state_->visible(feed, post); }

void AlertsWorld::begin() {
  const std::lock_guard lock(state_->mutex);
  state_->begun = true;
  state_->feed_requests = 0;
}

bool AlertsWorld::wait_for_feeds() const {
  std::unique_lock lock(state_->mutex);
  return state_->changed.wait_for(
      lock, patience, [&] { return state_->feeds_read_twice == state_->options.feeds; });
}

std::uint64_t AlertsWorld::requests() const {
  const std::lock_guard lock(state_->mutex);
  return state_->requests;
}

bool AlertsWorld::wait_for_requests(std::uint64_t count) const {
  std::unique_lock lock(state_->mutex);
  return state_->changed.wait_for(lock, patience, [&] { return state_->requests >= count; });
}

bool AlertsWorld::wait_for_accepted(const std::string& hook, std::size_t count) const {
  std::unique_lock lock(state_->mutex);
  return state_->changed.wait_for(lock, patience, [&] { return state_->accepted[hook] >= count; });
}

std::size_t AlertsWorld::accepted(const std::string& hook) const {
  const std::lock_guard lock(state_->mutex);
  const auto it = state_->accepted.find(hook);
  return it == state_->accepted.end() ? 0 : it->second;
}

std::vector<Arrival> AlertsWorld::arrivals(const std::string& hook) const {
  const std::lock_guard lock(state_->mutex);
  const auto it = state_->arrivals.find(hook);
  return it == state_->arrivals.end() ? std::vector<Arrival>{} : it->second;
}

}  // namespace pw::test
