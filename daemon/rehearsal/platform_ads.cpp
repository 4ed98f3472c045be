// The Ad Library (platforms-meta 9): an ad is a post whose time on earth is its
// delivery, told by the day, and up to a day late.
#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

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

ordered_json print_ad(const SimRequest& request, const SimAccount& page, const SimPost& ad,
                      Instant now) {
  ordered_json out;
  out["id"] = ad.id;
  out["page_id"] = page.id;
  out["page_name"] = page.actor;
  out["ad_creation_time"] = date_of(ad.created);
  out["ad_delivery_start_time"] = date_of(ad.created);
  if (stopped(ad, now)) out["ad_delivery_stop_time"] = date_of(*ad.deleted);
  out["ad_creative_bodies"] = {ad.text};
  out["ad_snapshot_url"] = "https://www.facebook.com/ads/archive/render_ad/?id=" + ad.id +
                           "&access_token=" + request.token;
  out["publisher_platforms"] = {"facebook", "instagram"};
  out["languages"] = {"en"};
  return out;
}

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
    if (!asks || !request.parameter("ad_reached_countries")) {
      return print_graph_error({.code = 100, .message = "(#100) Invalid parameter"}, request, now);
    }
    GraphListing list{.limit = number_or(request.parameter("limit"), 25, 1, 100)};
    std::map<const SimPost*, const SimAccount*> page_of;
    for (const std::string& id : ids) {
      const SimAccount* page = find_by_id(population_, "facebook_ads", "", id);
      if (page == nullptr) continue;
      for (const SimPost& ad : page->posts) {
        if (!is_asked_for(request, ad, now)) continue;
        list.posts.push_back(&ad);
        page_of[&ad] = page;
      }
    }
    const auto out = print_graph_list(request, list, [&](const SimPost& ad) {
      return print_ad(request, *page_of.at(&ad), ad, now);
    });
    if (!out) {
      return print_graph_error({.code = 100, .message = "(#100) Invalid cursor"}, request, now);
    }
    return answer_of(200, json_bytes(*out), "application/json; charset=UTF-8");
  }

  static bool is_asked_for(const SimRequest& request, const SimPost& ad, Instant now) {
    const std::string_view status = request.parameter("ad_active_status").value_or("ACTIVE");
    const std::string_view least = request.parameter("ad_delivery_date_min").value_or("");
    const std::string_view most = request.parameter("ad_delivery_date_max").value_or("9999");
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
