#include "tests/bench/feeds_site.h"

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <signal.h>
#include <sys/wait.h>

#include "tests/bench/decode_pages.h"
#include "tests/bench/nginx.h"

namespace pw::bench {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string configuration(const fs::path& folder, int port) {
  return "daemon off; master_process off; worker_processes 1; pid " +
         (folder / "nginx.pid").string() + ";\nerror_log " + (folder / "error.log").string() +
         ";\nevents { worker_connections 1024; }\nhttp {\naccess_log off; etag off; "
         "if_modified_since off; add_header Last-Modified \"\";\nkeepalive_requests 100000000; "
         "keepalive_timeout 300s; tcp_nodelay on; sendfile off;\nopen_file_cache max=40000 "
         "inactive=600s; client_body_temp_path " +
         (folder / "tmp").string() + ";\nserver { listen 127.0.0.1:" + std::to_string(port) +
         " backlog=512; root " + folder.string() +
         "; default_type application/rss+xml; types { } }\n}\n";
}

}  // namespace

FeedSite::FeedSite(const fs::path& folder, int feeds, int items)
    : feeds_(feeds), items_(items), port_(free_port()) {
  fs::create_directories(folder / "feeds");
  fs::create_directories(folder / "tmp");
  fs::permissions(folder, fs::perms::all);
  for (int i = 0; i < feeds; ++i) {
    const std::string document = rss_document(i, items);
    document_bytes_ = document.size();
    write(folder / "feeds" / (std::to_string(i) + ".xml"), document);
  }
  write(folder / "nginx.conf", configuration(folder, port_));
  pid_ = spawn_pinned(0, {"nginx", "-p", folder.string(), "-c", (folder / "nginx.conf").string()});
  for (int i = 0; i < 200; ++i) {
    if (answers(port_)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  throw std::runtime_error("nginx did not come up; see " + (folder / "error.log").string());
}

FeedSite::~FeedSite() {
  if (pid_ <= 0) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

std::string FeedSite::url(int feed) const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/feeds/" + std::to_string(feed) + ".xml";
}

}  // namespace pw::bench
