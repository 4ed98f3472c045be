#include "config/handle.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "config/text.h"

namespace pw {
namespace {

struct Address {
  std::string host;  // lower case, without "www." and "m."
  std::vector<std::string_view> path;
};

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) segments.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return segments;
}

// An address with a scheme, or one that starts with a host we know.
std::optional<Address> parse_address(std::string_view text) {
  constexpr std::array<std::string_view, 6> bare = {
      "www.", "m.instagram.com/", "instagram.com/", "bsky.app/", "threads.net/", "threads.com/"};
  const std::size_t scheme = text.find("://");
  const std::string lower = lower_text(text.substr(0, 32));
  const bool is_web = lower.starts_with("http://") || lower.starts_with("https://");
  const bool is_bare = std::any_of(bare.begin(), bare.end(), [&](std::string_view start) {
    return std::string_view(lower).starts_with(start);
  });
  if (!is_web && !is_bare) return std::nullopt;
  if (is_web) text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find_first_of("?#"));
  const std::size_t slash = std::min(text.find('/'), text.size());
  Address address{.host = lower_text(text.substr(0, slash)), .path = segments(text.substr(slash))};
  for (const std::string_view prefix : {"www.", "m."}) {
    if (address.host.starts_with(prefix)) address.host.erase(0, prefix.size());
  }
  return address;
}

std::string_view without_at(std::string_view name) {
  while (name.starts_with('@')) name.remove_prefix(1);
  return name;
}

std::string instagram_name(const Address& address) {
  constexpr std::array<std::string_view, 8> not_profiles = {"p",       "reel", "reels", "stories",
                                                            "explore", "tv",   "share", "accounts"};
  if (address.host != "instagram.com" || address.path.empty()) return {};
  const std::string_view first = address.path.front();
  if (std::find(not_profiles.begin(), not_profiles.end(), first) != not_profiles.end()) return {};
  // The app's own links are instagram.com/_u/name.
  if (first == "_u") return address.path.size() > 1 ? std::string(address.path[1]) : std::string();
  return std::string(without_at(first));
}

std::string bluesky_name(const Address& address) {
  if (address.host != "bsky.app") return address.path.empty() ? address.host : std::string();
  if (address.path.size() < 2 || address.path[0] != "profile") return {};
  return std::string(without_at(address.path[1]));
}

// The name, or "name@other" for an account that another server shows.
std::string mastodon_name(const Address& address) {
  std::span<const std::string_view> path(address.path);
  if (!path.empty() && path[0] == "web") path = path.subspan(1);
  std::string_view name;
  if (!path.empty() && path[0].starts_with('@')) name = without_at(path[0]);
  if (path.size() > 1 && path[0] == "users") name = path[1];
  if (name.empty()) return {};
  if (name.find('@') != std::string_view::npos) return std::string(name);
  return std::string(name) + '@' + address.host;
}

// Platforms whose connectors read the addresses of their own profiles.
constexpr std::array<std::string_view, 9> reads_addresses = {
    "feed", "facebook", "facebook_ads", "youtube", "tumblr", "x", "reddit", "tiktok", "telegram"};

std::string name_at(std::string_view platform, const Address& address) {
  if (platform == "instagram") return instagram_name(address);
  if (platform == "threads" && address.host != "threads.net" && address.host != "threads.com")
    return {};
  if (platform == "bluesky") return bluesky_name(address);
  if (platform == "mastodon") return mastodon_name(address);
  return address.path.empty() ? std::string() : std::string(without_at(address.path.front()));
}

std::string_view plain_name(std::string_view text) {
  for (const std::string_view prefix : {"acct:", "at://"}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  return without_at(text);
}

}  // namespace

std::optional<std::string> handle_from(std::string_view platform, std::string_view text,
                                       std::string& why) {
  text = trim_text(text);
  const auto refuse = [&](std::string reason) {
    why = std::move(reason);
    return std::nullopt;
  };
  if (text.size() > handle_bytes_max) return refuse("is longer than a handle can be");
  std::string name;
  const bool is_read_later =
      std::find(reads_addresses.begin(), reads_addresses.end(), platform) != reads_addresses.end();
  if (is_read_later) {
    // A Page's address may name it in the query: its connector reads that.
    const bool whole = platform == "feed" || platform.starts_with("facebook");
    name = whole ? text : without_at(text);
  } else if (const auto address = parse_address(text)) {
    name = name_at(platform, *address);
    if (name.empty()) return refuse("is not the address of a profile on " + std::string(platform));
  } else {
    name = trim_text(plain_name(text));
  }
  if (name.empty()) return refuse("is empty");
  if (has_controls(name) || name.find(' ') != std::string::npos)
    return refuse("has white space or control characters in it");
  return name;
}

}  // namespace pw
