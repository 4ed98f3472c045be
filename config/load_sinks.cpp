#include <algorithm>
#include <array>

#include "config/accepted_keys.h"
#include "config/load_sections.h"
#include "config/misnamed.h"
#include "config/text.h"

namespace pw {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t name_bytes_max = 100;
constexpr std::size_t sinks_max = 1'000;
constexpr std::array<std::string_view, 1> types = {"webhook"};
// Planned, so that a file which names one is early rather than mistaken.
constexpr std::array<std::string_view, 10> later_types = {
    "slack", "discord", "mattermost",   "teams", "telegram",
    "ntfy",  "matrix",  "alertmanager", "email", "pagerduty"};

bool is_later(std::string_view type) {
  return std::find(later_types.begin(), later_types.end(), type) != later_types.end();
}

// True for a sink that this version leaves out; said loudly, since nobody will
// be told there.
bool is_left_out(const YamlField& item) {
  const std::string* type = item.peek("type");
  if (type == nullptr || !is_later(*type)) return false;
  const std::string* name = item.peek("name");
  item.warning("type '" + *type + "' is not in this version, webhook is; nothing will be sent to " +
               (name == nullptr ? "this sink" : in_quotes(*name)));
  return true;
}

void check_type(const YamlField& field) {
  if (!field.is_present()) return;
  if (!field.is_text()) {
    field.wrong_kind("a sink type such as webhook");
    return;
  }
  const std::optional<std::string> type = field.text();
  if (!type || *type == types.front()) return;
  if (std::string later = nearest_of(*type, later_types); !later.empty()) {
    field.error("unknown sink type " + in_quotes(*type), std::move(later));
    return;
  }
  Misnamed found = misnamed("sink type", *type, types);
  field.error(found.message, std::move(found.nearest));
}

void load_url(const YamlField& field, const LoadContext& context, Secret& url) {
  std::optional<Secret> read = load_secret(field, context, /*text_is_fine=*/true);
  if (!read) return;
  // The address itself is not shown: it may hold a token.
  if (!is_http_address(read->value)) {
    field.error("expected an http or https address without user or password");
  } else {
    url = *std::move(read);
  }
}

void check_group(const YamlField& field) {
  if (field.is_present())
    field.warning("this version does not group; every finding is sent by itself");
}

void load_sink(const YamlField& item, const LoadContext& context, std::vector<SinkConfig>& sinks) {
  const auto map = item.map(keys::sink, /*nothing_is_map=*/false);
  if (!map) return;
  SinkConfig sink{.name = {}, .type = std::string(types.front()), .place = item.place(), .url = {}};
  take(sink.name, map->required("name").text(name_bytes_max));
  if (has_controls(sink.name)) map->field("name").error("must be one line");
  check_type(map->required("type"));
  load_url(map->required("url"), context, sink.url);
  sink.secret = load_secret(map->field("secret"), context, /*text_is_fine=*/false);
  if (!map->field("secret").is_present())
    map->self().warning("without 'secret' its messages are not signed");
  sink.when = map->field("when").placed_text();
  load_allowance(*map, sink.allowance);
  take(sink.timeout, map->field("timeout").duration(seconds(1), minutes(10)));
  check_group(map->field("group"));
  const auto same_name = [&](const SinkConfig& other) { return other.name == sink.name; };
  if (!sink.name.empty() && std::any_of(sinks.begin(), sinks.end(), same_name))
    map->field("name").error("two sinks are called " + in_quotes(sink.name));
  sinks.push_back(std::move(sink));
}

}  // namespace

void load_sinks(const YamlField& field, const LoadContext& context, Config& config) {
  const std::vector<YamlField> items = field.items(/*one_is_list=*/false);
  if (items.size() > sinks_max) {
    field.error("more than " + std::to_string(sinks_max) + " sinks");
    return;
  }
  for (const YamlField& item : items) {
    if (!is_left_out(item)) load_sink(item, context, config.sinks);
  }
}

}  // namespace pw
