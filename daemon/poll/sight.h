// What an answer says before its list is compared with anything: when it was true,
// and whether it is the answer of last time. Pure.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "daemon/core/look.h"
#include "daemon/store/store.h"

namespace pw {

// When the answer was true: receipt less its age, where the age is the greatest
// of the Age field, our clock less Date, and the connector's lag (RFC 9111
// section 4.2.3 for the first two). An absent Age is not zero, it is unknown:
// then Date decides.
struct AnswerAge {
  Instant effective;
  std::optional<Millis> clock_offset;  // our clock less Date
};
AnswerAge age_of(const HttpResponse& response, Millis lag);

struct Sight {
  Instant received;
  Instant effective;
  std::optional<Millis> clock_offset;
  int http_status = 200;
  Digest body_digest{};  // of the first page's bytes
  std::string etag{};
  std::string last_modified{};
  std::string token{};  // of the cheap check before the list was read
  Purpose purpose = Purpose::routine;
  bool cut_short = false;  // wants_more was true and the page limit, or an error, ended the reading
  bool broke_off = false;  // it was an error, or a cursor that leads in a circle
  std::function<std::string()> make_salt;  // 16 random bytes
};

Sight sight_of(const HttpResponse& response, Millis lag, Purpose purpose);

// Of all posts on a list, order and counters apart. Equal digests of two routine
// looks: nothing happened, and nothing has to be asked of the store.
Digest digest_of_list(std::span<const Post> posts);
Digest digest_of_list(std::vector<Digest> posts);  // the posts' digests

// A routine look at an account that was read before, answered as before: in the same
// bytes, or with the same list, of which nothing is missing. Both know the first page
// alone, so they say nothing of a list in any order (ListKind::whole) that goes on:
// what is new may stand behind it.
bool same_bytes(const AccountState& state, const Sight& sight, ListKind kind);
bool same_list(const AccountState& state, const Sight& sight, const Page& page, ListKind kind);

}  // namespace pw
