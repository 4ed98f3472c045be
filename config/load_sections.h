// The sections of a campaign file, one reader each. For load.cpp only.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/load.h"
#include "config/yaml_reader.h"

namespace pw {

// What the readers need beside the file's own words.
struct LoadContext {
  std::string directory;
  const SecretReader& read_secret;
  std::span<const std::string_view> known_connectors;
};

void load_campaign(const YamlField& field, CampaignConfig& campaign);
void load_connectors(const YamlField& field, const LoadContext& context, Config& config);
void load_sinks(const YamlField& field, const LoadContext& context, Config& config);
void load_stamp(const YamlField& field, const LoadContext& context, LogConfig& log);
void load_canaries(const YamlField& field, Config& config);
void load_heartbeat(const YamlField& field, const LoadContext& context, Config& config);
void load_store(const YamlField& field, const LoadContext& context, Config& config);
// After load_campaign and load_store, whose values its defaults use.
void load_log(const YamlField& field, const LoadContext& context, Config& config);
void load_http(const YamlField& field, const LoadContext& context, HttpConfig& http);
void load_review(const YamlField& field, const LoadContext& context, Config& config);
// After load_store, whose folder holds the unix socket.
void load_web(const YamlField& field, const LoadContext& context, Config& config);

// `{ credential: NAME }` or `{ file: PATH }`, read. A text is refused with an
// explanation, or taken where `text_is_fine` (a webhook's address).
std::optional<Secret> load_secret(const YamlField& field, const LoadContext& context,
                                  bool text_is_fine);

// Where an e-mail sink's messages go, and which program an exec sink runs.
void load_mail(const YamlMap& map, const LoadContext& context, SinkConfig& sink);
void load_program(const YamlMap& map, const Config& config, SinkConfig& sink);

// How often a sink is told: group, repeat, flood and summaries. After everything else of it.
void load_pace(const YamlMap& map, SinkConfig& sink);

// allow_hosts and allow_ports.
void load_allowance(const YamlMap& map, Allowance& allowance);

// A path; relative ones start at the file's folder.
std::optional<std::string> load_path(const YamlField& field, const LoadContext& context);

// An http or https address with a host.
bool is_http_address(std::string_view text);

// Keeps `target` as it is unless the field gave a value.
template <class T, class V>
void take(T& target, std::optional<V> value) {
  if (value) target = static_cast<T>(*std::move(value));
}

}  // namespace pw
