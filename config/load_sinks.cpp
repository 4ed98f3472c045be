#include <algorithm>
#include <array>

#include "config/accepted_keys.h"
#include "config/load_sections.h"
#include "config/misnamed.h"
#include "config/text.h"

namespace pw {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t sink_bytes_max = 100;
constexpr std::size_t sinks_max = 1'000;
constexpr int public_people_min = 2;
constexpr std::array<std::string_view, 12> types = {
    "webhook", "slack",  "discord",   "teams",        "mattermost", "telegram",
    "ntfy",    "matrix", "pagerduty", "alertmanager", "email",      "exec"};

// What a type needs beside a name.
struct TypeNeeds {
  std::string_view type;
  std::string_view url;  // where it is always; empty: `url` is required
  enum class Secret { none, may, must } secret = Secret::none;
  std::string_view to;  // what `to` names; empty: it has none
};
using enum TypeNeeds::Secret;
constexpr std::array<TypeNeeds, types.size()> needs = {{
    {"webhook", "", may, ""},
    {"slack", "", none, ""},
    {"discord", "", none, ""},
    {"teams", "", none, ""},
    {"mattermost", "", none, ""},
    {"telegram", "https://api.telegram.org", must, "the chat's id"},
    {"ntfy", "", may, ""},
    {"matrix", "", must, "the room's id"},
    {"pagerduty", "https://events.pagerduty.com", must, ""},
    {"alertmanager", "", none, ""},
    {"email", "", may, "the readers' addresses"},
    {"exec", "exec:", none, ""},
}};

// The needs of the type, or null after an error.
const TypeNeeds* load_type(const YamlField& field) {
  if (!field.is_present()) return nullptr;
  if (!field.is_text()) {
    field.wrong_kind("a sink type such as webhook");
    return nullptr;
  }
  const std::optional<std::string> type = field.text();
  if (!type) return nullptr;
  const auto it = std::find(types.begin(), types.end(), *type);
  if (it != types.end()) return &needs[static_cast<std::size_t>(it - types.begin())];
  Misnamed found = misnamed("sink type", *type, types);
  field.error(found.message, std::move(found.nearest));
  return nullptr;
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

// Where messages go, and what opens the door.
void load_place(const YamlMap& map, const TypeNeeds* type, const LoadContext& context,
                SinkConfig& sink) {
  for (const char* key : {"from", "user", "command"}) {
    const YamlField field = map.field(key);
    if (field.is_present()) field.error("a " + sink.type + " sink has none");
  }
  const bool has_url = type != nullptr && !type->url.empty() && !map.field("url").is_present();
  if (has_url)
    sink.url = {"url", std::string(type->url)};
  else
    load_url(map.required("url"), context, sink.url);
  const YamlField secret = map.field("secret");
  sink.secret = load_secret(secret, context, /*text_is_fine=*/false);
  if (type == nullptr) return;
  if (type->secret == must) map.required("secret");
  if (type->secret == none && secret.is_present())
    secret.error("a " + sink.type + " sink has none: its address is the secret");
  if (sink.type == types.front() && !secret.is_present())
    map.self().warning("without 'secret' its messages are not signed");
  const YamlField to = type->to.empty() ? map.field("to") : map.required("to");
  const std::optional<std::string> place = to.text(sink_bytes_max * 3);
  if (type->to.empty() && to.is_present()) to.error("a " + sink.type + " sink has no 'to'");
  if (place && has_controls(*place)) to.error("must be " + std::string(type->to));
  if (place) sink.to = {*place};
}

bool load_flag(const YamlField& field) {
  constexpr std::array<std::string_view, 2> answers = {"true", "false"};
  return field.name_of(answers, "answer") == answers.front();
}

void load_public(const YamlField& field, const Config& config, SinkConfig& sink) {
  sink.is_public = load_flag(field);
  if (sink.is_public && config.publish_needs < public_people_min)
    field.error(
        "nothing is public before two different people confirm it: review.publish_needs "
        "must be at least 2");
  if (sink.is_public && sink.operators) field.error("a public sink hears of findings only");
}

void load_format(const YamlField& field, SinkConfig& sink) {
  constexpr std::array<std::string_view, 2> formats = {"standard", "cloudevents"};
  const auto format = field.name_of(formats, "format");
  sink.cloud_events = format == formats.back();
  if (sink.cloud_events && sink.type != types.front()) field.error("is for webhooks");
}

void load_sink(const YamlField& item, const LoadContext& context, Config& config) {
  std::vector<SinkConfig>& sinks = config.sinks;
  const auto map = item.map(keys::sink, /*nothing_is_map=*/false);
  if (!map) return;
  SinkConfig sink{.name = {}, .type = std::string(types.front()), .place = item.place(), .url = {}};
  take(sink.name, map->required("name").text(sink_bytes_max));
  if (has_controls(sink.name)) map->field("name").error("must be one line");
  const TypeNeeds* type = load_type(map->required("type"));
  if (type != nullptr) sink.type = type->type;
  if (sink.type == "email")
    load_mail(*map, context, sink);
  else if (sink.type == "exec")
    load_program(*map, config, sink);
  else
    load_place(*map, type, context, sink);
  sink.when = map->field("when").placed_text();
  load_allowance(*map, sink.allowance);
  take(sink.timeout, map->field("timeout").duration(seconds(1), minutes(10)));
  sink.operators = load_flag(map->field("operators"));
  load_public(map->field("public"), config, sink);
  load_format(map->field("format"), sink);
  load_pace(*map, sink);
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
    load_sink(item, context, config);
  }
}

// The address alone, or a map.
void load_stamp(const YamlField& field, const LoadContext& context, LogConfig& log) {
  if (!field.is_present()) return;
  StampConfig stamp;
  if (field.is_map()) {
    const auto map = field.map(keys::stamp, /*nothing_is_map=*/false);
    if (!map) return;
    load_url(map->required("url"), context, stamp.url);
    take(stamp.every, map->field("every").duration(minutes(1), hours(24)));
    load_allowance(*map, stamp.allowance);
  } else {
    load_url(field, context, stamp.url);
  }
  log.stamp = std::move(stamp);
}

void load_canaries(const YamlField& field, Config& config) {
  for (const YamlField& item : field.items(/*one_is_list=*/false)) {
    const auto map = item.map(keys::canary, /*nothing_is_map=*/false);
    if (!map) continue;
    CanaryConfig canary;
    canary.place = map->required("account").place();
    take(canary.account, map->field("account").text(/*bytes_max=*/400));
    take(canary.every, map->field("every").duration(minutes(1), hours(24)));
    config.canaries.push_back(std::move(canary));
  }
}

void load_heartbeat(const YamlField& field, const LoadContext& context, Config& config) {
  if (!field.is_present()) return;
  const auto map = field.map(keys::heartbeat, /*nothing_is_map=*/false);
  if (!map) return;
  HeartbeatConfig heartbeat;
  load_url(map->required("url"), context, heartbeat.url);
  take(heartbeat.every, map->field("every").duration(seconds(10), minutes(60)));
  load_allowance(*map, heartbeat.allowance);
  config.heartbeat = std::move(heartbeat);
}

}  // namespace pw
