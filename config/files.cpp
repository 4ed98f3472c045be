#include "config/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace pw {
namespace {

class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int fd() const { return fd_; }

 private:
  int fd_;
};

Error failure(int number) {
  const bool is_absent = number == ENOENT || number == ENOTDIR;
  return {is_absent ? Errc::gone : Errc::refused, std::strerror(number)};
}

Result<std::string> read_all(int fd, std::size_t bytes_max) {
  std::string text;
  std::string piece(65'536, '\0');
  for (;;) {
    const ssize_t count = ::read(fd, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure(errno);
    if (count == 0) return text;
    text.append(piece, 0, static_cast<std::size_t>(count));
    if (text.size() > bytes_max)
      return Error{Errc::refused, "more than " + std::to_string(bytes_max) + " bytes"};
  }
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  const OpenFile file(path);
  if (file.fd() < 0) return failure(errno);
  struct stat status {};
  if (::fstat(file.fd(), &status) != 0) return failure(errno);
  if (S_ISDIR(status.st_mode)) return failure(EISDIR);
  return read_all(file.fd(), bytes_max);
}

Result<std::string> read_secret_here(const SecretName& secret) {
  if (secret.kind == SecretName::Kind::file) return read_file(secret.name, secret_bytes_max);
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr)
    return Error{Errc::refused, "$CREDENTIALS_DIRECTORY is not set; the service manager sets it"};
  return read_file(std::string(folder) + '/' + secret.name, secret_bytes_max);
}

}  // namespace pw
