// What a sink is told, and where a sink is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/finding.h"
#include "daemon/core/http.h"
#include "daemon/core/surface.h"
#include "daemon/core/time.h"

namespace pw {

// One finding with what people need beside it. Nothing here has to be valid
// UTF-8 or short: whoever words a message cuts and repairs.
struct Message {
  Finding finding;
  std::string campaign;
  std::string actor;
  std::string account;  // print_account: "instagram:riverbank.bakery"
  std::string platform;
  Surface surface = Surface::post;
  std::string post_url{};
  std::string post_text{};
  std::optional<Instant> claimed_at{};       // the platform's own time field
  std::optional<std::uint64_t> log_index{};  // of the finding's leaf, where it is known
};

enum class SinkType {
  webhook,
  slack,
  discord,
  teams,
  mattermost,
  telegram,
  ntfy,
  matrix,
  pagerduty,
  alertmanager,
  email,
  exec,
};
inline constexpr std::array<std::string_view, 12> sink_type_names = {
    "webhook", "slack",  "discord",   "teams",        "mattermost", "telegram",
    "ntfy",    "matrix", "pagerduty", "alertmanager", "email",      "exec"};

// Programs read the frozen JSON of webhook_body.h; the others are worded for people
// from a notice.
constexpr bool reads_json(SinkType type) {
  return type == SinkType::webhook || type == SinkType::exec;
}

struct SinkTarget {
  std::string name;
  std::string url;  // a secret: never logged
  // whsec_ or whsk_, several while one is replaced; a service's token or key.
  std::vector<std::string> secrets;
  Allowance allowance{};
  Millis timeout{20'000};  // of one attempt (Standard Webhooks: 15 to 30 s)
  SinkType type = SinkType::webhook;
  std::vector<std::string> to{};  // Telegram's chat, Matrix's room, mail's readers
  std::string from{};             // mail: "Name <address>" or an address
  std::string cloud_source{};     // webhooks as CloudEvents of this source; empty: plain
};

}  // namespace pw
