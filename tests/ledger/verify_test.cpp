#include <algorithm>
#include <functional>
#include <string>

#include <catch2/catch.hpp>

#include "daemon/ledger/verify.h"
#include "tests/ledger/sample_log.h"

namespace {

using namespace pw;

const std::string long_day =
    "look 09:50..20:20/2m; sweep 21:10; again 44:10; find f 12:00..12:10; review ann dismissed f";

const SampleLog& sample() {
  static const SampleLog log = write_day(long_day);
  return log;
}

VerifyReport check(MemoryFolder folder, const std::optional<std::string>& anchor = std::nullopt) {
  return verify(folder, verifier_of(sample_key()), anchor);
}

// The first thing that is wrong, or "ok".
std::string first_damage(const VerifyReport& report) {
  return report.ok() ? "ok" : print_damage(report.damages.front());
}

bool names(const VerifyReport& report, const std::string& file) {
  return std::any_of(report.damages.begin(), report.damages.end(), [&](const Damage& damage) {
    return damage.file == file || file.starts_with(damage.file + '.');
  });
}

std::string last_line(const VerifyReport& report) { return print_report(report).back(); }

std::string part(const std::string& bytes, std::size_t from, std::size_t size) {
  return bytes.substr(from, size);
}

TEST_CASE("a log as it was written verifies, and its verdicts are the judge's") {
  const VerifyReport report = check(sample().folder);
  CHECK(first_damage(report) == "ok");
  CHECK(report.checkpoints == 3);
  CHECK(report.leaves == sample().source.leaves.size());
  CHECK(report.looks == 318);
  CHECK(report.notes.empty());
  CHECK(verdict_line(report.judgement) == "kept final N=300 D=2 min");
  CHECK(last_line(report) == "consistent; not anchored: its owner could have rewritten it");
  CHECK(print_hex(report.verdicts) == print_hex(check(sample().folder).verdicts));
}

TEST_CASE("a checkpoint that somebody kept anchors the log") {
  const std::string& history = sample().folder.files.at("checkpoints");
  std::size_t torn_at = 0;
  for (const PlacedNote& note : split_notes(history, torn_at)) {
    const VerifyReport report = check(sample().folder, std::string(note.bytes));
    CHECK(report.anchored);
    CHECK(last_line(report) == "consistent; it extends the checkpoint that was given");
  }
  CHECK_FALSE(check(sample().folder, "not a note").ok());
}

TEST_CASE("a byte flipped anywhere in any file is named with that file") {
  for (const auto& [path, bytes] : sample().folder.files) {
    const std::size_t step = std::max<std::size_t>(1, bytes.size() / 40);
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      MemoryFolder folder = sample().folder;
      folder.files[path][at] = static_cast<char>(folder.files[path][at] ^ 0x10);
      const VerifyReport report = check(folder);
      INFO(path << " byte " << at << ": " << first_damage(report));
      CHECK_FALSE(report.ok());
      CHECK(names(report, path));
    }
  }
}

TEST_CASE("every byte of every file of a small log counts, and is named with its file") {
  const SampleLog small = write_day(
      "look 09:50..20:20/90m; sweep 21:10; again 44:10; find f 12:00..12:10; review ann dismissed "
      "f");
  REQUIRE(check(small.folder).ok());
  std::size_t flips = 0;
  for (const auto& [path, bytes] : small.folder.files) {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      MemoryFolder folder = small.folder;
      char& byte = folder.files[path][at];
      byte = static_cast<char>(byte ^ (1 << at % 8));
      const VerifyReport report = check(std::move(folder));
      ++flips;
      if (!report.ok() && names(report, path)) continue;
      FAIL(path << " byte " << at << ": " << first_damage(report));
    }
  }
  CHECK(flips > 4000);
}

TEST_CASE("what no signature covers may change without harm, and is told as a note") {
  MemoryFolder folder = sample().folder;
  folder.files["tile/0/000.tmp"] = "half a tile";
  folder.files[".lock"] = "";
  folder.files["tile/entries/007"] = "leaves of a run that died before it signed";
  const VerifyReport report = check(folder);
  CHECK(first_damage(report) == "ok");
  CHECK(report.notes.size() == 2);
}

struct Sabotage {
  std::string name;
  std::string answer;  // a part of the line that names it
  std::function<void(MemoryFolder&, LeafList&)> harm;
};

// The leaves again as tiles under the old signatures; other files as harmed.
VerifyReport after(const Sabotage& sabotage) {
  MemoryFolder folder = sample().folder;
  LeafList leaves = sample().source;
  sabotage.harm(folder, leaves);
  if (leaves.leaves == sample().source.leaves) return check(std::move(folder));
  MemoryFolder state;
  MemoryFolder tiles;
  auto signer = Signer::open(sample_key(), state);
  (void)LogWriter(tiles, *signer).catch_up(leaves);
  std::erase_if(folder.files, [](const auto& file) { return file.first.starts_with("tile/"); });
  for (const auto& [path, bytes] : tiles.files) {
    if (path.starts_with("tile/")) folder.files[path] = bytes;
  }
  return check(std::move(folder));
}

const std::vector<Sabotage> sabotages = {
    {"a byte of a leaf", "tile/entries/000, byte 3851, leaf 37: the leaf does not have the hash",
     [](MemoryFolder& folder, LeafList&) {
       std::string& bundle = folder.files.at("tile/entries/000");
       std::size_t at = 0;
       for (int i = 0; i < 37; ++i) (void)next_entry(bundle, at);
       bundle[at + 10] ^= 1;
     }},
    {"a leaf dropped", "checkpoints, byte 0: the checkpoint of 107 leaves has the root",
     [](MemoryFolder&, LeafList& list) { list.leaves.erase(list.leaves.begin() + 20); }},
    {"a look removed", "the checkpoint of 322 leaves has the root",
     [](MemoryFolder&, LeafList& list) {
       std::string& leaf = list.leaves.at(300);
       auto looks = std::get<LooksEntry>(*decode(leaf));
       looks.looks.clear();
       leaf = encode(looks);
     }},
    {"leaves in another order", "the checkpoint of 107 leaves has the root",
     [](MemoryFolder&, LeafList& list) { std::swap(list.leaves[30], list.leaves[31]); }},
    {"the end cut off", "signed over 322 leaves, but only 256 can be read",
     [](MemoryFolder& folder, LeafList&) {
       std::erase_if(folder.files,
                     [](const auto& file) { return file.first.starts_with("tile/entries/001"); });
     }},
    {"a leaf back-dated", "the checkpoint of 214 leaves has the root",
     [](MemoryFolder&, LeafList& list) {
       std::string& leaf = list.leaves.at(150);
       leaf.replace(leaf.find("2020-09-16T1"), 12, "2020-09-16T0");
     }},
    {"signed again with another key", "log.vkey: not the key that was given",
     [](MemoryFolder& folder, LeafList&) {
       MemoryFolder state;
       MemoryFolder forged;
       LeafList source = sample().source;
       auto signer = Signer::open({"example.org/freeze", {6, 6, 6}}, state);
       (void)LogWriter(forged, *signer).catch_up(source);
       for (const std::string name : {"checkpoint", "checkpoints", "log.vkey"}) {
         folder.files[name] = forged.files.at(name);
       }
     }},
    {"the rules changed", "its bytes do not have the digest that names it",
     [](MemoryFolder& folder, LeafList&) {
       for (auto& [path, bytes] : folder.files) {
         if (path.ends_with(".yaml")) bytes = "rules: [other]\n";
       }
     }},
    {"the terms taken away", "missing: the terms that this leaf names",
     [](MemoryFolder& folder, LeafList& list) {
       const auto campaign = std::get<CampaignEntry>(*decode(list.leaves.at(0)));
       folder.files.erase(object_path(campaign.terms));
     }},
    {"checkpoints exchanged", "a checkpoint of fewer leaves than the one before it",
     [](MemoryFolder& folder, LeafList&) {
       std::string& history = folder.files.at("checkpoints");
       std::size_t torn_at = 0;
       const auto notes = split_notes(history, torn_at);
       history =
           std::string(notes[1].bytes) + std::string(notes[0].bytes) + std::string(notes[2].bytes);
     }},
};

TEST_CASE("every sabotage is called by its name and place") {
  for (const Sabotage& sabotage : sabotages) {
    const VerifyReport report = after(sabotage);
    std::string lines;
    for (const std::string& line : print_report(report)) lines += line + '\n';
    INFO(sabotage.name << '\n' << lines);
    CHECK_FALSE(report.ok());
    CHECK(lines.find("DAMAGED: ") != lines.npos);
    CHECK(lines.find(sabotage.answer) != lines.npos);
    CHECK(last_line(report) == "not consistent: this log is damaged or was changed");
  }
}

TEST_CASE("every file that is cut, emptied or gone is named") {
  for (const auto& [path, bytes] : sample().folder.files) {
    for (const std::size_t size : {bytes.size() - 1, bytes.size() / 2, std::size_t{0}}) {
      MemoryFolder folder = sample().folder;
      folder.files[path].resize(size);
      const VerifyReport report = check(folder);
      INFO(path << " cut to " << size << ": " << first_damage(report));
      CHECK_FALSE(report.ok());
      CHECK(names(report, path));
    }
    MemoryFolder folder = sample().folder;
    folder.files.erase(path);
    const VerifyReport report = check(folder);
    INFO(path << " gone: " << first_damage(report));
    CHECK_FALSE(report.ok());
    CHECK(names(report, path));
  }
}

// Tiles and entries of other leaves under the old signatures.
MemoryFolder with_leaves(const LeafList& leaves) {
  MemoryFolder fresh, state;
  LeafList source = leaves;
  auto signer = Signer::open(sample_key(), state);
  (void)LogWriter(fresh, *signer).catch_up(source);
  for (const auto& [path, bytes] : sample().folder.files) {
    if (!path.starts_with("tile/")) fresh.files[path] = bytes;
  }
  return fresh;
}

TEST_CASE("leaves that were dropped, reordered, back-dated or added do not have the signed roots") {
  LeafList dropped = sample().source;
  dropped.leaves.erase(dropped.leaves.begin() + 100);
  LeafList reordered = sample().source;
  std::swap(reordered.leaves[10], reordered.leaves[200]);
  LeafList back_dated = sample().source;
  std::string& leaf = back_dated.leaves[50];
  leaf.replace(leaf.find("2020"), 4, "2019");
  LeafList added = sample().source;
  added.leaves.insert(added.leaves.begin() + 30, encode(RunEntry{{}, "stop", ""}));
  for (const LeafList& leaves : {dropped, reordered, back_dated, added}) {
    const VerifyReport report = check(with_leaves(leaves));
    CHECK_FALSE(report.ok());
    CHECK(names(report, "checkpoints"));
  }
}

TEST_CASE("a log signed anew with another key is refused by the key that was given") {
  MemoryFolder forged, state;
  LeafList source = sample().source;
  auto signer = Signer::open({"example.org/freeze", {6, 6, 6}}, state);
  (void)LogWriter(forged, *signer).catch_up(source);
  for (const auto& [path, bytes] : sample().folder.files) {
    if (path.starts_with("objects/")) forged.files[path] = bytes;
  }
  const VerifyReport report = check(forged);
  CHECK(first_damage(report) == "log.vkey: not the key that was given");
  CHECK(names(report, "checkpoints"));
}

TEST_CASE("a checkpoint rolled back is named, and with all of the history by its anchor") {
  MemoryFolder folder = sample().folder;
  std::string& history = folder.files["checkpoints"];
  std::size_t torn_at = 0;
  const auto notes = split_notes(history, torn_at);
  const std::string first(notes[0].bytes);
  const std::string last(notes[2].bytes);
  folder.files["checkpoint"] = first;
  CHECK(first_damage(check(folder)) == "checkpoint: not the last note of checkpoints");
  history = first;
  CHECK(check(folder).ok());
  CHECK_FALSE(check(folder).notes.empty());
  CHECK(first_damage(check(folder, last)).find("the log was rolled back") != std::string::npos);
  history = last + first;
  CHECK(first_damage(check(folder)).find("fewer leaves than the one before") != std::string::npos);
}

TEST_CASE("the same owner's other history is caught by the anchor alone") {
  SampleLog other = write_day(
      "look 09:50..20:20/2m; sweep 21:10; again 44:10; find f 13:00..13:10; review ann dismissed "
      "f");
  CHECK(check(other.folder).ok());
  const VerifyReport report = check(other.folder, sample().folder.files.at("checkpoint"));
  CHECK(names(report, "anchor"));
  CHECK(last_line(report) == "not consistent: this log is damaged or was changed");
}

TEST_CASE("an object replaced or renamed, and a stranger's file, are named") {
  MemoryFolder folder = sample().folder;
  for (const auto& [path, bytes] : sample().folder.files) {
    if (!path.starts_with("objects/")) continue;
    MemoryFolder replaced = sample().folder;
    replaced.files[path] = "{}\n";
    CHECK(names(check(replaced), path));
  }
  folder.files["extra.txt"] = "hello";
  CHECK(first_damage(check(folder)) == "extra.txt: a file that is no part of a log");
}

TEST_CASE("what a crash leaves is told apart from damage") {
  MemoryFolder folder = sample().folder;
  const std::string bundle = folder.files.at("tile/entries/000");
  std::size_t at = 0;
  for (int i = 0; i < 9; ++i) (void)next_entry(bundle, at);
  folder.files["tile/entries/000.p/9"] = part(bundle, 0, at);
  folder.files["tile/0/000.p/9"] = part(folder.files.at("tile/0/000"), 0, 9 * 32);
  folder.files["tile/entries/000.tmp"] = "half";
  folder.files["tile/0/009"] = std::string(8192, 'x');
  const VerifyReport report = check(folder);
  CHECK(first_damage(report) == "ok");
  CHECK(report.notes.size() == 2);
  folder.files["tile/0/000.p/9"][5] ^= 1;
  folder.files["tile/entries/000.p/9"][5] ^= 1;
  CHECK(names(check(folder), "tile/0/000.p/9"));
  CHECK(names(check(folder), "tile/entries/000.p/9"));
}

TEST_CASE("a folder that died at any write verifies after the next run") {
  for (int limit = 0; limit < 30; ++limit) {
    SampleLog log;
    const LeafList all = leaves_of(parse_day(long_day), log.folder);
    int budget = limit;
    log.folder.budget = log.state.budget = &budget;
    for (const std::size_t size : {std::size_t{150}, all.leaves.size()}) {
      auto signer = Signer::open(sample_key(), log.state);
      log.source.leaves.assign(all.leaves.begin(),
                               all.leaves.begin() + static_cast<std::ptrdiff_t>(size));
      (void)LogWriter(log.folder, *signer).catch_up(log.source);
    }
    log.folder.budget = log.state.budget = nullptr;
    auto signer = Signer::open(sample_key(), log.state);
    REQUIRE(LogWriter(log.folder, *signer).catch_up(log.source));
    const VerifyReport report = check(log.folder);
    INFO("failed at write " << limit << ": " << first_damage(report));
    CHECK(report.ok());
    CHECK(report.notes.empty());
  }
}

TEST_CASE("a leaf that is not understood makes the log fail and every verdict unproven") {
  SampleLog log;
  LeafList all = leaves_of(parse_day(long_day), log.folder);
  all.leaves.insert(all.leaves.begin() + 5, R"({"type":"confession"})");
  auto signer = Signer::open(sample_key(), log.state);
  REQUIRE(LogWriter(log.folder, *signer).catch_up(all));
  const VerifyReport report = check(log.folder);
  CHECK(first_damage(report) ==
        "tile/entries/000, leaf 5: not understood: an entry of unknown type 'confession'");
  CHECK(report.judgement.accounts.at(0).verdict == Verdict::unproven);
  CHECK(report.judgement.accounts.at(0).missing.at(0) == Missing::log_not_understood);
}

TEST_CASE("an empty folder and a hostile one are answers, not crashes") {
  CHECK_FALSE(check({}).ok());
  MemoryFolder hostile;
  hostile.files["checkpoints"] = std::string(100'000, '\n');
  hostile.files["tile/0/x999/x999/999"] = std::string(8192, 'x');
  hostile.files["\x1b[31m\xe2\x80\xae.txt"] = "";
  const VerifyReport report = check(hostile);
  CHECK_FALSE(report.ok());
  for (const std::string& line : print_report(report)) {
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(line.find("\xe2\x80\xae") == std::string::npos);
  }
}

}  // namespace
