// Where the rehearsal's webhooks arrive: checks their signatures, keeps what
// came, and fails on purpose first, so that retries show.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/http.h"
#include "daemon/core/time.h"
#include "daemon/rehearsal/world.h"

namespace pw {

enum class HookFailure {
  error,     // 500
  too_many,  // 429 with Retry-After: 1
  hang,      // no answer
  close,     // the connection is dropped
};

struct HookAnswer {
  enum class Kind { answer, hang, close };
  Kind kind = Kind::answer;
  HttpResponse response{};
};

// The hook's name in http://127.0.0.1:PORT/hook/NAME; empty for other addresses.
std::string_view hook_in(std::string_view url);

// How the hook's answer gets to whoever posted.
SimAnswer answer_of_hook(HookAnswer hook);

// Why a Standard Webhooks 1.0.0 signature does not hold; empty when it does.
// `secret` is whsec_ and base64, or base64 alone. Tolerance five minutes.
std::string signature_fault(const HttpRequest& request, std::string_view secret, Instant now);

class Receiver {
 public:
  // `secrets`: by hook name. The first requests fail as `failures` say, in
  // order. `kept` gets one JSON line, without its newline, for each request.
  Receiver(std::map<std::string, std::string> secrets, std::vector<HookFailure> failures,
           std::function<void(const std::string& line)> kept);

  // A request to /hook/<name>. A wrong signature is answered with 401.
  HookAnswer receive(std::string_view name, const HttpRequest& request, Instant now);

  // Messages, each once for a hook.
  int accepted() const { return static_cast<int>(accepted_.size()); }
  // Accepted again: their sender had died before it knew.
  int repeated() const { return repeated_; }

 private:
  std::map<std::string, std::string> secrets_;
  std::vector<HookFailure> failures_;
  std::function<void(const std::string&)> kept_;
  std::map<std::string, int> attempts_;  // by webhook-id
  std::size_t failed_ = 0;
  std::set<std::string> accepted_;  // "hook webhook-id"
  int repeated_ = 0;
};

}  // namespace pw
