#include "config/load.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "config/accepted_keys.h"
#include "config/files.h"
#include "config/load_sections.h"

namespace pw {
namespace {

constexpr int rule_files_max = 1'000;

std::string folder_of(std::string_view file) {
  const std::string folder = std::filesystem::path(file).parent_path().string();
  return folder.empty() ? "." : folder;
}

void load_rule_files(const YamlField& field, const LoadContext& context, Config& config) {
  const std::vector<YamlField> items = field.items(/*one_is_list=*/true);
  if (items.empty() && field.is_list()) field.error("names no rule file");
  if (items.size() > rule_files_max) {
    field.error("more than " + std::to_string(rule_files_max) + " rule files");
    return;
  }
  for (const YamlField& item : items) {
    std::optional<std::string> path = load_path(item, context);
    if (!path) continue;
    const auto& files = config.rule_files;
    if (std::find(files.begin(), files.end(), *path) != files.end()) {
      item.error("this rule file stands twice");
    } else {
      config.rule_files.push_back(*std::move(path));
    }
  }
}

void load_root(const YamlMap& root, const LoadContext& context, Config& config) {
  load_campaign(root.required("campaign"), config.campaign);
  take(config.roster_file, load_path(root.required("roster"), context));
  load_rule_files(root.required("rules"), context, config);
  load_connectors(root.required("connectors"), context, config);
  load_review(root.field("review"), context, config);
  constexpr std::array<std::string_view, 2> answers = {"true", "false"};
  config.allow_exec = root.field("allow_exec").name_of(answers, "answer") == answers.front();
  // After load_review, whose numbers bound what may be public.
  load_sinks(root.field("sinks"), context, config);
  load_heartbeat(root.field("heartbeat"), context, config);
  load_canaries(root.field("canaries"), config);
  load_store(root.required("store"), context, config);
  load_web(root.field("web"), context, config);
  load_log(root.field("log"), context, config);
  load_http(root.field("http"), context, config.http);
  take(config.concurrency, root.field("concurrency").number(1, 10'000));
}

bool stands_before(const Issue& a, const Issue& b) {
  return a.line != b.line ? a.line < b.line : a.column < b.column;
}

}  // namespace

std::optional<Config> load_config(std::string_view file, std::string_view text,
                                  const SecretReader& read_secret,
                                  std::span<const std::string_view> known_connectors,
                                  Issues& issues) {
  Issues found;
  std::optional<Config> config;
  const YamlLimits limits{.bytes_max = config_bytes_max};
  if (const auto tree = parse_yaml(file, text, limits, found)) {
    config.emplace();
    config->file = file;
    config->directory = folder_of(file);
    const LoadContext context{config->directory, read_secret, known_connectors};
    const YamlEntry top{.line = 1, .column = 1, .value = tree->root()};
    const YamlField root(file, found, "", &top);
    if (const auto map = root.map(keys::file, /*nothing_is_map=*/true))
      load_root(*map, context, *config);
  }
  std::stable_sort(found.begin(), found.end(), stands_before);
  if (has_errors(found)) config.reset();
  issues.insert(issues.end(), found.begin(), found.end());
  return config;
}

std::optional<Config> load_config_file(const std::string& file,
                                       std::span<const std::string_view> known_connectors,
                                       Issues& issues, const SecretReader& read_secret) {
  const Result<std::string> text = read_file(file, config_bytes_max);
  if (!text) {
    issues.push_back({file, 0, 0, "cannot be read: " + text.error().detail});
    return std::nullopt;
  }
  return load_config(file, *text, read_secret ? read_secret : SecretReader(read_secret_here),
                     known_connectors, issues);
}

}  // namespace pw
