// Who asks, what they may see, and whether a browser was tricked into asking.
// Pure decisions; the secrets are kept as digests only.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/hash.h"
#include "daemon/core/reviewer.h"
#include "daemon/core/time.h"
#include "daemon/web/message.h"

namespace pw {

// How somebody showed who they are. Only a cookie is sent without being asked
// for, so only there a form must carry a token against forgery.
enum class ShownBy : std::uint8_t { nothing, bearer, cookie, local_socket };

struct Caller {
  Role role = Role::everybody;
  std::string name{};  // empty: nobody in particular
  ShownBy proof = ShownBy::nothing;
  std::string session{};  // the cookie's value
};

// Signed-in browsers, in memory: a restart asks everybody to sign in again. The
// oldest make way when there are more than sessions_max. A session is worth as much
// as the token that opened it: when that is nobody's any more, so is the session.
inline constexpr std::size_t sessions_max = 1000;
inline constexpr Millis session_length = std::chrono::hours(18);
class WebSessions {
 public:
  void add(std::string_view secret, const Digest& token, Instant now);
  // The digest of the token that opened it; nothing when nobody holds it any more.
  std::optional<Digest> find(std::string_view secret, Instant now) const;
  void remove(std::string_view secret);
  std::size_t size() const { return sessions_.size(); }

 private:
  struct Session {
    Digest secret{};
    Digest token{};
    Instant until{};
  };
  std::vector<Session> sessions_;  // oldest first
};

inline constexpr std::string_view cookie_name = "pledgewatch";
std::optional<std::string> cookie_in(const WebRequest& request);
// HttpOnly, SameSite=Strict, and Secure where the connection is.
std::string print_cookie(std::string_view secret, bool secure);
std::string print_cookie_end(bool secure);
// "Bearer x" as x.
std::optional<std::string> bearer_in(const WebRequest& request);

// What a form of this session carries; nobody else can know it.
std::string form_token(std::string_view session);
bool is_form_token(std::string_view session, std::string_view token);

// Against a foreign page in the same browser, and a foreign name that resolves
// to this machine (DNS rebinding): the Host must be a name of ours and the
// Origin, where there is one, the same. Empty: fine; otherwise what is wrong.
std::string host_trouble(const WebRequest& request, const std::vector<std::string>& hosts);

bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace pw
