#include "connectors/jetstream.h"

#include <nlohmann/json.hpp>

#include "connectors/bluesky.h"
#include "connectors/bluesky_post.h"

namespace pw {
namespace {

constexpr std::string_view post_collection = "app.bsky.feed.post";
constexpr std::string_view repost_collection = "app.bsky.feed.repost";

// Sequence numbers are accepted in the cursor's place below this: never send one
// by mistake.
constexpr JetstreamCursor micros_min = 1'000'000'000'000'000;

bool is_watched(std::string_view collection) {
  return collection == post_collection || collection == repost_collection;
}

std::optional<JetstreamEvent> read_commit(JsonObject commit, JetstreamEvent event) {
  const auto rev = json_id(commit, "rev");
  const auto operation = json_text(commit, "operation");
  const auto collection = json_id(commit, "collection");
  const auto key = json_id(commit, "rkey");
  if (!rev || !operation || !collection || !key) return std::nullopt;
  event.rev = *rev;
  if (!is_watched(*collection)) return event;
  event.post_id = "at://" + event.did + '/' + *collection + '/' + *key;
  if (*operation == "delete") {
    event.kind = JetstreamKind::deleted;
    return event;
  }
  // An operation of another name wrote something too.
  event.kind = JetstreamKind::written;
  if (const auto record = json_object(commit, "record")) {
    event.post = decode_record(event.did, event.post_id, *record);
  }
  return event;
}

std::optional<JetstreamEvent> read_identity(JsonObject body, JetstreamEvent event) {
  event.kind = JetstreamKind::identity;
  event.handle = json_id(body, "handle").value_or("");
  return event;
}

std::optional<JetstreamEvent> read_account(JsonObject body, JetstreamEvent event) {
  event.kind = JetstreamKind::account;
  if (!json_flag(body, "active").value_or(true)) {
    event.status = json_id(body, "status").value_or("inactive");
  }
  return event;
}

}  // namespace

std::string jetstream_address(std::string_view base, std::optional<JetstreamCursor> cursor) {
  while (base.ends_with('/')) base.remove_suffix(1);
  std::string address = std::string(base) + "/subscribe?requireHello=true";
  if (cursor && *cursor >= micros_min) address += "&cursor=" + std::to_string(*cursor);
  return address;
}

std::string jetstream_filter(std::span<const std::string> dids) {
  nlohmann::json payload{{"wantedDids", dids.first(std::min(dids.size(), jetstream_accounts_max))}};
  return nlohmann::json{{"type", "options_update"}, {"payload", std::move(payload)}}.dump();
}

std::optional<JetstreamEvent> decode_jetstream(std::string_view message) {
  const auto root = parse_json(message);
  JsonObject body;
  if (!root || root->get(body)) return std::nullopt;
  const auto did = json_id(body, "did");
  const auto at = json_integer(body, "time_us");
  const auto kind = json_text(body, "kind");
  if (!did || !is_did(*did) || !at || *at < micros_min || !kind) return std::nullopt;
  JetstreamEvent event{.did = *did, .at = *at};
  const auto part = json_object(body, *kind);
  if (*kind == "commit") return part ? read_commit(*part, std::move(event)) : std::nullopt;
  if (*kind == "identity") {
    return part ? read_identity(*part, std::move(event)) : std::nullopt;
  }
  if (*kind == "account") return part ? read_account(*part, std::move(event)) : std::nullopt;
  return std::nullopt;
}

}  // namespace pw
