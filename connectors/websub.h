// WebSub (W3C Recommendation, 2018): a hub tells us when a feed has changed,
// instead of our asking. Pure: what to ask of a hub, what to answer it, and
// whether a notification is from it. Carrying them is a web server's business.
//
// A notification is a reason to look, never a look: it proves nothing of the
// time in which none came, and is late by minutes to hours at times.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/connector.h"

namespace pw {

// YouTube's hub, and the topic of a channel ("UC...").
inline constexpr std::string_view youtube_hub = "https://pubsubhubbub.appspot.com/subscribe";
std::string youtube_topic(std::string_view channel_id);

inline constexpr Millis hub_lease_asked = std::chrono::hours(120);
inline constexpr std::size_t hub_secret_bytes_max = 199;

// `callback` is unguessable and serves this topic alone: whatever a notification
// says of its topic is not to be believed.
struct HubSubscription {
  std::string topic;
  std::string callback;
  std::string secret;
};

// The form that subscribes, or renews, or ends a subscription.
enum class HubMode { subscribe, unsubscribe };
HttpRequest hub_request(std::string_view hub, HubMode mode, const HubSubscription& subscription);

// What the hub's own answer to that form means.
struct HubAnswer {
  enum class Kind {
    accepted,   // a verification will follow
    elsewhere,  // 307 or 308: ask at `hub`
    later,      // after `wait`, if it said so
    refused,    // the request will not be taken
  };
  Kind kind = Kind::refused;
  std::string hub{};
  std::optional<Millis> wait{};
  std::string detail{};  // what the hub wrote, cut and made safe
};
HubAnswer read_hub_answer(const HttpResponse& response);

// A GET at a callback: the hub asks whether we asked.
struct HubVerification {
  enum class Kind {
    confirmed,  // answer 200 with `challenge` as the whole body
    unknown,    // answer 404: we asked for no such thing
    denied,     // the hub will not serve this topic; answer 200
  };
  Kind kind = Kind::unknown;
  std::string challenge{};
  Millis lease{0};
  std::string reason{};
};
// `query` is the address's query as it came. `pending` is what we asked for at
// this callback; null when nothing.
HubVerification verify_intent(std::string_view query, const HubSubscription* pending, HubMode mode);

// A lease is renewed when four fifths of it are over.
Instant renew_at(Instant granted, Millis lease);

// `header` is X-Hub-Signature: "sha1=" and hexadecimal, or sha256, sha384, sha512.
// A notification that does not fit is dropped, and still answered with 2xx.
bool fits_hub_signature(std::string_view header, std::string_view secret, std::string_view body);

// Ids of the videos that a notification says were deleted (RFC 6721, as YouTube
// sends it).
std::vector<std::string> deleted_videos(std::string_view body);

}  // namespace pw
