// The Ad Library (platforms-meta 9): an ad is a post whose time on earth is its
// delivery, told by the day, and up to a day late.
#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "daemon/rehearsal/field_expansion.h"
#include "daemon/rehearsal/graph_answer.h"
#include "daemon/rehearsal/graph_list.h"
#include "daemon/rehearsal/json_bytes.h"
#include "daemon/rehearsal/platform.h"

namespace pw {
namespace {

using nlohmann::ordered_json;

constexpr int token_limit_code = 613;
constexpr std::size_t pages_max = 10;

std::string date_of(Instant t) { return print_rfc3339(t).substr(0, 10); }

// The ids in ["1","2"] or 1,2: whatever is digits.
std::vector<std::string> ids_in(std::string_view text) {
  std::vector<std::string> ids(1);
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      ids.back() += c;
    } else if (!ids.back().empty()) {
      ids.emplace_back();
    }
  }
  if (ids.back().empty()) ids.pop_back();
  return ids;
}

bool stopped(const SimPost& ad, Instant now) { return ad.deleted && *ad.deleted <= now; }

// Made a while before it is delivered, which is what counts.
Instant made_at(const SimPost& ad) {
  return ad.created - std::chrono::hours(24) * static_cast<int>(ad.serial % 4);
}

// Null: this ad does not have the field, and it is left out. Nothing: there is no
// such field.
std::optional<ordered_json> ad_field(const SimRequest& request, const SimAccount& page,
                                     const SimPost& ad, std::string_view name, Instant now) {
  const ordered_json absent;
  const std::pair<std::string_view, ordered_json> fields[] = {
      {"page_id", page.id},
      {"page_name", page.actor},
      {"ad_creation_time", date_of(made_at(ad))},
      {"ad_delivery_start_time", date_of(ad.created)},
      {"ad_delivery_stop_time", stopped(ad, now) ? ordered_json(date_of(*ad.deleted)) : absent},
      {"ad_creative_bodies", ordered_json::array({ad.text})},
      {"ad_creative_link_titles", ordered_json::array({page.actor})},
      {"ad_snapshot_url", "https://www.facebook.com/ads/archive/render_ad/?id=" + ad.id +
                              "&access_token=" + request.token},
      {"publisher_platforms", {"facebook", "instagram"}},
      {"languages", ordered_json::array({"en"})}};
  for (const auto& [known, value] : fields) {
    if (known == name) return value;
  }
  return std::nullopt;
}

// An ad, and whose it is.
struct Advert {
  const SimAccount* page;
  const SimPost* ad;
};

class SimAds final : public SimPlatform {
 public:
  explicit SimAds(const Population& population) : population_(population) {}

  std::vector<LimitRule> limits(const SimRequest& request) const override {
    return {{"facebook_ads " + request.token, population_.limits.facebook,
             population_.limits.instagram_window, /*rolling=*/true}};
  }

  const SimAccount* account_of(const SimRequest& request) const override {
    const auto ids = ids_in(request.parameter("search_page_ids").value_or(""));
    return ids.size() == 1 ? find_by_id(population_, "facebook_ads", "", ids[0]) : nullptr;
  }

  HttpResponse answer(const SimRequest& request, const std::vector<LimitState>& usage,
                      Instant now) const override {
    return answer_within_limit(request, usage.front(), token_limit_code, now,
                               [&] { return answer_within(request, now); });
  }

  HttpResponse refusal(const SimRequest& request, FaultKind kind, Instant,
                       Instant now) const override {
    return print_graph_error(graph_refusal(kind, token_limit_code), request, now);
  }

 private:
  HttpResponse answer_within(const SimRequest& request, Instant now) const {
    if (asks_of_token(request)) return tell_of_token(request, population_, now);
    if (auto error = token_error(request, population_, now))
      return print_graph_error(*error, request, now);
    const auto ids = ids_in(request.parameter("search_page_ids").value_or(""));
    const bool asks = !ids.empty() && ids.size() <= pages_max;
    if (!asks || !request.parameter("ad_reached_countries"))
      return print_graph_error({.code = 100, .message = "(#100) Invalid parameter"}, request, now);
    const auto fields = parse_field_expansion(request.parameter("fields").value_or("id"));
    if (!fields) {
      return print_graph_error({.code = 2500, .message = "Syntax error in the fields parameter"},
                               request, now);
    }
    for (const GraphField& field : *fields) {
      if (field.name == "id" || ad_field(request, {}, {}, field.name, now)) continue;
      const std::string why = "(#100) Tried accessing nonexisting field (" + field.name + ")";
      return print_graph_error({.code = 100, .message = why}, request, now);
    }
    const auto out = list_of(request, adverts_of(request, ids, now), *fields, now);
    if (!out)
      return print_graph_error({.code = 100, .message = "(#100) Invalid cursor"}, request, now);
    return answer_of(200, json_bytes(*out), "application/json; charset=UTF-8");
  }

  // Of all Pages together, by when they were first delivered.
  std::vector<Advert> adverts_of(const SimRequest& request, const std::vector<std::string>& ids,
                                 Instant now) const {
    std::vector<Advert> adverts;
    for (const std::string& id : ids) {
      const SimAccount* page = find_by_id(population_, "facebook_ads", "", id);
      if (page == nullptr) continue;
      for (const SimPost& ad : page->posts) {
        if (is_asked_for(request, ad, now)) adverts.push_back({page, &ad});
      }
    }
    std::stable_sort(adverts.begin(), adverts.end(), [](const Advert& a, const Advert& b) {
      return a.ad->created > b.ad->created;
    });
    return adverts;
  }

  static std::optional<ordered_json> list_of(const SimRequest& request,
                                             const std::vector<Advert>& adverts,
                                             const std::vector<GraphField>& fields, Instant now) {
    GraphListing list{.limit = number_or(request.parameter("limit"), 25, 1, 100),
                      .ends_empty = true};
    std::map<const SimPost*, const SimAccount*> page_of;
    for (const Advert& one : adverts) {
      list.posts.push_back(one.ad);
      page_of[one.ad] = one.page;
    }
    return print_graph_list(request, list, [&](const SimPost& ad) {
      ordered_json item{{"id", ad.id}};
      for (const GraphField& field : fields) {
        if (field.name == "id") continue;
        auto value = ad_field(request, *page_of.at(&ad), ad, field.name, now);
        if (value && !value->is_null()) item[field.name] = *std::move(value);
      }
      return item;
    });
  }

  static bool is_asked_for(const SimRequest& request, const SimPost& ad, Instant now) {
    const std::string_view status = request.parameter("ad_active_status").value_or("ACTIVE");
    const std::string_view least = request.parameter("ad_delivery_date_min").value_or("");
    const std::string_view most = request.parameter("ad_delivery_date_max").value_or("9999");
    // None of these ads is political.
    if (request.parameter("ad_type").value_or("ALL") != "ALL") return false;
    if (ad.created > now || date_of(ad.created) > most) return false;
    if (stopped(ad, now) ? status == "ACTIVE" : status == "INACTIVE") return false;
    return !stopped(ad, now) || date_of(*ad.deleted) >= least;
  }

  const Population& population_;
};

}  // namespace

std::unique_ptr<SimPlatform> simulate_ads(const Population& population) {
  return std::make_unique<SimAds>(population);
}

}  // namespace pw
