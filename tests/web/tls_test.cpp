// The port under TLS, as others' clients see it; what is wrong with the files is said;
// sockets that systemd hands over.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "daemon/runtime/service.h"
#include "tests/web/served.h"

using namespace pw;
using namespace pw::test;
namespace fs = std::filesystem;

namespace {

// What the command printed, errors too.
std::string said_by(const std::string& command) {
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  std::array<char, 4096> bytes{};
  for (std::size_t size = 0; (size = std::fread(bytes.data(), 1, bytes.size(), pipe)) > 0;)
    text.append(bytes.data(), size);
  pclose(pipe);
  return text;
}

struct Files {
  Files() : folder(fs::temp_directory_path() / ("pw-tls-" + std::to_string(getpid()))) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    for (const char* name : {"one", "other"}) {
      said_by(
          "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "
          "/CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout " +
          path(name) + ".key -out " + path(name) + ".pem");
      REQUIRE(fs::exists(path(name) + ".pem"));
    }
    said_by("openssl ec -in " + path("one") + ".key -aes128 -passout pass:secret -out " +
            path("locked.key"));
    std::ofstream(path("nonsense")) << "-----BEGIN CERTIFICATE-----\nno\n";
  }
  ~Files() { fs::remove_all(folder); }
  std::string path(const std::string& name) const { return (folder / name).string(); }

  WebServerOptions options() const {
    WebServerOptions options{.listen = "127.0.0.1:0"};
    options.tls_cert = path("one.pem");
    options.tls_key = path("one.key");
    return options;
  }

  fs::path folder;
};

// One request through OpenSSL's own client.
std::string asked(std::uint16_t port, const std::string& flags) {
  return said_by(
      "printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: "
      "close\\r\\n\\r\\n' | timeout 20 openssl s_client -quiet "
      "-connect 127.0.0.1:" +
      std::to_string(port) + ' ' + flags);
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a real client is served under TLS 1.2 and 1.3, and under nothing older") {
  const Files files;
  Served served(files.options());
  const std::string verified = "-CAfile " + files.path("one.pem") + " -verify_return_error ";
  for (const char* version : {"-tls1_2", "-tls1_3"}) {
    INFO(version);
    const std::string said = asked(served.port(), verified + version);
    INFO(said);
    CHECK(holds(said, "200 OK"));
    CHECK(holds(said, "alive"));
  }
  for (const char* version : {"-tls1", "-tls1_1"}) {
    const std::string said =
        asked(served.port(), std::string(version) + " -cipher ALL:@SECLEVEL=0");
    INFO(version << ": " << said);
    CHECK_FALSE(holds(said, "alive"));
    CHECK(holds(said, "alert"));
  }
  // Somebody else's certificate is not ours.
  CHECK_FALSE(holds(asked(served.port(), "-verify_return_error -CAfile " + files.path("other.pem")),
                    "alive"));
}

TEST_CASE("whoever speaks plain HTTP to the TLS port, or nothing, harms nobody") {
  const Files files;
  Served served(files.options());
  Client plain(served.port());
  plain.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(plain.read_all().find("alive") == std::string::npos);
  Client silent(served.port());
  CHECK(holds(asked(served.port(), ""), "alive"));
}

TEST_CASE("files that are none, or do not fit, are named with what is wrong") {
  const Files files;
  Served served({.listen = "127.0.0.1:0"});
  const auto opens = [&](const std::string& cert, const std::string& key) {
    WebServerOptions options{.listen = "127.0.0.1:0"};
    options.tls_cert = files.path(cert);
    options.tls_key = files.path(key);
    return served.opens(std::move(options));
  };
  CHECK(opens("one.pem", "one.key").empty());
  CHECK(holds(opens("none.pem", "one.key"), "none.pem: No such file"));
  CHECK(holds(opens("one.pem", "none.key"), "none.key: No such file"));
  CHECK(holds(opens("nonsense", "one.key"), "nonsense is no PEM certificate chain"));
  CHECK(holds(opens("one.key", "one.key"), "one.key is no PEM certificate chain"));
  CHECK(holds(opens("one.pem", "nonsense"), "nonsense is no PEM private key"));
  CHECK(
      holds(opens("one.pem", "locked.key"), "locked.key is no PEM private key without a password"));
  CHECK(holds(opens("one.pem", "other.key"), "other.key is not the key of"));
}

TEST_CASE("systemd's sockets are taken once, and by the process they are meant for") {
  const auto child = [](const std::function<bool()>& holds_there) {
    const pid_t pid = fork();
    if (pid == 0) _exit(holds_there() ? 0 : 1);
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  };
  const auto hand_over = [](pid_t whom) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) _exit(2);
    if (listen(fd, 8) != 0 || (fd != 3 && dup2(fd, 3) != 3)) _exit(3);
    setenv("LISTEN_FDS", "1", 1);
    setenv("LISTEN_PID", std::to_string(whom).c_str(), 1);
  };
  CHECK(child([&] {
    hand_over(getpid());
    const std::vector<int> first = inherited_sockets();
    return first == std::vector<int>{3} && inherited_sockets().empty();
  }));
  CHECK(child([&] {
    hand_over(getppid());
    return inherited_sockets().empty();
  }));
  CHECK(child([&] {
    hand_over(getpid());
    Served served({.listen = "127.0.0.1:1", .inherited = inherited_sockets()});
    Client client(served.port());
    return client.ask("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").find("alive") !=
           std::string::npos;
  }));
}
