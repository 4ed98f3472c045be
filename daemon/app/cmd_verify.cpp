// `pledgewatch verify`: a log's folder, checked as a stranger would.
#include <cstdio>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/ledger/verify.h"

namespace pw {
namespace {

using nlohmann::json;

std::string trimmed(std::string text) {
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.pop_back();
  return text;
}

// A key as it is written, or a file with one.
Result<VerifierKey> key_of(const std::string& argument) {
  const Result<VerifierKey> key = parse_vkey(argument);
  std::string text;
  if (key || !read_file(argument, text)) return key;
  return parse_vkey(trimmed(text));
}

json report_json(const VerifyReport& report) {
  json damages = json::array();
  for (const Damage& damage : report.damages) damages.push_back(print_damage(damage));
  json verdicts = json::object();
  for (std::size_t i = 0; i < verdict_names.size(); ++i) {
    verdicts[std::string(verdict_names[i])] = report.judgement.actors_by_verdict[i];
  }
  return {{"ok", report.ok()},
          {"anchored", report.anchored},
          {"damages", damages},
          {"damages_more", report.damages_more},
          {"leaves", report.leaves},
          {"looks", report.looks},
          {"checkpoints", report.checkpoints},
          {"actors_judged", report.judgement.actors_judged},
          {"actors_by_verdict", verdicts},
          {"verdicts_sha256", print_hex(report.verdicts)}};
}

}  // namespace

int verify_log(const VerifyOptions& options) {
  const Result<VerifierKey> key = key_of(options.key);
  if (!key) {
    std::fprintf(stderr, "pledgewatch: --key: %s\n", key.error().detail.c_str());
    return exit_usage;
  }
  std::optional<std::string> anchor;
  if (!options.anchor.empty() && !read_file(options.anchor, anchor.emplace())) {
    std::fprintf(stderr, "pledgewatch: --anchor: %s cannot be read\n", options.anchor.c_str());
    return exit_usage;
  }
  if (!std::filesystem::is_directory(options.folder)) {
    std::fprintf(stderr, "pledgewatch: %s is no folder\n", options.folder.c_str());
    return exit_usage;
  }
  const Result<std::unique_ptr<Folder>> folder = open_folder(options.folder);
  if (!folder) {
    std::fprintf(stderr, "pledgewatch: %s\n", folder.error().detail.c_str());
    return exit_world;
  }
  const VerifyReport report = verify(**folder, *key, anchor);
  if (options.json) {
    std::printf("%s\n",
                report_json(report).dump(-1, ' ', false, json::error_handler_t::replace).c_str());
  } else {
    for (const std::string& line : print_report(report)) std::printf("%s\n", line.c_str());
  }
  return report.ok() ? exit_fine : exit_no;
}

}  // namespace pw
