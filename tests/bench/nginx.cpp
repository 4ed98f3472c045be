#include "tests/bench/nginx.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pw::bench {

namespace fs = std::filesystem;

namespace {

// The shape of platforms-meta 2.9 with ten media, filled up to the wished size.
std::string page(const std::string& handle, const std::string& id, int variant, int bytes) {
  constexpr int items = 10;
  std::string media;
  const int caption = std::max(0, (bytes - 400) / items - 480);
  for (int k = 0; k < items; ++k) {
    const std::string n = std::to_string(100 + k);
    if (k > 0) media += ',';
    media += R"({"id":"17901)" + id.substr(id.size() - 7) + n + R"(","caption":")" +
             std::string(static_cast<std::size_t>(caption), 'a') +
             R"( #rye","media_type":"IMAGE","media_product_type":"FEED",)" +
             R"("media_url":"https://scontent.example-cdn.net/v/t51/)" + n +
             R"(_n.jpg?sig=0123456789abcdef0123456789abcdef",)" +
             R"("permalink":"https://www.instagram.com/p/DdV96ksjK)" + n.substr(1) +
             R"(/","shortcode":"DdV96ksjK)" + n.substr(1) + R"(","timestamp":"2020-09-1)" +
             std::to_string(k % 5) + R"(T09:30:12+0000","username":")" + handle +
             R"(","like_count":)" + std::to_string(1000 + variant * 7 + k) +
             R"(,"comments_count":4})";
  }
  return R"({"business_discovery":{"id":")" + id + R"(","username":")" + handle +
         R"(","media_count":842,"media":{"data":[)" + media +
         R"(],"paging":{"cursors":{"after":"QVFIUnBsZWRnZXdhdGNo"}}}},"id":"17841400000000001"})";
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string configuration(const fs::path& folder, const PagesOptions& options, int port) {
  std::string text =
      "daemon off; master_process off; worker_processes 1; pid " + (folder / "nginx.pid").string() +
      ";\nerror_log " + (folder / "error.log").string() +
      ";\nevents { worker_connections 1024; }\nhttp {\n" +
      "access_log off; etag off; if_modified_since off; keepalive_requests 100000000; "
      "keepalive_timeout 300s;\n" +
      "tcp_nodelay on; sendfile off; open_file_cache max=40000 inactive=600s; "
      "large_client_header_buffers 4 16k;\n" +
      "client_body_temp_path " + (folder / "tmp").string() + ";\n" +
      "map $arg_fields $account { default none; ~*username(%28|\\()(?<name>[a-z0-9._]+) $name; }\n";
  if (options.variants > 1) {
    text += "split_clients \"$request_id\" $variant {\n";
    for (int v = 1; v < options.variants; ++v) {
      text += "  " + std::to_string(100.0 / options.variants).substr(0, 4) + "% " +
              std::to_string(v) + ";\n";
    }
    text += "  * 0;\n}\n";
  }
  const std::string variant = options.variants > 1 ? "$variant" : "0";
  text += "server { listen 127.0.0.1:" + std::to_string(port) + " backlog=512; root " +
          folder.string() + "; default_type application/json;\n";
  if (options.templated) {
    text += "location / { return 200 '" + page("$account", "1784$account", 0, 900) + "'; }\n";
  } else {
    text += "location / { rewrite ^ /pages/$account." + variant +
            ".json last; }\nlocation /pages/ { internal; }\n";
  }
  return text + "} }\n";
}

}  // namespace

// With templated answers the handle is the number that its id ends in.
std::string account_handle(int i) { return std::to_string(1000000 + i); }
std::string account_id(int i) { return "1784" + account_handle(i); }

int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no free port");
  }
  close(fd);
  return ntohs(address.sin_port);
}

bool answers(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool ok = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return ok;
}

pid_t spawn_pinned(int core, const std::vector<std::string>& words) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  pin_to_core(core);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

void pin_to_core(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  sched_setaffinity(0, sizeof set, &set);
}

Nginx::Nginx(const fs::path& folder, const PagesOptions& options) : port_(free_port()) {
  fs::create_directories(folder / "pages");
  fs::create_directories(folder / "tmp");
  fs::permissions(folder, fs::perms::all);
  for (int i = 0; !options.templated && i < options.pages; ++i) {
    for (int v = 0; v < options.variants; ++v) {
      const std::string name = account_handle(i) + "." + std::to_string(v) + ".json";
      write(folder / "pages" / name, page(account_handle(i), account_id(i), v, options.page_bytes));
    }
  }
  write(folder / "nginx.conf", configuration(folder, options, port_));
  pid_ = spawn_pinned(0, {"nginx", "-p", folder.string(), "-c", (folder / "nginx.conf").string()});
  for (int i = 0; i < 200; ++i) {
    if (answers(port_)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  throw std::runtime_error("nginx did not come up; see " + (folder / "error.log").string());
}

Nginx::~Nginx() {
  if (pid_ <= 0) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

std::string Nginx::page_url() const {
  return "http://127.0.0.1:" + std::to_string(port_) +
         "/v25.0/17841400000000001?fields=business_discovery.username%28" + account_handle(7) +
         "%29";
}

double run_wrk(const std::string& url, int seconds) {
  const std::string command =
      "taskset -c 1 wrk -t1 -c64 -d" + std::to_string(seconds) + "s '" + url + "' 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("wrk could not be started");
  double rate = 0;
  bool failed = false;
  std::array<char, 256> line{};
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    std::sscanf(line.data(), "Requests/sec: %lf", &rate);
    failed = failed || std::string(line.data()).find("Non-2xx") != std::string::npos;
  }
  pclose(pipe);
  if (failed || rate <= 0) throw std::runtime_error("wrk got no good answers");
  return rate;
}

}  // namespace pw::bench
