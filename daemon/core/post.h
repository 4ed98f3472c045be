// One publication as a connector read it, and when it can have appeared.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/core/hash.h"
#include "daemon/core/surface.h"
#include "daemon/core/time.h"

namespace pw {

struct Post {
  std::string id;  // opaque; unique within its account
  Surface surface = Surface::post;
  // The platform's own time field, whoever sets it: a claim, shown in texts only.
  std::optional<Instant> claimed_at{};
  // Set only where the platform's server stamps and the poster cannot choose;
  // true to `server_precision`, so the post appeared in [server_at, server_at + precision).
  std::optional<Instant> server_at{};
  Millis server_precision{1000};
  std::optional<Instant> edited_at{};
  std::string text{};  // plain text, UTF-8
  std::string url{};
  std::string lang{};               // BCP 47, or empty when the platform does not say
  std::string repost_of{};          // id or URL of what it repeats, when surface is repost
  std::string in_reply_to{};        // id or URL of what it answers
  std::string media{};              // "image", "video", "album", "audio", or empty
  std::vector<std::string> tags{};  // without '#'
  std::vector<std::string> links{};
  std::vector<std::string> mentions{};     // without '@'
  std::optional<bool> paid_partnership{};  // nothing: the platform does not say
  bool pinned = false;
  // Shown by `decode` alone: neither stored nor judged, hence not in the digest.
  // `text` holds the title's words too.
  std::string title{};         // plain text, where the platform has titles
  std::string author{};        // who signs it, where that is said of each post
  std::string written_link{};  // as the source wrote it where that is no web address
};

// Equal digests: nothing that a rule or a reader could see has changed.
// Counters, CDN links and the order of fields are not part of it.
Digest digest_of(const Post& post);

}  // namespace pw
