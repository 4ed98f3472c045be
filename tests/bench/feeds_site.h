// A real nginx on loopback with many RSS documents, each answered whole: without
// validators, so that "nothing new" costs every reader a full 200 answer.
#pragma once

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace pw::bench {

class FeedSite {
 public:
  // Writes the documents under `folder` and starts nginx on core 0. Throws
  // std::runtime_error when it does not come up.
  FeedSite(const std::filesystem::path& folder, int feeds, int items);
  ~FeedSite();
  FeedSite(const FeedSite&) = delete;
  FeedSite& operator=(const FeedSite&) = delete;

  int port() const { return port_; }
  int feeds() const { return feeds_; }
  int items() const { return items_; }
  std::size_t document_bytes() const { return document_bytes_; }
  std::string url(int feed) const;

 private:
  int feeds_;
  int items_;
  int port_;
  std::size_t document_bytes_ = 0;
  pid_t pid_ = -1;
};

}  // namespace pw::bench
