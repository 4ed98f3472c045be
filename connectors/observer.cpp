#include "connectors/observer.h"

#include <nlohmann/json.hpp>

#include "connectors/post_marks.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"
#include "daemon/core/observation.h"

namespace pw {
namespace {

using nlohmann::json;

constexpr Millis story_lives = std::chrono::hours(24);
constexpr Millis live_lasts = std::chrono::hours(8);

constexpr Declaration declared{
    .name = "observer",
    .sees = {Surface::post, Surface::reel, Surface::story, Surface::live, Surface::repost,
             Surface::reply, Surface::comment, Surface::ad},
    .never_sees = {},
    .list = ListKind::ranked,
    .clock = PostClock::poster,
    .stable_id = false,
    .shows_edits = false,
    .shows_deletions = false,
    .blind_spots =
        "A person reports what they saw, never that there was nothing: observations prove no "
        "silence; each needs a second witness before it counts.",
    .source = "the campaign's own observers",
};

Error wrong(std::string_view field) {
  return {Errc::malformed, "the observation's '" + std::string(field) + "' is missing or wrong"};
}

std::string text_at(const json& object, const char* key) {
  const auto it = object.find(key);
  if (it == object.end() || !it->is_string()) return {};
  std::string text = it->get<std::string>();
  return text.size() <= observed_text_bytes_max && is_utf8(text) ? without_controls(text)
                                                                 : std::string();
}

// A file below the state folder, named by its digest: nothing that leads elsewhere.
bool is_plain_name(std::string_view name) {
  return name.find('/') == std::string_view::npos && !name.starts_with('.');
}

}  // namespace

std::string print_observed(const Observed& observed) {
  json object = {{"account", observed.account},
                 {"surface", std::string(name_of(observed.surface))},
                 {"url", observed.url},
                 {"seen", print_rfc3339(observed.seen)},
                 {"witness", observed.witness},
                 {"file", observed.file},
                 {"sha256", print_hex(observed.digest)}};
  if (observed.without) object["without"] = print_rfc3339(*observed.without);
  if (!observed.note.empty()) object["note"] = observed.note;
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Observed> parse_observed(std::string_view text) {
  const json object = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return Error{Errc::malformed, "the observation is no JSON object"};
  Observed observed;
  observed.account = text_at(object, "account");
  if (observed.account.find(':') == std::string::npos) return wrong("account");
  const auto surface = parse_surface(text_at(object, "surface"));
  if (!surface) return wrong("surface");
  observed.surface = *surface;
  observed.url = text_at(object, "url");
  if (!is_web_address(observed.url)) return wrong("url");
  const auto seen = parse_rfc3339(text_at(object, "seen"));
  if (!seen) return wrong("seen");
  observed.seen = *seen;
  if (object.contains("without")) {
    observed.without = parse_rfc3339(text_at(object, "without"));
    if (!observed.without || *observed.without > observed.seen) return wrong("without");
  }
  observed.witness = text_at(object, "witness");
  if (observed.witness.empty()) return wrong("witness");
  observed.note = text_at(object, "note");
  observed.file = text_at(object, "file");
  if (!is_plain_name(observed.file)) return wrong("file");
  const auto digest = parse_digest(text_at(object, "sha256"));
  if (!digest) return wrong("sha256");
  observed.digest = *digest;
  return observed;
}

Post post_of(const Observed& observed) {
  Post post;
  const std::string name = observed.account + '\n' + observed.url + '\n' + observed.witness;
  post.id = std::string(observed_prefix) + print_hex(sha256(name)).substr(0, 32);
  post.surface = observed.surface;
  post.url = observed.url;
  post.claimed_at = observed.seen;
  post.text = observed.note;
  read_marks(post);
  return post;
}

Interval appeared_of(const Observed& observed) {
  Instant from{};
  if (observed.surface == Surface::story) from = observed.seen - story_lives;
  if (observed.surface == Surface::live) from = observed.seen - live_lasts;
  if (observed.without) from = *observed.without;
  return {from, observed.seen};
}

const Declaration& observer_declaration() { return declared; }

}  // namespace pw
