#include <algorithm>

#include "config/accepted_keys.h"
#include "config/load_sections.h"
#include "config/text.h"

namespace pw {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Millis after_end_max = hours(24 * 366);
constexpr Millis grace_max = hours(24);
constexpr std::size_t name_bytes_max = 100;
constexpr std::size_t windows_max = 1'000;

// As if its zone had no clock changes: for comparing two times of one zone.
Instant naive(LocalTime local) { return in_zone(local, "Etc/UTC").value_or(Instant{}); }

Interval naive(const WindowConfig& window) { return {naive(window.start), naive(window.end)}; }

std::optional<WindowConfig> load_window(const YamlField& field) {
  const auto map = field.map(keys::window, /*nothing_is_map=*/false);
  if (!map) return std::nullopt;
  const std::optional<LocalTime> start = map->required("start").local_time();
  const std::optional<LocalTime> end = map->required("end").local_time();
  const std::optional<std::string> zone = map->required("zone").zone("actor");
  if (!start || !end || !zone) return std::nullopt;
  const WindowConfig window{*start, *end, *zone};
  if (naive(window).empty()) {
    map->field("end").error("the window must end after its start");
    return std::nullopt;
  }
  return window;
}

void refuse_overlap(const YamlField& item, const std::vector<WindowConfig>& windows,
                    const WindowConfig& window) {
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (windows[i].zone != window.zone) continue;
    if (intersect(naive(windows[i]), naive(window)).empty()) continue;
    item.error("overlaps with window " + std::to_string(i + 1));
    return;
  }
}

void load_windows(const YamlMap& map, CampaignConfig& campaign) {
  const YamlField one = map.field("window");
  const YamlField several = map.field("windows");
  if (one.is_present() && several.is_present()) {
    several.error("'window' is given too; write all of them here");
  }
  if (!several.is_present()) {
    if (const auto window = load_window(map.required("window")))
      campaign.windows.push_back(*window);
    return;
  }
  const std::vector<YamlField> items = several.items(/*one_is_list=*/false);
  if (several.is_list() && (items.empty() || items.size() > windows_max)) {
    several.error("must have 1 to " + std::to_string(windows_max) + " windows");
    return;
  }
  for (const YamlField& item : items) {
    const auto window = load_window(item);
    if (!window) continue;
    refuse_overlap(item, campaign.windows, *window);
    campaign.windows.push_back(*window);
  }
}

void load_surfaces(const YamlField& field, SurfaceSet& surfaces) {
  if (!field.is_present()) return;
  SurfaceSet read;
  bool all_read = true;
  for (const YamlField& item : field.items(/*one_is_list=*/true)) {
    const auto name = item.name_of(surface_names, "surface");
    all_read = all_read && name.has_value();
    if (name) read.add(*parse_surface(*name));
  }
  if (read.empty() && all_read && field.is_list()) field.error("names no surface");
  surfaces = read;
}

void load_gap_max(const YamlField& field, CampaignConfig& campaign) {
  if (!field.is_present()) return;
  if (field.is_text() && field.text() == "auto") return;
  if (!field.is_text()) {
    field.wrong_kind("auto or a duration such as 5m");
    return;
  }
  campaign.gap_max = field.duration(seconds(1), hours(24 * 31));
}

void load_statement(const YamlField& field, StatementConfig& statement) {
  const auto map = field.map(keys::statement, /*nothing_is_map=*/false);
  if (!map) return;
  take(statement.allowed, map->required("allowed").number(0, 100));
  statement.matches = map->field("matches").placed_text();
  if (statement.allowed > 0 && !map->field("matches").is_present())
    field.error("key 'matches' is missing: which posts are statements?");
}

// Reports the later of two times that stand in the wrong order.
void check_order(const YamlMap& map, const CampaignConfig& campaign) {
  const auto blame = [&](std::string_view key, std::string_view otherwise) {
    return map.field(key).is_present() ? map.field(key) : map.field(otherwise);
  };
  if (campaign.sweep_again < campaign.sweep)
    blame("sweep_again", "sweep")
        .error("sweep_again must not be before sweep (" + print_duration(campaign.sweep) +
               " after the end)");
  if (campaign.closes < campaign.sweep_again)
    blame("closes", "sweep_again")
        .error("closes must not be before sweep_again (" + print_duration(campaign.sweep_again) +
               " after the end)");
  for (const WindowConfig& window : campaign.windows) {
    if (2 * campaign.grace < naive(window).length()) continue;
    map.field("grace").error("leaves nothing of a window of " +
                             print_duration(naive(window).length()));
    return;
  }
}

void load_name(const YamlField& field, std::string& name) {
  const std::optional<std::string> text = field.text(name_bytes_max);
  if (!text) return;
  if (has_controls(*text)) field.error("must be one line without control characters");
  name = trim_text(*text);
}

}  // namespace

void load_campaign(const YamlField& field, CampaignConfig& campaign) {
  const auto map = field.map(keys::campaign, /*nothing_is_map=*/true);
  if (!map) return;
  load_name(map->required("name"), campaign.name);
  load_windows(*map, campaign);
  campaign.default_zone_given = map->field("default_zone").is_present();
  take(campaign.default_zone, map->field("default_zone").zone(""));
  take(campaign.grace, map->field("grace").duration(Millis{0}, grace_max));
  load_surfaces(map->field("surfaces"), campaign.surfaces);
  load_gap_max(map->field("gap_max"), campaign);
  take(campaign.sweep, map->field("sweep").duration(Millis{0}, after_end_max));
  take(campaign.sweep_again, map->field("sweep_again").duration(Millis{0}, after_end_max));
  take(campaign.closes, map->field("closes").duration(Millis{0}, after_end_max));
  load_statement(map->field("statement"), campaign.statement);
  check_order(*map, campaign);
}

}  // namespace pw
