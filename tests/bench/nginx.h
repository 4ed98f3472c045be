// A real nginx on loopback that plays Instagram for the benchmark, and wrk to
// hold against it. Everything lies in one temporary folder and ends with it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace pw::bench {

struct PagesOptions {
  int pages = 2000;  // one account each
  int variants = 1;  // of every page; with 16, fifteen of sixteen answers differ from the last
  int page_bytes = 9000;
  bool templated = false;  // one answer for any number of accounts, made from its handle
};

std::string account_handle(int i);
std::string account_id(int i);

class Nginx {
 public:
  // Starts it on core 0. Throws std::runtime_error when it does not come up.
  Nginx(const std::filesystem::path& folder, const PagesOptions& options);
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  int port() const { return port_; }
  // The URL of one page, as the connector asks for it.
  std::string page_url() const;

 private:
  int port_ = 0;
  pid_t pid_ = -1;
};

// Requests per second of `wrk -t1 -c64` on core 1 for so many seconds.
double run_wrk(const std::string& url, int seconds);

void pin_to_core(int core);

// A port of loopback that nothing listens on.
int free_port();
// Whether something accepts connections there.
bool answers(int port);
// Starts the program on one core; ends with 127 where it cannot be started.
pid_t spawn_pinned(int core, const std::vector<std::string>& words);

}  // namespace pw::bench
