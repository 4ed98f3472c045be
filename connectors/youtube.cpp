#include "connectors/youtube.h"

#include <algorithm>
#include <map>

#include "connectors/feed/feed.h"
#include "connectors/http_status.h"
#include "connectors/page_limit.h"
#include "connectors/rate_limit.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"
#include "connectors/youtube_error.h"
#include "connectors/youtube_item.h"

namespace pw {
namespace {

constexpr Declaration declared{
    .name = "youtube",
    .sees = {Surface::post, Surface::reel},
    .never_sees = {Surface::story, Surface::comment},
    // Sorted by a time that an unlisted upload keeps when it becomes public.
    .list = ListKind::claimed_order,
    .clock = PostClock::poster,
    .clock_precision = Millis{1000},
    // The feed is cached for a quarter of an hour; of the interface nothing is
    // documented, and it is taken to be no slower.
    .lag = std::chrono::minutes(15),
    .stable_id = true,
    .shows_edits = true,
    .shows_deletions = true,
    .shows_pins = true,
    .shows_backdating = false,
    .dates_uploads = true,
    .needs_credential = false,
    .page_size = 50,
    .cost = 1,
    .batch_size = 50,
    .probe = ProbeProves::change,
    .push = Push::websub,
    .interval_floor = std::chrono::seconds(60),
    .host_requests_max = 0,
    .host_window = Millis{0},
    .blind_spots =
        "Community posts are in no interface; a broadcast shows as its recording, if one "
        "is kept; the interface does not tell Shorts and recordings from other uploads; an "
        "unlisted video that becomes public keeps its old time, and is for people to decide; "
        "without a key only the 15 newest are listed, up to 15 minutes late.",
    .source = "YouTube Data API v3 documentation; channel feeds as observed; read 2026-08",
};

constexpr std::string_view channel_prefix = "UC";
constexpr int feed_size = 15;

bool is_id_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// Handles have letters of any script, digits, '_', '-', '.' and the middle dot.
bool is_handle(std::string_view name) {
  if (name.size() < 3 || name.size() > 120 || !is_utf8(name)) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || is_id_character(c) || c == '.';
  });
}

// "https://www.youtube.com/@name", ".../channel/UC...", each with more behind it.
std::string name_in(std::string_view text) {
  if (!is_web_address(text)) return std::string(text);
  text.remove_prefix(text.find("://") + 3);
  const std::size_t slash = text.find('/');
  const std::string host = lower_ascii(text.substr(0, slash));
  if (!(host == "youtube.com" || host.ends_with(".youtube.com")) || slash == std::string_view::npos)
    return {};
  text.remove_prefix(slash + 1);
  text = text.substr(0, text.find_first_of("?#"));
  if (text.starts_with("channel/"))
    text.remove_prefix(8);
  else if (!text.starts_with('@'))
    return {};
  return std::string(text.substr(0, text.find('/')));
}

bool is_feed(const HttpResponse& response) {
  return trimmed(std::string_view(response.body).substr(0, 256)).starts_with('<');
}

// The feed names its channel without "UC" today, and with it in older samples.
std::string channel_of_feed(std::string_view body) {
  constexpr std::string_view open = "<yt:channelId>";
  const std::size_t start = body.find(open);
  if (start == std::string_view::npos) return {};
  body.remove_prefix(start + open.size());
  const std::string_view name = trimmed(body.substr(0, body.find('<')));
  std::string id(is_channel_id(name) ? "" : channel_prefix);
  id += name;
  return is_channel_id(id) ? id : std::string();
}

// Nothing where the entry names no video.
std::optional<Post> post_of_video(feed::ParsedEntry entry) {
  constexpr std::string_view prefix = "yt:video:";
  if (!entry.complete || !entry.id || entry.id->empty()) return std::nullopt;
  Post post = post_of_entry(std::move(entry), /*id_is_shared=*/false);
  if (post.id.starts_with(prefix)) post.id.erase(0, prefix.size());
  if (trimmed(post.id).empty()) return std::nullopt;
  if (post.url.find("/shorts/") != std::string::npos) post.surface = Surface::reel;
  post.media = "video";
  return post;
}

// Neither 404 nor 500 says anything about the channel here.
std::optional<Trouble> trouble_of_feed(const Query& query, const HttpResponse& response) {
  auto trouble = trouble_of_status(response, authority_of(query));
  if (!trouble || trouble->not_modified) return trouble;
  if (response.status == 404 || response.status == 410 || response.status == 500) {
    trouble->outcome = Outcome::unreachable;
    trouble->scope = Scope::account;
    trouble->detail = "HTTP " + std::to_string(response.status) +
                      ": the channel feed fails so for channels that are there";
  }
  return trouble;
}

Reading decode_channel_feed(const Query& query, const HttpResponse& response) {
  if (auto trouble = trouble_of_feed(query, response)) return *std::move(trouble);
  if (is_html(response)) return trouble_of_body(response, "a channel's feed");
  feed::ParsedFeed parsed =
      feed::parse(response.body, response.headers.find("content-type").value_or(""));
  if (parsed.version.empty()) return trouble_of_body(response, "a channel's feed");
  Page page;
  page.skipped = parsed.skipped;
  page.cut_off = parsed.cut_off;
  page.owner_id = channel_of_feed(response.body);
  for (feed::ParsedEntry& entry : parsed.entries) {
    if (auto post = post_of_video(std::move(entry)))
      page.posts.push_back(*std::move(post));
    else
      ++page.skipped;
  }
  return checked_page(std::move(page), query);
}

// The first item to name a channel decides whose list it is.
void read_item(JsonElement item, Page& page) {
  if (is_private_video(item)) return;
  auto post = page.posts.size() < page_items_max ? decode_video(item) : std::nullopt;
  const std::string owner = post ? owner_of_video(item) : std::string{};
  add_owned(page, std::move(post), owner);
}

// An answer without `items` is an empty list only where it counts none.
bool says_nothing(JsonObject root) {
  const auto info = json_object(root, "pageInfo");
  return info && json_integer(*info, "totalResults") == 0;
}

void add_count(JsonElement element, std::map<std::string, std::string>& counts) {
  JsonObject channel;
  if (element.get(channel)) return;
  const auto id = json_id(channel, "id");
  const auto statistics = json_object(channel, "statistics");
  const auto videos = statistics ? json_id(*statistics, "videoCount") : std::nullopt;
  if (id && videos) counts[*id] = *videos;
}

}  // namespace

bool is_channel_id(std::string_view text) {
  return text.size() >= 24 && text.size() <= 26 && text.starts_with(channel_prefix) &&
         std::all_of(text.begin(), text.end(), is_id_character);
}

YouTube::YouTube(ConnectorSettings settings)
    : settings_(std::move(settings)), declaration_(declared) {
  if (settings_.anonymous) {
    // The feed: what leaves it was deleted or pushed out, and nobody can tell.
    declaration_.list = ListKind::capped;
    declaration_.shows_deletions = false;
    declaration_.page_size = feed_size;
    declaration_.batch_size = 1;
    declaration_.probe = ProbeProves::nothing;
  }
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> YouTube::normalise(Account account, std::string& why) const {
  std::string name = name_in(trimmed(account.handle));
  if (name.starts_with('@')) name.erase(0, 1);
  if (is_channel_id(name)) {
    account.handle = account.id = name;
    return account;
  }
  if (!is_handle(name)) {
    why =
        "a YouTube channel is named by its handle, as in @name, or by its id, UC and 22 "
        "characters";
    return std::nullopt;
  }
  if (settings_.anonymous && account.id.empty()) {
    why =
        "without a key under connectors.youtube.credentials a channel is found by its id alone "
        "(UC and 22 characters), not by its handle";
    return std::nullopt;
  }
  account.handle = lower_ascii(name);
  return account;
}

HttpRequest YouTube::get(const Query& query, std::string_view target) const {
  const bool keyed = query.credential != nullptr;
  HttpRequest request{
      .url = base_address(settings_.base,
                          keyed ? "https://www.googleapis.com" : "https://www.youtube.com", "") +
             std::string(target)};
  request.headers.push_back({"Accept", keyed ? "application/json" : "application/atom+xml"});
  if (keyed) request.headers.push_back({"X-Goog-Api-Key", query.credential->token});
  request.allowance = &settings_.allowance;
  return request;
}

std::optional<HttpRequest> YouTube::resolve_request(const Query& query) const {
  if (is_channel_id(query.account.handle)) return std::nullopt;
  return get(query, "/youtube/v3/channels?part=id,snippet,contentDetails,statistics&forHandle=" +
                        percent_encode('@' + query.account.handle));
}

std::variant<Identity, Trouble> YouTube::decode_identity(const Query& query,
                                                         const HttpResponse& response) const {
  if (auto trouble = trouble_of_google(query, response)) return *std::move(trouble);
  const auto root = parse_json(response.body);
  JsonObject object;
  if (!root || root->get(object)) return trouble_of_body(response, "a list of channels");
  const auto items = json_array(object, "items");
  if (!items && !says_nothing(object)) return trouble_of_body(response, "a list of channels");
  if (!items || items->size() == 0) {
    return Trouble{.outcome = Outcome::not_visible, .detail = "no channel has this handle"};
  }
  JsonObject channel;
  auto id = items->at(0).get(channel) ? std::nullopt : json_id(channel, "id");
  if (!id || !is_channel_id(*id)) return Trouble{.detail = "a channel without an id"};
  Identity identity{.id = *id, .handle = query.account.handle};
  identity.url = "https://www.youtube.com/channel/" + *id;
  return identity;
}

// Counters of public videos: one unit for 50 channels. They move late and miss
// what was put up and taken down again, so only a change means something.
std::optional<HttpRequest> YouTube::probe_request(std::span<const Query> queries) const {
  const auto lacks = [](const Query& query) {
    return query.credential == nullptr || !is_channel_id(query.account.id);
  };
  if (queries.empty() || std::any_of(queries.begin(), queries.end(), lacks)) return std::nullopt;
  std::string ids;
  for (const Query& query : queries) ids += (ids.empty() ? "" : ",") + query.account.id;
  return get(queries.front(), "/youtube/v3/channels?part=statistics&maxResults=50&id=" + ids);
}

std::vector<ProbeReading> YouTube::decode_probe(std::span<const Query> queries,
                                                const HttpResponse& response) const {
  if (queries.empty()) return {};
  if (auto trouble = trouble_of_google(queries.front(), response)) {
    return std::vector<ProbeReading>(queries.size(), *std::move(trouble));
  }
  const auto root = parse_json(response.body);
  JsonObject object;
  const bool is_object = root && !root->get(object);
  const auto items = is_object ? json_array(object, "items") : std::nullopt;
  if (!items && !(is_object && says_nothing(object))) {
    return std::vector<ProbeReading>(queries.size(),
                                     trouble_of_body(response, "a list of channels"));
  }
  std::map<std::string, std::string> counts;
  if (items) {
    for (const JsonElement item : *items) add_count(item, counts);
  }
  std::vector<ProbeReading> readings;
  for (const Query& query : queries) {
    const auto it = counts.find(query.account.id);
    if (it != counts.end())
      readings.emplace_back(it->second);
    else
      readings.emplace_back(Trouble{.outcome = Outcome::not_visible,
                                    .detail = "the answer counts nothing for this channel"});
  }
  return readings;
}

HttpRequest YouTube::request(const Query& query) const {
  if (query.credential == nullptr) {
    return get(query, "/feeds/videos.xml?channel_id=" + percent_encode(query.account.id));
  }
  const std::string_view id = query.account.id;
  const std::string uploads =
      "UU" + std::string(id.starts_with(channel_prefix) ? id.substr(2) : id);
  std::string target =
      "/youtube/v3/playlistItems?part=snippet,contentDetails,status&maxResults=50&playlistId=" +
      percent_encode(uploads);
  if (!query.cursor.empty()) target += "&pageToken=" + percent_encode(query.cursor);
  return get(query, target);
}

Reading YouTube::decode(const Query& query, const HttpResponse& response) const {
  if (query.credential == nullptr && (is_feed(response) || response.status != 200)) {
    return decode_channel_feed(query, response);
  }
  if (auto trouble = trouble_of_google(query, response)) return *std::move(trouble);
  if (is_feed(response) && !is_html(response)) return decode_channel_feed(query, response);
  const auto root = parse_json(response.body);
  JsonObject object;
  if (!root || root->get(object)) return trouble_of_body(response, "a list of videos");
  const auto items = json_array(object, "items");
  if (!items && !says_nothing(object)) return trouble_of_body(response, "a list of videos");
  Page page;
  if (items) {
    for (const JsonElement item : *items) read_item(item, page);
  }
  page.next = json_id(object, "nextPageToken").value_or("");
  return checked_page(std::move(page), query);
}

Headroom YouTube::headroom(const HttpResponse& response) const { return headroom_of(response); }

}  // namespace pw
