// The daemon's own settings: where it keeps things, how it speaks HTTP.
#include <algorithm>
#include <filesystem>

#include "config/accepted_keys.h"
#include "config/load_sections.h"
#include "config/text.h"

namespace pw {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t path_bytes_max = 4'096;
constexpr std::size_t hosts_max = 1'000;

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

// A log's origin is a line of a signed note: neither white space nor a plus
// sign may stand in it (C2SP signed-note, "Format").
bool is_origin(std::string_view text) {
  return is_visible_ascii(text) && text.find('+') == std::string_view::npos;
}

std::string default_origin(std::string_view campaign) {
  std::string origin = "pledgewatch/";
  for (const char c : campaign) origin += is_origin({&c, 1}) ? c : '-';
  return origin;
}

// The User-Agent carries it in a comment, which a parenthesis would end.
bool is_contact(std::string_view text) {
  if (!is_visible_ascii(text) || text.find_first_of("()\\\"<>") != std::string_view::npos)
    return false;
  if (is_http_address(text)) return true;
  if (text.starts_with("mailto:")) text.remove_prefix(7);
  const std::size_t at = text.find('@');
  const std::size_t point = text.find('.', at == std::string_view::npos ? 0 : at);
  return at != std::string_view::npos && at > 0 &&
         text.find('@', at + 1) == std::string_view::npos &&
         text.find_first_of("/:") == std::string_view::npos && point != std::string_view::npos &&
         point > at + 1 && point + 1 < text.size();
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 253 && is_visible_ascii(text) &&
         text.find_first_of("/@?#*\\") == std::string_view::npos;
}

}  // namespace

bool is_http_address(std::string_view text) {
  const std::string lower = lower_text(text.substr(0, 8));
  const std::size_t scheme = lower.starts_with("https://")  ? 8
                             : lower.starts_with("http://") ? 7
                                                            : 0;
  if (scheme == 0 || !is_visible_ascii(text)) return false;
  const std::string_view host = text.substr(scheme, text.find_first_of("/?#", scheme) - scheme);
  return !host.empty() && !host.starts_with(':') && host.find('@') == std::string_view::npos;
}

std::optional<std::string> load_path(const YamlField& field, const LoadContext& context) {
  const std::optional<std::string> text = field.text(path_bytes_max);
  if (!text) return std::nullopt;
  const std::filesystem::path path(*text);
  if (path.is_absolute()) return path.lexically_normal().string();
  return (std::filesystem::path(context.directory) / path).lexically_normal().string();
}

void load_allowance(const YamlMap& map, Allowance& allowance) {
  const std::vector<YamlField> hosts = map.field("allow_hosts").items(/*one_is_list=*/true);
  if (hosts.size() > hosts_max) map.field("allow_hosts").error("too many hosts");
  for (const YamlField& item : hosts) {
    const std::optional<std::string> host = item.text();
    if (!host) continue;
    if (is_host(*host)) {
      allowance.hosts.push_back(lower_text(*host));
    } else {
      item.error("expected a host name or a numeric address, got " + in_quotes(*host));
    }
  }
  for (const YamlField& item : map.field("allow_ports").items(/*one_is_list=*/true)) {
    if (const auto port = item.number(1, 65'535))
      allowance.ports.push_back(static_cast<std::uint16_t>(*port));
  }
}

void load_store(const YamlField& field, const LoadContext& context, Config& config) {
  const std::string* text = field.is_text() ? &field.words() : nullptr;
  if (text != nullptr && (text->starts_with("postgresql:") || text->starts_with("postgres:"))) {
    // The address may hold a password, so it is not repeated.
    field.error("PostgreSQL is not in this version; name a folder for SQLite");
    return;
  }
  if (text != nullptr && text->find("://") != std::string::npos) {
    field.error("expected a folder, got an address");
    return;
  }
  take(config.state_dir, load_path(field, context));
  while (config.state_dir.size() > 1 && config.state_dir.ends_with('/'))
    config.state_dir.pop_back();
}

void load_log(const YamlField& field, const LoadContext& context, Config& config) {
  config.log_dir = config.state_dir + "/log";
  config.log.key_file = config.state_dir + "/log.key";
  config.log.origin = default_origin(config.campaign.name);
  const auto map = field.map(keys::log, /*nothing_is_map=*/true);
  if (!map) return;
  take(config.log_dir, load_path(map->field("dir"), context));
  take(config.log.key_file, load_path(map->field("key"), context));
  take(config.log.signer, load_path(map->field("signer"), context));
  if (!config.log.signer.empty() && map->field("key").is_present())
    map->field("key").error("the key is the signer's: give one of 'key' and 'signer'");
  const YamlField origin = map->field("origin");
  take(config.log.origin, origin.text(/*bytes_max=*/200));
  if (!is_origin(config.log.origin))
    origin.error("must be visible ASCII without '+', such as example.org/freeze-2020");
  take(config.log.checkpoint_every, map->field("checkpoint_every").duration(seconds(1), hours(24)));
  load_stamp(map->field("stamp"), context, config.log);
}

void load_http(const YamlField& field, const LoadContext& context, HttpConfig& http) {
  const auto map = field.map(keys::http, /*nothing_is_map=*/true);
  if (!map) return;
  const YamlField contact = map->field("contact");
  if (const std::optional<std::string> text = contact.text(/*bytes_max=*/200)) {
    if (!is_contact(*text))
      contact.error("expected a web or mail address for the User-Agent, got " + in_quotes(*text));
    http.contact = *text;
  }
  take(http.deadline, map->field("deadline").duration(seconds(1), minutes(10)));
  take(http.connections_per_host, map->field("connections_per_host").number(1, 64));
  take(http.ca_file, load_path(map->field("ca_file"), context));
}

}  // namespace pw
