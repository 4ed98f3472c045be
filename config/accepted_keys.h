// Every key that a campaign file may have, by section. The loader reads no
// other, and campaign.schema.json lists the same.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace pw {

namespace keys {
inline constexpr std::array<std::string_view, 14> file = {
    "campaign", "roster", "rules", "connectors",  "sinks",     "review",     "web",
    "store",    "log",    "http",  "concurrency", "heartbeat", "allow_exec", "canaries"};
inline constexpr std::array<std::string_view, 11> campaign = {
    "name",    "window", "windows",     "default_zone", "grace",    "surfaces",
    "gap_max", "sweep",  "sweep_again", "closes",       "statement"};
inline constexpr std::array<std::string_view, 3> window = {"start", "end", "zone"};
inline constexpr std::array<std::string_view, 2> statement = {"allowed", "matches"};
inline constexpr std::array<std::string_view, 18> connector = {
    "base",        "api_version", "allow_hosts", "allow_ports", "interval", "interval_floor",
    "host_budget", "pages_max",   "credentials", "lag",         "stream",   "attest",
    "definition",  "stream_url",  "home",        "directory",   "callback", "hub"};
inline constexpr std::array<std::string_view, 8> credential = {
    "label", "app", "user_id", "token", "budget", "app_secret", "account", "expires"};
inline constexpr std::array<std::string_view, 2> secret = {"credential", "file"};
inline constexpr std::array<std::string_view, 19> sink = {
    "name",  "type",   "url",     "secret",    "when",      "allow_hosts", "allow_ports",
    "group", "public", "to",      "format",    "operators", "repeat",      "flood",
    "from",  "user",   "command", "summaries", "timeout"};
inline constexpr std::array<std::string_view, 3> group = {"by", "wait", "interval"};
inline constexpr std::array<std::string_view, 4> heartbeat = {"url", "every", "allow_hosts",
                                                              "allow_ports"};
inline constexpr std::array<std::string_view, 3> review = {"publish_needs", "reviewers", "amnesty"};
inline constexpr std::array<std::string_view, 4> reviewer = {"name", "token", "uid", "role"};
inline constexpr std::array<std::string_view, 5> web = {"listen", "socket", "tls", "hosts",
                                                        "anonymous"};
inline constexpr std::array<std::string_view, 2> tls = {"cert", "key"};
inline constexpr std::array<std::string_view, 6> log = {"dir",    "origin",           "key",
                                                        "signer", "checkpoint_every", "stamp"};
inline constexpr std::array<std::string_view, 4> stamp = {"url", "every", "allow_hosts",
                                                          "allow_ports"};
inline constexpr std::array<std::string_view, 2> canary = {"account", "every"};
inline constexpr std::array<std::string_view, 4> http = {"contact", "deadline",
                                                         "connections_per_host", "ca_file"};
}  // namespace keys

// A section is named by its path: "*" is a key of the operator's own, "[]" an
// element of a list.
struct KeySection {
  std::string_view path;
  std::span<const std::string_view> keys;
};

inline constexpr std::array<KeySection, 25> accepted_keys = {{
    {"", keys::file},
    {"campaign", keys::campaign},
    {"campaign.window", keys::window},
    {"campaign.windows[]", keys::window},
    {"campaign.statement", keys::statement},
    {"connectors.*", keys::connector},
    {"connectors.*.credentials[]", keys::credential},
    {"connectors.*.credentials[].token", keys::secret},
    {"connectors.*.credentials[].app_secret", keys::secret},
    {"sinks[]", keys::sink},
    {"sinks[].url", keys::secret},
    {"sinks[].secret", keys::secret},
    {"sinks[].group", keys::group},
    {"heartbeat", keys::heartbeat},
    {"heartbeat.url", keys::secret},
    {"review", keys::review},
    {"review.reviewers[]", keys::reviewer},
    {"review.reviewers[].token", keys::secret},
    {"web", keys::web},
    {"web.tls", keys::tls},
    {"log", keys::log},
    {"log.stamp", keys::stamp},
    {"log.stamp.url", keys::secret},
    {"canaries[]", keys::canary},
    {"http", keys::http},
}};

}  // namespace pw
