#include "tests/connectors/captures.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace pw {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void add(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out += ' ';
  out += name;
  out += '=';
  for (const char c : value) out += c == '\n' ? '|' : c;
}

void add(std::string& out, std::string_view name, const std::optional<Instant>& t) {
  if (t) add(out, name, print_rfc3339(*t));
}

void add(std::string& out, std::string_view name, const std::vector<std::string>& items) {
  std::string joined;
  for (const std::string& item : items) joined += (joined.empty() ? "" : ",") + item;
  add(out, name, joined);
}

std::string print_post(const Post& post) {
  std::string out(name_of(post.surface));
  add(out, "id", post.id);
  add(out, "server_at", post.server_at);
  add(out, "claimed_at", post.claimed_at);
  add(out, "edited_at", post.edited_at);
  add(out, "url", post.url);
  add(out, "lang", post.lang);
  add(out, "repost_of", post.repost_of);
  add(out, "in_reply_to", post.in_reply_to);
  add(out, "media", post.media);
  add(out, "tags", post.tags);
  add(out, "links", post.links);
  add(out, "mentions", post.mentions);
  if (post.pinned) out += " pinned";
  add(out, "text", post.text);
  return out + '\n';
}

}  // namespace

namespace {

// Drops what the index says is no author feed, and takes the statuses from it.
void apply_index(std::vector<Capture>& captures) {
  const std::string index = read_file("tests/connectors/captures/bluesky/real_index.json");
  const auto rows = nlohmann::json::parse(index, nullptr, /*allow_exceptions=*/false);
  std::erase_if(captures, [&](Capture& capture) {
    const std::string name = capture.path.filename();
    if (!name.starts_with("real_") || !rows.is_array()) return false;
    for (const auto& row : rows) {
      if (row.at("file") != name) continue;
      capture.status = row.at("status");
      const std::string request = row.at("request");
      return request.find("app.bsky.feed.getAuthorFeed") == std::string::npos;
    }
    return true;
  });
}

}  // namespace

std::vector<Capture> all_captures() {
  std::vector<Capture> captures;
  const std::filesystem::path root = "tests/connectors/captures";
  for (const auto& file : std::filesystem::recursive_directory_iterator(root)) {
    const std::string kind = file.path().extension();
    if (kind != ".json" && kind != ".xml") continue;
    captures.push_back({.platform = file.path().parent_path().filename(),
                        .path = file.path(),
                        .body = read_file(file.path())});
  }
  std::sort(captures.begin(), captures.end(),
            [](const Capture& a, const Capture& b) { return a.path < b.path; });
  apply_index(captures);
  return captures;
}

namespace {

struct Named {
  std::string_view platform;
  std::string_view handle;
  std::string_view id;
};

// Platforms of one host, where a name and an id are all there is.
constexpr Named named_accounts[] = {
    {"youtube", "brandco", "UC_xBrandCo0123456789abcd"},
    {"tumblr", "brandco", "t:AbCdEfGhIjKlMnOpQrStUv"},
    {"x", "brandco", "1111111111111111111"},
    {"reddit", "BrandCo", "t2_abc12"},
    {"tiktok", "brandco", "brandco"},
    {"telegram", "brandco", "-1001234567890"},
};

const Named* find_named(std::string_view platform) {
  const auto* it = std::find_if(std::begin(named_accounts), std::end(named_accounts),
                                [&](const Named& row) { return row.platform == platform; });
  return it == std::end(named_accounts) ? nullptr : it;
}

}  // namespace

Account account_on(std::string_view platform) {
  Account account;
  account.platform = platform;
  if (platform == "instagram") {
    account.handle = "riverbank.bakery";
    account.id = "17841409876543210";
  } else if (platform == "facebook" || platform == "facebook_ads") {
    account.handle = account.id = "102030405060708";
  } else if (platform == "threads") {
    account.handle = account.id = "riverbank.bakery";
  } else if (platform == "mastodon") {
    account.handle = "brandco@m.example";
    account.host = "m.example";
    account.id = "109500000000000001";
  } else if (platform == "bluesky") {
    account.handle = "brandco.example.com";
    account.id = "did:plc:k3zq7yexampleacct2pledg3";
    account.home = "https://morel.us-east.host.bsky.network";
  } else if (platform == "activitypub") {
    account.handle = "brandco@m.example";
    account.host = "m.example";
    account.id = "https://m.example/users/brandco";
    account.home = "https://m.example/users/brandco/outbox?page=true";
  } else if (const auto* named = find_named(platform)) {
    account.handle = named->handle;
    account.id = named->id;
  } else {
    account.handle = account.id = "https://b.example/feed";
    account.host = "b.example";
  }
  return account;
}

HttpResponse answer(int status, std::string body,
                    std::vector<std::pair<std::string, std::string>> headers) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  response.received = *parse_rfc3339("2026-09-16T14:04:00Z");
  for (const auto& [name, value] : headers) response.headers.add(name, value);
  return response;
}

std::string print_trouble(const Trouble& trouble) {
  constexpr std::array<std::string_view, 4> scopes = {"account", "credential", "app", "host"};
  std::string out(trouble.not_modified ? "not modified" : name_of(trouble.outcome));
  out += ' ';
  out += scopes[static_cast<std::size_t>(trouble.scope)];
  if (trouble.retry_after) out += " wait " + print_duration(*trouble.retry_after);
  return out;
}

std::string print_reading(const Reading& reading) {
  if (const auto* trouble = std::get_if<Trouble>(&reading)) {
    return print_trouble(*trouble) + ": " + trouble->detail + '\n';
  }
  const Page& page = std::get<Page>(reading);
  std::string out = "page";
  add(out, "owner", page.owner_id);
  add(out, "handle", page.owner_handle);
  add(out, "next", page.next);
  out += " skipped=" + std::to_string(page.skipped) + (page.cut_off ? " cut off\n" : "\n");
  for (const Post& post : page.posts) out += print_post(post);
  return out;
}

std::string wrong_in_part(const Page& whole, const Reading& reading) {
  const Page* part = std::get_if<Page>(&reading);
  if (part == nullptr) return {};
  if (!part->cut_off) return print_reading(reading) == print_reading(whole) ? "" : "a loss unsaid";
  if (!part->next.empty()) return "a cut page that goes on";
  if (part->posts.size() > whole.posts.size()) return "more posts than in the whole answer";
  for (std::size_t i = 0; i < part->posts.size(); ++i) {
    if (digest_of(part->posts[i]) == digest_of(whole.posts[i])) continue;
    return "not a post of the whole answer: " + print_post(part->posts[i]);
  }
  return {};
}

}  // namespace pw
