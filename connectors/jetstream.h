// Jetstream, version 1 of its wire (`/subscribe`), as plain values: what to ask
// for, and what one message says. Pure. (jetstream README and source, read 2026-08)
//
// Nothing in it is signed, so that an event only says where to look: what stands
// is asked of the account's own server.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/core/post.h"

namespace pw {

// Accounts of one socket: the wire's own limit.
inline constexpr std::size_t jetstream_accounts_max = 10'000;

// Microseconds since 1970; what a reconnect resumes from, with a little that was
// heard already. Events may come twice (delivery is "at least once").
using JetstreamCursor = std::int64_t;
inline constexpr JetstreamCursor jetstream_rewind_us = 5'000'000;
// About what the public instances keep; an older cursor is moved up in silence.
inline constexpr JetstreamCursor jetstream_lookback_us = 36LL * 3'600 * 1'000'000;

// `base`: "wss://host[/prefix]"; its path is /subscribe. Nothing is sent before
// the filter is (requireHello); no compression is asked for.
std::string jetstream_address(std::string_view base, std::optional<JetstreamCursor> cursor);

// The filter, whole: these accounts and every collection, since a revision that
// was heard can be compared with the account's own only if none is left out.
std::string jetstream_filter(std::span<const std::string> dids);

enum class JetstreamKind {
  written,   // a post, reply or repost was created or updated
  deleted,   // ... or deleted
  revised,   // another record was written: only the revision matters
  identity,  // handle or server may have changed
  account,   // active, or not
};

struct JetstreamEvent {
  std::string did;
  JetstreamCursor at = 0;  // when Jetstream saw it
  JetstreamKind kind = JetstreamKind::revised;
  std::string rev{};           // of the commit
  std::string post_id{};       // written and deleted
  std::optional<Post> post{};  // written; nothing where the record cannot be read
  std::string handle{};        // identity, where it says
  std::string status{};        // account: empty while active
};

// Nothing for a message that is none of these and does not look like a new kind
// of them: it is counted, and nothing is concluded from it.
std::optional<JetstreamEvent> decode_jetstream(std::string_view message);

}  // namespace pw
