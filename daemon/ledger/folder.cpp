#include "daemon/ledger/folder.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pw {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view temporary_end = ".tmp";

Error failed(const std::string& what, const std::string& path) {
  return Error{Errc::transient, what + " " + path + ": " + std::strerror(errno)};
}

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// A new name is on disk only once its folder is.
bool sync_folder(const fs::path& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder && ::fsync(folder.get()) == 0;
}

bool write_synced(const std::string& path, std::string_view bytes, int flags, mode_t mode) {
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, mode));
  return file && write_all(file.get(), bytes) && ::fsync(file.get()) == 0;
}

Result<std::optional<std::string>> read_file(const std::string& path, std::uint64_t bytes_max) {
  // O_NONBLOCK: a pipe somebody put there must not hang a verifier.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::string>();
  if (!file) return failed("cannot read", path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return failed("cannot read", path);
  if (!S_ISREG(status.st_mode)) return Error{Errc::malformed, path + " is no file"};
  if (static_cast<std::uint64_t>(status.st_size) > bytes_max) {
    return Error{Errc::malformed, path + " has more than " + std::to_string(bytes_max) + " bytes"};
  }
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t count = ::read(file.get(), bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("cannot read", path);
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  bytes.resize(size);
  return std::optional(std::move(bytes));
}

class DiskFolder final : public Folder {
 public:
  explicit DiskFolder(std::string root) : root_(std::move(root)) {}

  Result<std::optional<std::string>> read(const std::string& path,
                                          std::uint64_t bytes_max) override {
    return read_file(place(path), bytes_max);
  }

  Result<Done> replace(const std::string& path, std::string_view bytes) override {
    const std::string target = place(path);
    const std::string temporary = target + std::string(temporary_end);
    if (!make_folders(target)) return failed("cannot make the folder of", target);
    if (!write_synced(temporary, bytes, O_TRUNC, 0644)) return failed("cannot write", temporary);
    if (::rename(temporary.c_str(), target.c_str()) != 0) return failed("cannot rename", target);
    if (!sync_folder(fs::path(target).parent_path())) return failed("cannot sync", target);
    return Done{};
  }

  Result<Done> append(const std::string& path, std::string_view bytes) override {
    const std::string target = place(path);
    if (!make_folders(target)) return failed("cannot make the folder of", target);
    if (!write_synced(target, bytes, O_APPEND, 0644)) return failed("cannot append to", target);
    if (!sync_folder(fs::path(target).parent_path())) return failed("cannot sync", target);
    return Done{};
  }

  Result<Done> remove(const std::string& path) override {
    if (::unlink(place(path).c_str()) != 0 && errno != ENOENT) return failed("cannot remove", path);
    // The folder of partial tiles goes with its last file; others stay.
    if (path.find(".p/") != path.npos) ::rmdir(fs::path(place(path)).parent_path().c_str());
    return Done{};
  }

  Result<std::vector<FolderFile>> list(const std::string& under) override {
    std::vector<FolderFile> files;
    std::error_code error;
    const fs::path from = under.empty() ? fs::path(root_) : fs::path(place(under));
    if (!fs::exists(from, error)) return files;
    for (fs::recursive_directory_iterator it(from, error), end; !error && it != end;
         it.increment(error)) {
      if (it->is_directory(error) && !it->is_symlink(error)) continue;
      const auto bytes = it->is_regular_file(error) ? it->file_size(error) : 0;
      files.push_back({it->path().lexically_relative(root_).generic_string(), bytes});
    }
    if (error)
      return Error{Errc::transient, "cannot list " + from.string() + ": " + error.message()};
    std::sort(files.begin(), files.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    return files;
  }

 private:
  std::string place(const std::string& path) const { return root_ + '/' + path; }

  // Each made folder's own name is synced too.
  bool make_folders(const std::string& target) {
    const fs::path parent = fs::path(target).parent_path();
    std::error_code error;
    if (fs::is_directory(parent, error)) return true;
    if (!make_folders(parent.string())) return false;
    if (::mkdir(parent.c_str(), 0755) != 0 && errno != EEXIST) return false;
    return sync_folder(parent.parent_path());
  }

  std::string root_;
};

}  // namespace

bool is_temporary(std::string_view path) { return path.ends_with(temporary_end); }

Result<std::unique_ptr<Folder>> open_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!fs::is_directory(path, error))
    return Error{Errc::transient, "cannot make the folder " + path};
  return std::unique_ptr<Folder>(std::make_unique<DiskFolder>(path));
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<FolderLock> lock_folder(const std::string& path) {
  const std::string file = path + '/' + std::string(lock_file);
  Descriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!lock) return failed("cannot open", file);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return Error{Errc::refused, "another process appends to the log in " + path};
  }
  return FolderLock(lock.release());
}

Result<std::string> read_private_file(const std::string& path, std::size_t bytes_max) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return failed("cannot read", path);
  if ((status.st_mode & 077) != 0) {
    return Error{Errc::refused, path + " can be read by others: chmod 600 " + path};
  }
  // The name may be a link: systemd credentials are reached through one.
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  auto bytes = read_file(error ? path : real.string(), bytes_max);
  if (!bytes) return bytes.error();
  if (!*bytes) return Error{Errc::gone, "no file " + path};
  return std::move(**bytes);
}

Result<Done> write_private_file(const std::string& path, std::string_view bytes) {
  if (!write_synced(path, bytes, O_EXCL, 0600)) return failed("cannot write", path);
  const fs::path parent = fs::path(path).parent_path();
  if (!sync_folder(parent.empty() ? "." : parent)) return failed("cannot sync", path);
  return Done{};
}

}  // namespace pw
