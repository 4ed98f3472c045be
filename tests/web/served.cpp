#include "tests/web/served.h"

#include <future>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include "daemon/runtime/random.h"
#include "daemon/runtime/system_clock.h"
#include "daemon/runtime/task_group.h"

namespace pw::test {

namespace asio = boost::asio;

struct Served::State {
  asio::io_context io{1};
  SystemClock clock;
  Log log{[](LogLevel, const std::string&) {}};
  SampleBackend backend;
  std::unique_ptr<WebServer> server;
  std::optional<TaskGroup> group;
  std::thread thread;

  // On the server's own thread, before this returns.
  void run_there(std::function<void()> action) {
    std::promise<void> done;
    asio::post(io, [&] {
      action();
      done.set_value();
    });
    done.get_future().wait();
  }
};

Served::Served(WebServerOptions options) : state_(std::make_unique<State>()) {
  State& s = *state_;
  options.site.random = system_random;
  auto server = WebServer::open(s.io.get_executor(), s.clock, s.backend, s.log, std::move(options));
  if (!server) FAIL(server.error().detail);
  s.server = *std::move(server);
  s.group.emplace(s.io.get_executor());
  s.group->spawn("web", s.server->run());
  s.thread = std::thread([&s] { s.io.run(); });
}

Served::~Served() {
  asio::post(state_->io, [this] { state_->group->stop(); });
  state_->thread.join();
}

std::uint16_t Served::port() const {
  const std::string& address = state_->server->addresses().front();
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

void Served::change(CellState state) {
  state_->run_there([&] { state_->backend.change(state); });
}

void Served::dismiss(const std::string& name) {
  state_->run_there([&] {
    std::erase_if(state_->backend.people,
                  [&](const Reviewer& person) { return person.name == name; });
    ++state_->backend.people_revision;
  });
}

WebFigures Served::figures() const {
  WebFigures figures;
  state_->run_there([&] { figures = state_->server->figures(); });
  return figures;
}

std::string Served::opens(WebServerOptions options) {
  std::string complaint;
  state_->run_there([&] {
    options.site.random = system_random;
    const auto server = WebServer::open(state_->io.get_executor(), state_->clock, state_->backend,
                                        state_->log, std::move(options));
    if (!server) complaint = server.error().detail;
  });
  return complaint;
}

namespace {

constexpr timeval patience{5, 0};

int connected(int family, const sockaddr* address, socklen_t size) {
  const int fd = socket(family, SOCK_STREAM, 0);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  REQUIRE(connect(fd, address, size) == 0);
  return fd;
}

}  // namespace

Client::Client(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  fd_ = connected(AF_INET, reinterpret_cast<sockaddr*>(&address), sizeof address);
}

Client::Client(const std::string& socket_path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
  fd_ = connected(AF_UNIX, reinterpret_cast<sockaddr*>(&address), sizeof address);
}

void Client::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

bool Client::read_more() {
  char buffer[16 * 1024];
  const ssize_t size = recv(fd_, buffer, sizeof buffer, 0);
  if (size <= 0) return false;
  bytes_.append(buffer, static_cast<std::size_t>(size));
  return true;
}

std::string Client::read_until(std::string_view mark) {
  for (;;) {
    const std::size_t at = bytes_.find(mark);
    if (at != bytes_.npos) {
      std::string out = bytes_.substr(0, at + mark.size());
      bytes_.erase(0, at + mark.size());
      return out;
    }
    if (!read_more()) return {};
  }
}

std::string Client::ask(std::string_view request) {
  send(request);
  std::string head = read_until("\r\n\r\n");
  const std::size_t at = head.find("Content-Length: ");
  if (at == head.npos || request.starts_with("HEAD")) return head;
  const auto length = static_cast<std::size_t>(std::stoul(head.substr(at + 16)));
  while (bytes_.size() < length && read_more()) {
  }
  head += bytes_.substr(0, length);
  bytes_.erase(0, std::min(length, bytes_.size()));
  return head;
}

std::string Client::read_all() {
  while (read_more()) {
  }
  return std::exchange(bytes_, {});
}

}  // namespace pw::test
