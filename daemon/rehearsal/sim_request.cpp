#include "daemon/rehearsal/sim_request.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <boost/url.hpp>

namespace pw {
namespace {

namespace urls = boost::urls;

constexpr std::size_t url_bytes_max = 16 * 1024;

// Hosts that serve one platform alone.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> api_hosts = {
    {{"api.x.com", "x"},
     {"api.twitter.com", "x"},
     {"www.googleapis.com", "youtube"},
     {"www.youtube.com", "youtube"},
     {"oauth.reddit.com", "reddit"},
     {"open.tiktokapis.com", "tiktok"},
     {"api.tumblr.com", "tumblr"},
     {"api.telegram.org", "telegram"}}};

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

// Cuts "/first" from a path that begins with it; false when it does not.
bool take_part(std::string_view& path, std::string_view first) {
  if (!path.starts_with(first)) return false;
  const std::string_view rest = path.substr(first.size());
  if (!rest.empty() && rest.front() != '/') return false;
  path = rest;
  return true;
}

bool by_prefix(SimRequest& request, const std::string& origin, std::string_view path) {
  for (const std::string_view platform :
       {"instagram", "bluesky", "feed", "mastodon", "facebook_ads", "facebook", "threads",
        "youtube", "x", "reddit", "tiktok", "tumblr", "telegram"}) {
    std::string_view rest = path;
    const std::string prefix = '/' + std::string(platform);
    if (!take_part(rest, prefix)) continue;
    request.platform = platform;
    request.base = origin + prefix;
    if (platform == "mastodon") {
      const std::size_t end = rest.find('/', 1);
      if (rest.empty() || end == std::string_view::npos) return false;
      request.host = rest.substr(1, end - 1);
      request.base += '/' + request.host;
      rest = rest.substr(end);
    }
    request.path = rest;
    if (platform == "feed" && !rest.empty()) request.path = rest.substr(1);
    return true;
  }
  return false;
}

// One host serves three: "/v25.0/ads_archive", "/v25.0/PAGE/posts", "/v25.0/PAGE" and
// the rest.
std::string meta_platform(const Population& population, std::string_view path) {
  const std::vector<std::string_view> parts = split_path(path);
  if (parts.size() == 2 && parts[1] == "ads_archive") return "facebook_ads";
  const bool is_page = parts.size() == 2 && (find_by_id(population, "facebook", "", parts[1]) ||
                                             find_by_name(population, "facebook", "", parts[1]));
  if (is_page) return "facebook";
  const bool is_edge = parts.size() == 3 || (parts.size() == 2 && parts[1] == "posts");
  return is_edge ? "facebook" : "instagram";
}

bool is_home(const Population& population, std::string_view host) {
  return std::any_of(population.accounts.begin(), population.accounts.end(),
                     [&](const SimAccount& account) {
                       return account.platform == "mastodon" && account.host == host;
                     });
}

bool by_host(SimRequest& request, const Population& population, const std::string& origin,
             std::string_view host, std::string_view path) {
  request.base = origin;
  request.path = path;
  if (host == "graph.facebook.com") request.platform = meta_platform(population, path);
  if (host == "graph.instagram.com") request.platform = "instagram";
  if (host == "graph.threads.net" || host == "graph.threads.com") request.platform = "threads";
  if (host == "public.api.bsky.app" || host == "api.bsky.app" || host == "plc.directory" ||
      host.ends_with(".host.bsky.network")) {
    request.platform = "bluesky";
  }
  for (const auto& [its_host, platform] : api_hosts) {
    if (host == its_host) request.platform = platform;
  }
  if (!request.platform.empty()) return true;
  if (path.starts_with("/api/") && is_home(population, host)) {
    request.platform = "mastodon";
    request.host = host;
    return true;
  }
  const std::string address = origin + std::string(path);
  const SimAccount* site = find_by_name(population, "feed", "", address);
  if (site == nullptr || site->name != address) return false;
  request.platform = "feed";
  request.path = site->name;
  return true;
}

// Mastodon's clients write id[]=1, as its own documents do, and every server reads
// it; RFC 3986 has it encoded.
std::string with_brackets_encoded(const std::string& url) {
  std::string encoded;
  const std::size_t query = std::min(url.find('?'), url.size());
  for (std::size_t i = 0; i < url.size(); ++i) {
    const bool bracket = i > query && (url[i] == '[' || url[i] == ']');
    if (bracket)
      encoded += url[i] == '[' ? "%5B" : "%5D";
    else
      encoded += url[i];
  }
  return encoded;
}

void read_token(SimRequest& request) {
  constexpr std::string_view bearer = "Bearer ";
  const auto field = request.header("authorization");
  if (field && field->starts_with(bearer)) request.token = field->substr(bearer.size());
  if (const auto key = request.header("x-goog-api-key")) request.token = *key;
  for (const char* name : {"access_token", "api_key", "key"}) {
    if (const auto given = request.parameter(name)) request.token = *given;
  }
  const std::size_t method = request.path.find('/', 1);
  if (request.platform != "telegram" || !request.path.starts_with("/bot")) return;
  request.token = request.path.substr(4, method == std::string::npos ? method : method - 4);
  request.path.erase(0, std::min(method, request.path.size()));
}

}  // namespace

std::optional<std::string_view> SimRequest::parameter(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> SimRequest::header(std::string_view name) const {
  if (http == nullptr) return std::nullopt;
  for (const HttpHeader& field : http->headers) {
    if (same_word(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::optional<SimRequest> read_request(const Population& population, const HttpRequest& request) {
  if (request.url.size() > url_bytes_max) return std::nullopt;
  const std::string address = with_brackets_encoded(request.url);
  const auto url = urls::parse_uri(address);
  if (!url || !url->has_authority()) return std::nullopt;
  SimRequest read{.platform = {}, .http = &request};
  const std::string origin =
      std::string(url->scheme()) + "://" + std::string(url->encoded_host_and_port());
  const std::string path = url->path();
  if (!by_host(read, population, origin, url->host(), path) && !by_prefix(read, origin, path)) {
    return std::nullopt;
  }
  for (const auto parameter : url->params()) {
    read.query.emplace_back(parameter.key, parameter.value);
  }
  read_token(read);
  return read;
}

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    path.remove_prefix(path.front() == '/' ? 1 : 0);
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) parts.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return parts;
}

int number_or(std::optional<std::string_view> text, int otherwise, int least, int most) {
  if (!text) return otherwise;
  int value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return otherwise;
  return std::clamp(value, least, most);
}

}  // namespace pw
