// `pledgewatch signer`: holds the log's key in a process without network, and signs
// only what extends what it signed before. Answers one question a connection, to
// processes of its own user alone.
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "daemon/app/commands.h"
#include "daemon/app/signer_wire.h"
#include "daemon/app/tell.h"
#include "daemon/ledger/key.h"
#include "daemon/runtime/service.h"

namespace pw {
namespace {

volatile std::sig_atomic_t asked_to_end = 0;

int listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) return -1;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  unlink(path.c_str());
  const mode_t before = umask(0177);
  const bool bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  umask(before);
  if (bound && listen(fd, 8) == 0) return fd;
  close(fd);
  return -1;
}

// The socket that systemd opened (sd_listen_fds(3)), or one of our own.
int listening_socket(const std::string& path) {
  return sd_listen_fds(/*unset_environment=*/1) >= 1 ? SD_LISTEN_FDS_START : listen_at(path);
}

bool is_same_user(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

std::string read_line(int fd) {
  std::string line;
  while (!line.ends_with('\n') && line.size() < signer_line_bytes_max) {
    char buffer[4096];
    const ssize_t n = recv(fd, buffer, sizeof buffer, 0);
    if (n <= 0) break;
    line.append(buffer, static_cast<std::size_t>(n));
  }
  return line;
}

void write_all(int fd, const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t n = send(fd, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return;
    sent += static_cast<std::size_t>(n);
  }
}

void serve(int listener, Signer& signer, Folder& state) {
  const std::string vkey = print_vkey(signer.verifier());
  while (asked_to_end == 0) {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (is_same_user(fd)) {
      const auto note = state.read(std::string(signed_file), note_bytes_max);
      const std::string last = note && *note ? **note : std::string();
      write_all(fd, answer_signer_line(read_line(fd), signer, vkey, last));
    } else {
      std::fputs("<4>refused: somebody else's process asked for a signature\n", stderr);
      write_all(fd, "{\"error\":\"the signer answers its own user only\"}\n");
    }
    close(fd);
  }
}

}  // namespace

int run_signer(const SignerCommand& command) {
  Result<SignerKey> key = read_key_file(command.key);
  if (!key) return fail(exit_usage, key.error().detail);
  const Result<std::unique_ptr<Folder>> state = open_folder(command.state);
  if (!state) return fail(exit_world, state.error().detail);
  Result<Signer> signer = Signer::open(*std::move(key), **state);
  if (!signer) return fail(exit_world, signer.error().detail);
  const int listener = listening_socket(command.socket);
  if (listener < 0) return fail(exit_world, "cannot listen at " + command.socket);
  struct sigaction on_end {};
  on_end.sa_handler = [](int) { asked_to_end = 1; };
  sigaction(SIGTERM, &on_end, nullptr);
  sigaction(SIGINT, &on_end, nullptr);
  notify_ready();
  notify_status("signs for " + signer->verifier().name);
  serve(listener, *signer, **state);
  close(listener);
  return exit_fine;
}

}  // namespace pw
