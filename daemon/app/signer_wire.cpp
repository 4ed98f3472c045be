#include "daemon/app/signer_wire.h"

#include <cstring>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace pw {
namespace {

using nlohmann::json;

std::string json_line(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

std::string error_line(const std::string& why) { return json_line({{"error", why}}); }

std::string text_in(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

Result<std::vector<Digest>> proof_in(const json& question) {
  std::vector<Digest> proof;
  const auto it = question.find("proof");
  if (it == question.end() || !it->is_array()) return Error{Errc::malformed, "no proof"};
  for (const json& item : *it) {
    const auto bytes = item.is_string() ? parse_hex(item.get<std::string>()) : std::nullopt;
    Digest digest{};
    if (!bytes || bytes->size() != digest.size())
      return Error{Errc::malformed, "a proof is a list of digests in hex"};
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    proof.push_back(digest);
  }
  return proof;
}

std::string answer_sign(const json& question, Signer& signer) {
  const Result<Checkpoint> next = parse_checkpoint(text_in(question, "checkpoint"));
  if (!next) return error_line("checkpoint: " + next.error().detail);
  const Result<std::vector<Digest>> proof = proof_in(question);
  if (!proof) return error_line(proof.error().detail);
  const Result<std::string> note = signer.sign(*next, *proof);
  return note ? json_line({{"note", *note}}) : error_line(note.error().detail);
}

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

Error failure(const std::string& path, const std::string& what) {
  return Error{Errc::transient, "the signer at " + path + ' ' + what};
}

Result<std::string> ask(const std::string& path, const std::string& line) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return failure(path, "has too long a path");
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval patience{.tv_sec = 5, .tv_usec = 0};
  setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket.fd(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return failure(path, std::string("does not answer: ") + std::strerror(errno));
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t n = send(socket.fd(), line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return failure(path, "took no question");
    sent += static_cast<std::size_t>(n);
  }
  std::string answer;
  while (!answer.ends_with('\n') && answer.size() < signer_line_bytes_max) {
    char buffer[4096];
    const ssize_t n = recv(socket.fd(), buffer, sizeof buffer, 0);
    if (n <= 0) return failure(path, "gave no answer");
    answer.append(buffer, static_cast<std::size_t>(n));
  }
  return answer;
}

Result<json> asked(const std::string& path, const json& question) {
  const Result<std::string> line = ask(path, json_line(question));
  if (!line) return line.error();
  json answer = json::parse(*line, nullptr, /*allow_exceptions=*/false);
  if (!answer.is_object()) return failure(path, "gave an answer that is no JSON object");
  if (const std::string error = text_in(answer, "error"); !error.empty())
    return Error{Errc::refused, error};
  return answer;
}

}  // namespace

std::string answer_signer_line(std::string_view line, Signer& signer, const std::string& vkey,
                               const std::string& last_note) {
  const json question = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!question.is_object()) return error_line("a question is one JSON object on one line");
  const std::string op = text_in(question, "op");
  if (op == "standing") return json_line({{"vkey", vkey}, {"note", last_note}});
  if (op == "sign") return answer_sign(question, signer);
  if (op == "adopt") {
    const Result<Done> taken = signer.adopt(text_in(question, "note"));
    return taken ? json_line(json::object()) : error_line(taken.error().detail);
  }
  return error_line("unknown op; known are standing, sign and adopt");
}

Result<SignerLink::Standing> SignerSocket::standing() {
  const Result<json> answer = asked(path_, {{"op", "standing"}});
  if (!answer) return answer.error();
  return Standing{text_in(*answer, "vkey"), text_in(*answer, "note")};
}

Result<std::string> SignerSocket::sign(const Checkpoint& next, std::span<const Digest> proof) {
  json digests = json::array();
  for (const Digest& digest : proof) digests.push_back(print_hex(digest));
  const Result<json> answer =
      asked(path_, {{"op", "sign"}, {"checkpoint", print_checkpoint(next)}, {"proof", digests}});
  if (!answer) return answer.error();
  return text_in(*answer, "note");
}

Result<Done> SignerSocket::adopt(std::string_view note) {
  const Result<json> answer = asked(path_, {{"op", "adopt"}, {"note", std::string(note)}});
  if (!answer) return answer.error();
  return Done{};
}

}  // namespace pw
