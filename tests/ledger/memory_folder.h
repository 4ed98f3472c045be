// A folder in memory whose n-th write fails, as a disk does that is full or gone.
#pragma once

#include <map>
#include <string>

#include "daemon/ledger/folder.h"

namespace pw {

class MemoryFolder final : public Folder {
 public:
  std::map<std::string, std::string> files;
  int writes = 0;         // so far, in this folder
  int* budget = nullptr;  // writes left, shared between folders; null: no limit
  // What the write that fails leaves behind of its bytes when appending.
  bool tears_appends = true;

  Result<std::optional<std::string>> read(const std::string& path,
                                          std::uint64_t bytes_max) override {
    const auto it = files.find(path);
    if (it == files.end()) return std::optional<std::string>();
    if (it->second.size() > bytes_max) return Error{Errc::malformed, path + " is too long"};
    return std::optional(it->second);
  }
  Result<Done> replace(const std::string& path, std::string_view bytes) override {
    if (!may_write()) {
      files[path + ".tmp"] = bytes.substr(0, bytes.size() / 2);
      return Error{Errc::transient, "no space"};
    }
    files[path] = bytes;
    return Done{};
  }
  Result<Done> append(const std::string& path, std::string_view bytes) override {
    const bool whole = may_write();
    if (whole || tears_appends)
      files[path] += bytes.substr(0, whole ? bytes.size() : bytes.size() / 2);
    return whole ? Result<Done>(Done{}) : Error{Errc::transient, "no space"};
  }
  Result<Done> remove(const std::string& path) override {
    if (!may_write()) return Error{Errc::transient, "no space"};
    files.erase(path);
    return Done{};
  }
  Result<std::vector<FolderFile>> list(const std::string& under) override {
    std::vector<FolderFile> found;
    for (const auto& [path, bytes] : files) {
      if (under.empty() || path.starts_with(under + '/')) found.push_back({path, bytes.size()});
    }
    return found;
  }

 private:
  bool may_write() {
    ++writes;
    return !budget || (*budget)-- > 0;
  }
};

}  // namespace pw
