// The server on real sockets: limits, slow clients, streams, the unix socket, TLS,
// a socket that was handed over.
#include <fstream>
#include <thread>

#include <catch2/catch.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/web/served.h"

using namespace pw;
using namespace pw::test;
using namespace std::chrono_literals;

TEST_CASE("pages, streams and limits on loopback") {
  Served served({.listen = "127.0.0.1:0"});
  Client client(served.port());
  CHECK(client.ask("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").find("alive") !=
        std::string::npos);
  // The same connection, twice; then HEAD, which has no body.
  CHECK(client.ask("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n").find("ready") !=
        std::string::npos);
  const std::string head = client.ask("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(head.find("<!DOCTYPE") == std::string::npos);

  const auto status = [&](const std::string& request) {
    return Client(served.port()).ask(request).substr(9, 3);
  };
  CHECK(status("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n") == "421");
  CHECK(status("GET / HTTP/1.1\r\n\r\n") == "421");
  CHECK(status("GET /../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n") == "400");
  CHECK(status("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n") == "400");
  CHECK(status("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n") == "431");
  CHECK(status("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n") ==
        "413");
  CHECK(status("nonsense\r\n\r\n") == "400");
  CHECK(served.figures().requests > 0);
}

TEST_CASE("a stream begins with a snapshot, tells changes, and resumes") {
  Served served({.listen = "127.0.0.1:0"});
  const std::string token = "Authorization: Bearer " + token_of("rita") + "\r\n";
  Client client(served.port());
  client.send("GET /events HTTP/1.1\r\nHost: localhost\r\n" + token + "\r\n");
  const std::string first = client.read_until("event: snapshot");
  CHECK(first.find("text/event-stream") != std::string::npos);
  std::string last = client.read_until("\n\n");
  served.change(CellState::broken);
  const std::string told = client.read_until(R"([[0,"x"]])");
  CHECK(told.find("event: cells") != std::string::npos);
  client.read_until("event: board");
  const std::string id = client.read_until("data:");
  const std::string place = id.substr(id.find("id: ") + 4, id.find("\ndata") - id.find("id: ") - 4);
  client.close();

  served.change(CellState::quiet);
  Client again(served.port());
  again.send("GET /events HTTP/1.1\r\nHost: localhost\r\n" + token + "Last-Event-ID: " + place +
             "\r\n\r\n");
  const std::string resumed = again.read_until(R"("q")");
  CHECK(resumed.find("snapshot") == std::string::npos);
}

TEST_CASE("streams end when the reviewers change") {
  Served served({.listen = "127.0.0.1:0"});
  Client client(served.port());
  client.send("GET /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
              token_of("rita") + "\r\n\r\n");
  CHECK(client.read_until("snapshot") != "");
  served.dismiss("rita");
  client.read_all();
  CHECK(served.figures().streams == 0);
  Client again(served.port());
  again.send("GET /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
             token_of("rita") + "\r\n\r\n");
  CHECK(again.read_until("\r\n").find("401") != std::string::npos);
}

TEST_CASE("a client that says nothing, or too little, is let go") {
  WebServerOptions options{.listen = "127.0.0.1:0"};
  options.limits.request_max = 300ms;
  options.limits.idle_max = 300ms;
  Served served(options);
  Client silent(served.port());
  Client slow(served.port());
  slow.send("GET / HTTP/1.1\r\nHost: local");
  CHECK(silent.read_all().empty());
  CHECK(slow.read_all().empty());
  CHECK(served.figures().too_slow == 2);
}

TEST_CASE("when all places are taken the longest waiting makes way") {
  WebServerOptions options{.listen = "127.0.0.1:0"};
  options.limits.connections_max = 3;
  Served served(options);
  Client a(served.port()), b(served.port()), c(served.port());
  for (Client* client : {&a, &b, &c}) client->send("GET / HTTP/1.1\r\nHost: ");
  std::this_thread::yield();
  Client fresh(served.port());
  CHECK(fresh.ask("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").find("alive") !=
        std::string::npos);
  CHECK(a.read_all().empty());
}

TEST_CASE("the unix socket is ours alone, and leaves with us") {
  const std::string path = "/tmp/pw-web-" + std::to_string(getpid()) + ".sock";
  {
    Served served({.listen = "", .socket = path});
    struct stat status {};
    REQUIRE(lstat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    Client client(path);
    const std::string me = client.ask("GET /api/v1/me HTTP/1.1\r\nHost: pledgewatch\r\n\r\n");
    CHECK(me.find(R"("role":"operator")") != std::string::npos);
    CHECK(me.find("uid " + std::to_string(getuid())) != std::string::npos);
    CHECK(served.opens({.socket = path}).find("another daemon listens there") != std::string::npos);
  }
  CHECK(access(path.c_str(), F_OK) != 0);
  std::ofstream(path) << "a file";
  Served other({.listen = "127.0.0.1:0"});
  CHECK(other.opens({.socket = path}).find("something else is there") != std::string::npos);
  CHECK(other.opens({.socket = '/' + std::string(200, 'a')}).find("107 bytes") !=
        std::string::npos);
  unlink(path.c_str());
}

TEST_CASE("a socket that was handed over takes the configured address's place") {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(listen(fd, 10) == 0);
  Served served({.listen = "127.0.0.1:1", .inherited = {fd}});
  Client client(served.port());
  CHECK(client.ask("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").find("alive") !=
        std::string::npos);
  const int plain = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(served.opens({.inherited = {plain}}).find("no listening socket") != std::string::npos);
  close(plain);
}
