// What one leaf of the compliance log says. A leaf is one JSON object in the
// canonical form of RFC 8785, at most 60 KB; `type` names its kind. Everything a
// verdict rests on is here or is named here by digest; personal content is not.
// The format, with its reasons, is in log_format.md beside this file.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/core/finding.h"
#include "daemon/core/look.h"
#include "daemon/core/post.h"
#include "daemon/core/result.h"

namespace pw {

inline constexpr std::size_t leaf_bytes_max = 60'000;

// The campaign as it was when the daemon first started; and every change after
// (an amendment), with who and why. Objects lie in log/objects/<sha256>.json; rule
// packs, which are YAML, end so.
struct CampaignEntry {
  Instant at;
  bool amendment = false;
  std::string who{};  // amendments only
  std::string why{};
  std::string campaign;
  std::string software;  // "pledgewatch 0.1.0"
  Digest terms{};        // the object below: windows, roster, promise, closes
  Digest rules{};        // the rule packs' texts
  Digest connectors{};   // the declarations of all connectors in use
};

// The daemon's own life: a gap between stop and start is ours.
struct RunEntry {
  Instant at;
  std::string event;  // "start", "stop", "reload", "reload_refused", "pause", "resume", "end"
  std::string detail{};
};

// An account's stable id became known and is held to from now on. Only its digest
// is logged; the id stands in the roster beside the log. An account that was not
// pinned (here, or in the terms) before its window opened is never kept.
struct PinEntry {
  AccountNumber account = 0;
  Digest id{};  // sha256 of the platform's id
  Instant at;
};

struct LooksEntry {
  std::vector<Look> looks;
};

enum class PostEvent { baseline, appeared, edited, removed, restored };

struct PostEntry {
  AccountNumber account = 0;
  PostEvent event = PostEvent::appeared;
  Digest commitment{};  // sha256(salt || digest_of(post)); the salt lies with the content
  std::string post{};   // sha256 of salt || id, hex: names the post without showing it
  Surface surface = Surface::post;
  Interval appeared{};  // for removed: when it went; for restored: when it came back
};

struct FindingEntry {
  Finding finding;  // post_id is replaced by PostEntry::post; summary is not logged
  Instant at;
};

struct ReviewEntry {
  std::string finding;
  std::string reviewer;
  FindingState decision = FindingState::open;  // this reviewer's
  FindingState state = FindingState::open;     // the finding's, after it
  Digest reason{};                             // of the reason's text
  Instant at;
  std::string act{};  // empty: a decision; "note", "assign", "answer" decide nothing
};

struct DeliveryEntry {
  std::string delivery;
  std::string sink;
  std::string finding;
  int attempt = 0;
  std::string result;  // "delivered", "retry", "dead", "unknown"
  int http_status = 0;
  Instant at;
};

// Raw answers that showed a post and did not yet show it, in a file beside the log.
struct EvidenceEntry {
  AccountNumber account = 0;
  std::string post;  // as PostEntry names it
  Digest record{};   // sha256 of the WARC file
  Instant at;
};

// Somebody's content was erased, at whose word and why (digest of the reason's
// text). The log stands; what lay beside it is gone.
struct ErasureEntry {
  AccountNumber account = 0;
  std::string post;
  std::string who;
  Digest reason{};
  Instant at;
};

// How often an account had shown no post for as long as its window takes, by the first
// list that was read of it: `known`, cut into whole spans from its end, and how many of
// those had none. By the platform's own time fields, which are claims; of the posts that
// still stood. Posts on surfaces outside of the pledge do not count.
struct HabitEntry {
  AccountNumber account = 0;
  Interval known{};  // from the oldest post on the list to the list's receipt
  Millis span{0};    // the window's length
  int spans = 0;
  int silent = 0;
  Instant at;
};

using Entry = std::variant<CampaignEntry, RunEntry, PinEntry, LooksEntry, PostEntry, FindingEntry,
                           ReviewEntry, DeliveryEntry, EvidenceEntry, ErasureEntry, HabitEntry>;

// The leaf's bytes. LooksEntry may need several leaves: encode_looks splits.
std::string encode(const Entry& entry);
std::string encode(const PostEntry& entry);  // the same, without a copy of it
std::vector<std::string> encode_looks(std::span<const Look> looks);

// Refuses anything that encode would not have printed, byte for byte; an unknown
// `type` is an error too: a verdict must not rest on what is not understood.
Result<Entry> decode(std::string_view leaf);

}  // namespace pw
