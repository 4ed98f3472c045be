// `pledgewatch verify`: a log's folder, checked as a stranger would.
#include <cstdio>
#include <filesystem>
#include <set>

#include <nlohmann/json.hpp>

#include "daemon/app/commands.h"
#include "daemon/app/tell.h"
#include "daemon/ledger/evidence.h"
#include "daemon/ledger/verify.h"

namespace pw {
namespace {

using nlohmann::json;

std::string trimmed(std::string text) {
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.pop_back();
  return text;
}

// A key as it is written, or a file with one.
Result<VerifierKey> key_of(const std::string& argument, KeyKind kind = KeyKind::log) {
  const Result<VerifierKey> key = parse_vkey(argument, kind);
  std::string text;
  if (key || !read_file(argument, text)) return key;
  return parse_vkey(trimmed(text), kind);
}

// What the log names and the folder has otherwise, or not; erased posts' files are
// not missed.
Result<std::vector<Damage>> check_evidence(const std::string& path, const VerifyReport& report) {
  if (!std::filesystem::is_directory(path)) return Error{Errc::gone, path + " is no folder"};
  const Result<std::unique_ptr<Folder>> folder = open_folder(path);
  if (!folder) return folder.error();
  std::set<std::string> erased;
  for (const ErasureEntry& erasure : report.erased) erased.insert(erasure.post);
  std::vector<Damage> damages;
  for (const EvidenceEntry& evidence : report.evidence) {
    const std::string name = print_hex(evidence.record) + ".warc.gz";
    const auto bytes = (*folder)->read(name, 2 * evidence_bytes_max);
    const bool is_right = bytes && *bytes && sha256(**bytes) == evidence.record;
    const bool is_missing = bytes && !*bytes;
    if (is_right || (is_missing && erased.contains(evidence.post))) continue;
    damages.push_back({path + '/' + name,
                       {},
                       {},
                       is_missing ? "missing, and not erased"
                                  : "its bytes do not have the digest that the log names"});
  }
  return damages;
}

json report_json(const VerifyReport& report) {
  json damages = json::array();
  for (const Damage& damage : report.damages) damages.push_back(print_damage(damage));
  json stamps = json::array();
  for (const StampFound& found : report.stamps) {
    stamps.push_back({{"size", found.size},
                      {"at", print_rfc3339(found.stamp.at)},
                      {"authority", found.stamp.authority},
                      {"verified", found.verified}});
  }
  json verdicts = json::object();
  for (std::size_t i = 0; i < verdict_names.size(); ++i) {
    verdicts[std::string(verdict_names[i])] = report.judgement.actors_by_verdict[i];
  }
  return {{"ok", report.ok()},
          {"anchored", report.anchored},
          {"damages", damages},
          {"damages_more", report.damages_more},
          {"cosigned_by", report.cosigned.size()},
          {"cosigned_size", report.cosigned_size},
          {"stamps", stamps},
          {"evidence", report.evidence.size()},
          {"erased", report.erased.size()},
          {"origin", report.checkpoint.origin},
          {"root", print_hex(report.checkpoint.root)},
          {"as_of", print_rfc3339(report.judgement.as_of)},
          {"notes", report.notes},
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
  if (!key) return fail(exit_usage, "--key: " + key.error().detail);
  Anchors anchors;
  for (const std::string& witness : options.witnesses) {
    const Result<VerifierKey> known = key_of(witness, KeyKind::witness);
    if (!known) return fail(exit_usage, "--witness: " + known.error().detail);
    anchors.witnesses.push_back(*known);
  }
  if (options.quorum > static_cast<int>(anchors.witnesses.size()))
    return fail(exit_usage, "--quorum: more than there are witnesses");
  anchors.witnesses_needed = static_cast<std::size_t>(options.quorum);
  if (!options.anchor.empty() && !read_file(options.anchor, anchors.note.emplace()))
    return fail(exit_usage, "--anchor: " + options.anchor + " cannot be read");
  if (!options.tsa.empty() && !read_file(options.tsa, anchors.tsa))
    return fail(exit_usage, "--tsa: " + options.tsa + " cannot be read");
  if (!std::filesystem::is_directory(options.folder))
    return fail(exit_usage, options.folder + " is no folder");
  const Result<std::unique_ptr<Folder>> folder = open_folder(options.folder);
  if (!folder) {
    std::fprintf(stderr, "pledgewatch: %s\n", folder.error().detail.c_str());
    return exit_world;
  }
  VerifyReport report = verify(**folder, *key, anchors);
  if (!options.evidence.empty()) {
    const auto damages = check_evidence(options.evidence, report);
    if (!damages) return fail(exit_usage, "--evidence: " + damages.error().detail);
    report.damages.insert(report.damages.end(), damages->begin(), damages->end());
  }
  if (options.json) {
    std::printf("%s\n",
                report_json(report).dump(-1, ' ', false, json::error_handler_t::replace).c_str());
  } else {
    for (const std::string& line : print_report(report)) std::printf("%s\n", line.c_str());
  }
  return report.ok() ? exit_fine : exit_no;
}

}  // namespace pw
