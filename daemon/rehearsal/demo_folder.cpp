// Writing a demo's files to disk.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "daemon/rehearsal/demo_campaign.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

Error world(const std::string& path, const char* why) {
  return {Errc::transient, path + ": " + why};
}

// Whole before it has its name, so that nobody reads half of it.
Result<Done> write_file(const std::string& path, const std::string& text, mode_t mode) {
  const std::string draft = path + ".draft";
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (file < 0) return world(draft, std::strerror(errno));
  std::size_t written = 0;
  int failed = ::fchmod(file, mode) == 0 ? 0 : errno;
  while (failed == 0 && written < text.size()) {
    const ssize_t size = ::write(file, text.data() + written, text.size() - written);
    if (size < 0 && errno != EINTR) failed = errno;
    if (size > 0) written += static_cast<std::size_t>(size);
  }
  if (::close(file) != 0 && failed == 0) failed = errno;
  if (failed == 0 && ::rename(draft.c_str(), path.c_str()) != 0) failed = errno;
  if (failed != 0) return world(path, std::strerror(failed));
  return Done{};
}

}  // namespace

Result<Done> write_demo_campaign(const DemoCampaign& campaign, const std::string& folder) {
  for (const auto& [name, text] : campaign.files) {
    const fs::path path = fs::path(folder) / name;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) return world(path.parent_path().string(), error.message().c_str());
    const bool secret = name.starts_with("secrets/");
    const Result<Done> written = write_file(path.string(), text, secret ? 0600 : 0644);
    if (!written) return written.error();
  }
  return Done{};
}

}  // namespace pw
