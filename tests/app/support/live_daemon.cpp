#include "tests/app/support/live_daemon.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/app/commands.h"

namespace pw::test {

namespace fs = std::filesystem;

namespace {

constexpr timeval patience{30, 0};

// Where the child's sd_notify goes; an abstract name needs no file.
std::string notify_name() { return "@pw-notify-" + std::to_string(getpid()); }

int bound_socket() {
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = notify_name();
  name.copy(address.sun_path, name.size());
  address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  if (fd < 0 || bind(fd, reinterpret_cast<const sockaddr*>(&address), size) != 0)
    throw std::runtime_error("no socket for the daemon's notices");
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return fd;
}

}  // namespace

CampaignFolder::CampaignFolder(const std::string& name)
    : path_(fs::temp_directory_path() / ("pw-" + name + "-" + std::to_string(getpid()))) {
  fs::remove_all(path_);
  fs::create_directories(path_);
  fs::copy_file("rules/packs/freeze.yaml", path_ / "freeze.yaml");
}

CampaignFolder::~CampaignFolder() { fs::remove_all(path_); }

void CampaignFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path_ / name, std::ios::binary) << text;
}

LiveDaemon::LiveDaemon(const CampaignFolder& folder) : notices_(bound_socket()) {
  const std::string name = notify_name();
  child_ = fork();
  if (child_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
    const std::string journal = (folder.path() / "journal").string();
    if (std::freopen(journal.c_str(), "a", stderr) == nullptr) _exit(9);
    RunOptions options;
    options.config = folder.config();
    _exit(run_daemon(options));
  }
  try {
    wait_until_ready();
  } catch (...) {
    end();
    throw;
  }
}

LiveDaemon::~LiveDaemon() { end(); }

void LiveDaemon::end() {
  if (child_ > 0) {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  close(notices_);
}

void LiveDaemon::signal(int number) const { kill(child_, number); }

void LiveDaemon::wait_until_ready() {
  char bytes[4096];
  for (;;) {
    const ssize_t size = recv(notices_, bytes, sizeof bytes, 0);
    if (size < 0) throw std::runtime_error("the daemon did not say that it is ready");
    if (std::string_view(bytes, static_cast<std::size_t>(size)) == "READY=1") return;
  }
}

int LiveDaemon::wait_for_end() {
  int status = 0;
  waitpid(child_, &status, 0);
  child_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace pw::test
