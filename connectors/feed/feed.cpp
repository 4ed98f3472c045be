#include "connectors/feed/feed.h"

#include <algorithm>
#include <boost/url.hpp>
#include <unordered_map>

#include "connectors/http_status.h"
#include "connectors/page_limit.h"
#include "connectors/plain_text.h"
#include "connectors/rate_limit.h"
#include "connectors/text_form.h"
#include "connectors/text_marks.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

// Only the newest entries are served, how many is the site's choice.
constexpr Declaration declared{
    .name = "feed",
    .sees = {Surface::post},
    .never_sees = {Surface::story, Surface::live, Surface::comment},
    .list = ListKind::capped,
    .clock = PostClock::site,
    .clock_precision = Millis{1000},
    // Sites build their feeds when they like; assumed, since nothing is documented.
    .lag = std::chrono::minutes(5),
    .stable_id = true,
    .shows_edits = true,
    .shows_deletions = false,
    .shows_pins = false,
    .shows_backdating = false,
    .needs_credential = false,
    .page_size = 20,
    .cost = 1,
    .interval_floor = std::chrono::seconds(60),
    .blind_spots =
        "Only a site's newest entries are listed, so a burst can push some out between "
        "looks, a missing one may be deleted or scrolled off, and one dated back below "
        "the others never shows; every time is the site's own.",
    .source = "RSS 0.9x to 2.0, RFC 4287, JSON Feed 1.1; readers' sources, read 2026-08",
};

constexpr std::size_t id_bytes_max = 1024;

std::string digest_of_text(std::string_view text) {
  return "sha256:" + print_hex(sha256(text)).substr(0, 32);
}

// Ids are opaque, but not endless, and have no controls.
std::string kept_id(std::string id) {
  if (id.size() <= id_bytes_max) return without_controls(std::move(id));
  std::string clean = without_controls(std::string_view(id));
  return clean.size() > id_bytes_max ? digest_of_text(id) : clean;
}

std::string digest_of_entry(const feed::ParsedEntry& entry) {
  std::string words = entry.title.value_or("") + '\n' + entry.body;
  if (trimmed(words).empty() && entry.published) words = print_rfc3339(entry.published->at);
  return digest_of_text(words);
}

void read_text(feed::ParsedEntry& entry, Post& post) {
  post.text = readable(post.title);
  PlainText body;
  if (entry.body_is_html) {
    body = plain_text(entry.body);
  } else {
    body.text = clean_text(entry.body);
    body.links = links_in(body.text);
    body.tags = hashtags_in(body.text);
  }
  if (!body.text.empty() && body.text != post.text) {
    if (!post.text.empty()) post.text += '\n';
    post.text += body.text;
  }
  post.links = std::move(body.links);
  post.tags = std::move(entry.tags);
  for (std::string& tag : body.tags) add_mark(post.tags, std::move(tag));
  post.mentions = std::move(body.mentions);
}

std::string_view view_of(const std::optional<std::string>& text) {
  return text ? std::string_view(*text) : std::string_view{};
}

// How many entries carry each id, where their links differ.
struct IdCount {
  std::string_view mark;  // of the first
  int entries = 1;
};
using IdCounts = std::unordered_map<std::string_view, IdCount>;

IdCounts count_ids(const feed::ParsedFeed& feed) {
  IdCounts counts;
  counts.reserve(feed.entries.size());
  for (const feed::ParsedEntry& entry : feed.entries) {
    if (!entry.complete || !entry.id || entry.id->empty()) continue;
    const std::string_view mark = view_of(entry.link ? entry.link : entry.title);
    const auto [it, is_new] = counts.try_emplace(*entry.id, IdCount{mark});
    if (!is_new && it->second.mark != mark) ++it->second.entries;
  }
  return counts;
}

std::string origin_of(const boost::urls::url_view& url) {
  std::string port(url.port());
  const bool usual = port.empty() || (url.scheme() == "https" && port == "443") ||
                     (url.scheme() == "http" && port == "80");
  return lower_ascii(url.scheme()) + "://" + lower_ascii(url.encoded_host()) +
         (usual ? "" : ':' + port);
}

std::string target_of(const boost::urls::url_view& url) {
  std::string path(url.encoded_path());
  if (path.empty()) path = "/";
  if (url.has_query()) path += '?' + std::string(url.encoded_query());
  return path;
}

// The next page's path and query, when it is at the feed's own origin: an
// answer must not send us elsewhere.
std::string cursor_to(std::string_view next, std::string_view home) {
  if (!is_web_address(next)) return {};
  const auto to = boost::urls::parse_uri(next);
  const auto from = boost::urls::parse_uri(home);
  if (!to || !from || origin_of(*to) != origin_of(*from)) return {};
  return target_of(*to);
}

bool is_target(std::string_view text) {
  return text.starts_with('/') && !text.starts_with("//") && text.size() <= 2048 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

// Where the answer came from, for what is relative in it.
std::string base_of(const Query& query, const HttpResponse& response) {
  const std::string home =
      is_web_address(response.final_url) ? response.final_url : query.account.handle;
  const auto location = response.headers.find("content-location");
  return location && is_web_address(*location) ? std::string(*location) : home;
}

// Whether an id is one entry's by its form: an address of more than a host, or
// another name with a scheme.
bool names_one_entry(const std::string& id) {
  const auto url = boost::urls::parse_uri(id);
  return url && (!is_web_address(id) || target_of(*url) != "/");
}

// Whether another entry, be it cut off itself, shows that the feed gives each an id
// of its own.
bool has_other_id(const feed::ParsedFeed& feed, const std::string& id) {
  return std::any_of(feed.entries.begin(), feed.entries.end(), [&](const auto& entry) {
    return entry.id && !entry.id->empty() && !id.starts_with(*entry.id);
  });
}

// Whether the entry is the post that it would be in the whole document. One that the
// document's end cut off may have lost a part of its id, link or text. And where all
// entries share one id, the first alone does not show it.
bool is_certain(const feed::ParsedEntry& entry, const feed::ParsedFeed& feed, bool id_is_shared) {
  if (!entry.complete) return false;
  if (!feed.cut_off || id_is_shared || !entry.id || entry.id->empty()) return true;
  return names_one_entry(*entry.id) || has_other_id(feed, *entry.id);
}

// What an entry is beside the others.
struct Standing {
  bool is_certain = true;
  bool id_is_shared = false;
};

std::vector<Standing> standings_in(const feed::ParsedFeed& feed) {
  const IdCounts counts = count_ids(feed);
  std::vector<Standing> standings;
  standings.reserve(feed.entries.size());
  for (const feed::ParsedEntry& entry : feed.entries) {
    const auto count = counts.find(view_of(entry.id));
    const bool id_is_shared = count != counts.end() && count->second.entries > 1;
    standings.push_back({is_certain(entry, feed, id_is_shared), id_is_shared});
  }
  return standings;
}

Page page_of_feed(feed::ParsedFeed feed, const Query& query) {
  Page page;
  page.skipped = feed.skipped;
  page.cut_off = feed.cut_off;
  const std::vector<Standing> standings = standings_in(feed);
  page.posts.reserve(feed.entries.size());
  for (std::size_t i = 0; i < standings.size(); ++i) {
    if (standings[i].is_certain) {
      page.posts.push_back(post_of_entry(std::move(feed.entries[i]), standings[i].id_is_shared));
    } else {
      ++page.skipped;
    }
  }
  const std::string cursor = cursor_to(feed.next, query.account.handle);
  if (is_target(cursor) && !feed.cut_off) page.next = cursor;
  return page;
}

}  // namespace

Post post_of_entry(feed::ParsedEntry entry, bool id_is_shared) {
  Post post;
  const bool has_id = entry.id && !entry.id->empty();
  const bool has_link = entry.link && !entry.link->empty();
  if (has_id && id_is_shared) {
    post.id = kept_id(*entry.id + ' ' + (has_link ? *entry.link : digest_of_entry(entry)));
  } else if (has_id || has_link) {
    post.id = kept_id(has_id ? *std::move(entry.id) : *entry.link);
  }
  if (post.id.empty()) post.id = digest_of_entry(entry);
  if (has_link && is_web_address(*entry.link)) {
    post.url = *std::move(entry.link);
  } else if (has_link) {
    post.written_link = without_controls(*entry.link).substr(0, id_bytes_max);
  }
  if (entry.published) post.claimed_at = entry.published->at;
  if (entry.updated && (!entry.published || entry.updated->at != entry.published->at)) {
    post.edited_at = entry.updated->at;
  }
  post.title = without_controls(std::move(entry.title).value_or(""));
  post.author = without_controls(std::move(entry.author).value_or(""));
  post.lang = std::move(entry.lang);
  post.media = std::move(entry.media);
  read_text(entry, post);
  return post;
}

Feed::Feed(ConnectorSettings settings) : settings_(std::move(settings)), declaration_(declared) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> Feed::normalise(Account account, std::string& why) const {
  std::string text(trimmed(account.handle));
  if (text.starts_with("feed://")) text.replace(0, 4, "http");
  if (text.starts_with("feed:http")) text.erase(0, 5);
  const auto url = boost::urls::parse_uri(text);
  if (!url || !is_web_address(text)) {
    why = "a feed is named by its address, as in https://example.org/feed.xml";
    return std::nullopt;
  }
  if (url->has_userinfo()) {
    why = "a feed's address must not carry a user name or password";
    return std::nullopt;
  }
  account.host = lower_ascii(url->encoded_host());
  if (account.host.empty()) {
    why = "a feed's address needs a host";
    return std::nullopt;
  }
  account.handle = origin_of(*url) + target_of(*url);
  account.id = account.handle;
  return account;
}

std::variant<Identity, Trouble> Feed::decode_identity(const Query& query,
                                                      const HttpResponse&) const {
  return Identity{
      .id = query.account.handle, .handle = query.account.handle, .url = query.account.handle};
}

HttpRequest Feed::request(const Query& query) const {
  const auto home = boost::urls::parse_uri(query.account.handle);
  std::string origin = home ? origin_of(*home) : "https://" + query.account.host;
  origin = base_address(settings_.base, origin, query.account.host);
  const std::string target = home ? target_of(*home) : "/";
  HttpRequest request{.url =
                          origin + (is_target(query.cursor) ? std::string(query.cursor) : target)};
  request.headers.push_back(
      {"Accept",
       "application/atom+xml, application/rss+xml, application/feed+json, "
       "application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"});
  request.allowance = &settings_.allowance;
  return request;
}

Reading Feed::decode(const Query& query, const HttpResponse& response) const {
  if (auto trouble = trouble_of_status(response, authority_of(query))) return *std::move(trouble);
  if (is_html(response)) return trouble_of_body(response, "a feed");
  const std::string_view type = response.headers.find("content-type").value_or("");
  feed::ParsedFeed feed = feed::parse(response.body, type, base_of(query, response));
  if (feed.version.empty()) return trouble_of_body(response, "a feed");
  return checked_page(page_of_feed(std::move(feed), query), query);
}

Headroom Feed::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
