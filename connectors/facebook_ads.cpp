#include "connectors/facebook_ads.h"

#include <algorithm>

#include "connectors/facebook.h"
#include "connectors/meta_answer.h"
#include "connectors/meta_request.h"
#include "connectors/meta_token.h"
#include "connectors/page_limit.h"
#include "connectors/rate_limit.h"
#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

// With 31 days of each, a page stays below the limit of items.
constexpr int page_size = 25;
constexpr std::size_t text_bytes_max = 16'384;

// The library's own limit of Pages in one call (platforms-meta 9).
constexpr std::size_t pages_a_call = 10;
constexpr int batch_page_size = 100;

// Without ad_snapshot_url, which carries the token.
constexpr std::string_view ad_fields =
    "id,page_id,page_name,ad_creation_time,ad_delivery_start_time,ad_delivery_stop_time,"
    "ad_creative_bodies,ad_creative_link_titles,publisher_platforms,languages";

// How long before the judged days the library is asked from, so that the first
// list is read, and the connector's credential proved, before they begin.
constexpr Millis asked_before = std::chrono::hours(24 * 7);

constexpr Declaration declared{
    .name = "facebook_ads",
    .sees = {Surface::ad},
    .never_sees = {Surface::post, Surface::reel, Surface::story, Surface::live, Surface::repost},
    // No order is documented, and what is asked for ends with the judged days.
    .list = ListKind::whole,
    .clock = PostClock::server,
    .clock_precision = std::chrono::hours(24),
    .lag = std::chrono::hours(24),
    .stable_id = true,
    .shows_edits = true,
    .shows_deletions = false,
    .shows_pins = false,
    .shows_backdating = true,
    .needs_credential = true,
    .page_size = page_size,
    .pages_max = 40,
    .cost = 2,  // the ads, and the empty page that is the list's end
    .batch_size = 10,
    .probe = ProbeProves::lists,
    .interval_floor = std::chrono::minutes(5),
    .blind_spots =
        "The library holds ads of every kind only where they were delivered to the EU or the UK; "
        "elsewhere only ads on social issues, elections and politics: a commercial ad shown in "
        "other countries alone never shows. Entries appear up to a day after first delivery "
        "(assumed), and delivery is told by the day, in UTC.",
    .source = "Graph API, Ad Library API (ads_archive), read 2026-10",
};

// "2026-09-16", or that day's midnight, means the day; any other time is one
// (platforms-meta 9).
std::optional<Instant> time_in(JsonObject item, std::string_view key, bool& is_day) {
  const auto text = json_text(item, key);
  if (!text) return std::nullopt;
  constexpr std::size_t date_bytes = 10;  // 2026-09-16
  const bool is_date = text->size() == date_bytes;
  const auto time = parse_rfc3339(std::string(*text) + (is_date ? "T00:00:00Z" : ""));
  is_day = time && time->time_since_epoch() % std::chrono::hours(24) == Millis{0};
  return time;
}

// Nothing without a readable start; an unreadable stop is no stop.
std::optional<AdDelivery> delivery_in(JsonObject item) {
  AdDelivery delivery;
  const auto start = time_in(item, "ad_delivery_start_time", delivery.start_is_day);
  if (!start) return std::nullopt;
  delivery.start = *start;
  delivery.stop = time_in(item, "ad_delivery_stop_time", delivery.stop_is_day);
  return delivery;
}

void add_texts(JsonObject item, std::string_view key, std::string& text) {
  const auto list = json_array(item, key);
  if (!list) return;
  for (const JsonElement element : *list) {
    std::string_view part;
    if (element.get(part) || part.empty()) continue;
    const std::string clean = without_controls(part);
    if (text.find(clean) != std::string::npos) continue;  // variants repeat each other
    if (text.size() + clean.size() > text_bytes_max) return;
    if (!text.empty()) text += '\n';
    text += clean;
  }
}

// What all the days of one ad have in common.
Post ad_of(JsonObject item, const std::string& library_id) {
  Post post{.id = library_id, .surface = Surface::ad};
  add_texts(item, "ad_creative_bodies", post.text);
  add_texts(item, "ad_creative_link_titles", post.text);
  post.url = "https://www.facebook.com/ads/library/?id=" + percent_encode(library_id);
  if (const auto languages = json_array(item, "languages"); languages && languages->size() == 1) {
    std::string_view language;
    if (!languages->at(0).get(language)) post.lang = without_controls(language);
  }
  return post;
}

void add_days(const Post& ad, const std::vector<Interval>& days, Page& page) {
  for (const Interval& day : days) {
    if (page.posts.size() >= page_items_max) {
      ++page.skipped;
      return;
    }
    Post post = ad;
    post.id += '/' + print_rfc3339(day.start).substr(0, 10);
    post.server_at = post.claimed_at = day.start;
    post.server_precision = day.length();
    page.posts.push_back(std::move(post));
  }
}

std::string date_of(Instant t) { return print_rfc3339(t).substr(0, 10); }

// Nothing when the item says nothing that can be read.
struct Ad {
  std::string owner;
  Post post;
  std::vector<Interval> days;
};

std::optional<Ad> ad_in(JsonElement element, Instant known_until,
                        const std::optional<Interval>& judged) {
  JsonObject item;
  const auto id = element.get(item) ? std::nullopt : json_id(item, "id");
  const auto delivery = id ? delivery_in(item) : std::nullopt;
  if (!delivery) return std::nullopt;
  return Ad{json_id(item, "page_id").value_or(""), ad_of(item, *id),
            days_of(*delivery, known_until, judged)};
}

}  // namespace

FacebookAds::FacebookAds(ConnectorSettings settings)
    : settings_(std::move(settings)), declaration_(declared) {
  declaration_.lag = settings_.lag.value_or(declaration_.lag);
  declaration_.interval_floor = settings_.interval_floor.value_or(declaration_.interval_floor);
}

std::optional<Account> FacebookAds::normalise(Account account, std::string& why) const {
  std::string page = facebook_page_in(account.handle);
  if (!is_graph_id(page)) {
    why =
        "the Ad Library knows a Page by its id in digits alone: see 'Page transparency' on the "
        "Page, or view_all_page_id in the library's address";
    return std::nullopt;
  }
  account.handle = std::move(page);
  if (account.id.empty()) account.id = account.handle;
  account.host.clear();
  return account;
}

std::optional<HttpRequest> FacebookAds::resolve_request(const Query&) const { return std::nullopt; }

std::variant<Identity, Trouble> FacebookAds::decode_identity(const Query& query,
                                                             const HttpResponse& response) const {
  auto answer = graph_object_in(query, response);
  if (auto* trouble = std::get_if<Trouble>(&answer)) return std::move(*trouble);
  return Identity{query.account.handle, query.account.handle,
                  "https://www.facebook.com/" + percent_encode(query.account.handle)};
}

// `page_ids`: a JSON list of texts.
std::string FacebookAds::asked_of(std::string_view page_ids, std::string_view fields,
                                  int limit) const {
  std::string parameters = "search_page_ids=" + percent_encode(page_ids) +
                           "&ad_reached_countries=" + percent_encode("[\"ALL\"]") +
                           "&ad_active_status=ALL&ad_type=ALL";
  if (settings_.judged) {
    parameters += "&ad_delivery_date_min=" + date_of(settings_.judged->start - asked_before);
    parameters += "&ad_delivery_date_max=" + date_of(settings_.judged->end);
  }
  return parameters + "&fields=" + percent_encode(fields) + "&limit=" + std::to_string(limit);
}

std::optional<HttpRequest> FacebookAds::batch_request(std::span<const Query> queries) const {
  const bool fits = !queries.empty() && queries.size() <= pages_a_call &&
                    std::all_of(queries.begin(), queries.end(), [](const Query& query) {
                      return query.credential != nullptr && is_graph_id(query.account.handle);
                    });
  if (!fits) return std::nullopt;
  std::string ids;
  for (const Query& query : queries) {
    ids += (ids.empty() ? "[\"" : ",\"") + query.account.handle + '"';
  }
  return asked_at(queries.front(), ids + ']', batch_page_size);
}

BatchReading FacebookAds::decode_batch(std::span<const Query> queries,
                                       const HttpResponse& response) const {
  const auto all = [&](const Trouble& trouble) {
    return BatchReading{std::vector<Reading>(queries.size(), trouble)};
  };
  if (queries.empty()) return {};
  auto answer = graph_object_in(queries.front(), response);
  if (const auto* trouble = std::get_if<Trouble>(&answer)) return all(*trouble);
  const JsonObject edge = std::get<JsonObject>(answer);
  const auto data = json_array(edge, "data");
  if (!data) return all(graph_malformed("an answer without a list"));
  std::vector<Page> pages(queries.size());
  for (std::size_t i = 0; i < pages.size(); ++i) pages[i].owner_id = queries[i].account.id;
  for (const JsonElement element : *data) {
    const auto ad = ad_in(element, response.received - declaration_.lag, settings_.judged);
    const auto whose = [&](const Query& query) { return ad && query.account.handle == ad->owner; };
    const auto it = std::find_if(queries.begin(), queries.end(), whose);
    if (it != queries.end()) {
      add_days(ad->post, ad->days, pages[static_cast<std::size_t>(it - queries.begin())]);
    } else {
      // It may be anybody's.
      for (Page& page : pages) ++page.skipped;
    }
  }
  auto next = data->size() == 0 ? std::string() : graph_cursor_in(edge);
  if (!next || (!next->empty() && *next == queries.front().cursor)) {
    return all(graph_malformed("a paging cursor that cannot be used"));
  }
  BatchReading batch{.readings = {}, .next = *std::move(next)};
  for (Page& page : pages) batch.readings.emplace_back(std::move(page));
  return batch;
}

HttpRequest FacebookAds::asked_at(const Query& query, std::string_view page_ids, int limit) const {
  std::string parameters = asked_of(page_ids, ad_fields, limit);
  if (!query.cursor.empty() && is_graph_cursor(query.cursor)) {
    parameters += "&after=" + percent_encode(query.cursor);
  }
  return graph_request(settings_, graph_facebook, query, "ads_archive", parameters);
}

HttpRequest FacebookAds::request(const Query& query) const {
  const std::string page = is_graph_id(query.account.handle) ? query.account.handle : "0";
  return asked_at(query, "[\"" + page + "\"]", page_size);
}

Reading FacebookAds::decode(const Query& query, const HttpResponse& response) const {
  auto answer = graph_object_in(query, response);
  if (auto* trouble = std::get_if<Trouble>(&answer)) return std::move(*trouble);
  const JsonObject edge = std::get<JsonObject>(answer);
  const auto data = json_array(edge, "data");
  if (!data) return graph_malformed("an answer without a list");
  Page page;
  for (const JsonElement element : *data) {
    const auto ad = ad_in(element, response.received - declaration_.lag, settings_.judged);
    if (!ad) {
      ++page.skipped;
      continue;
    }
    const std::string& owner = ad->owner.empty() ? query.account.id : ad->owner;
    if (page.owner_id.empty()) page.owner_id = owner;
    if (owner == page.owner_id) {
      add_days(ad->post, ad->days, page);
    } else {
      ++page.skipped;
    }
  }
  // The end is an empty list, not a missing `next` (platforms-meta 9).
  auto next = data->size() == 0 ? std::string() : graph_cursor_in(edge);
  if (!next) return graph_malformed("a paging cursor that cannot be used");
  page.next = *std::move(next);
  return checked_page(std::move(page), query);
}

Headroom FacebookAds::headroom(const HttpResponse& response) const { return headroom_of(response); }

std::optional<HttpRequest> FacebookAds::token_request(const Credential& credential) const {
  return graph_token_request(settings_, graph_facebook, credential);
}

std::variant<TokenLife, Trouble> FacebookAds::decode_token(const HttpResponse& response) const {
  return graph_token_in(response);
}

}  // namespace pw
