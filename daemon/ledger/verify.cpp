#include "daemon/ledger/verify.h"

#include <algorithm>

#include "daemon/ledger/log_writer.h"
#include "daemon/ledger/sentence.h"
#include "daemon/ledger/utf8.h"
#include "daemon/ledger/verifier.h"

namespace pw {
namespace {

std::string object_name(std::string_view path) {
  path.remove_prefix(objects_folder.size());
  return std::string(path.substr(0, path.find('.')));
}

std::string hex_prefix(const Digest& digest) { return print_hex(digest).substr(0, 16) + "…"; }

}  // namespace

namespace {

// What was erased together, on one line.
std::vector<std::string> erasures_of(const std::vector<ErasureEntry>& erased) {
  std::map<std::tuple<Instant, AccountNumber, std::string>, int> together;
  for (const ErasureEntry& e : erased) ++together[{e.at, e.account, e.who}];
  std::vector<std::string> lines;
  for (const auto& [what, count] : together) {
    const auto& [at, account, who] = what;
    lines.push_back("erased: the content of " + std::to_string(count) +
                    (count == 1 ? " post" : " posts") + " of account " + std::to_string(account) +
                    ", at " + print_utc(at) + " by " + who);
  }
  return lines;
}

const StampFound* last_verified(const VerifyReport& report) {
  const auto it = std::find_if(report.stamps.rbegin(), report.stamps.rend(),
                               [](const StampFound& found) { return found.verified; });
  return it == report.stamps.rend() ? nullptr : &*it;
}

}  // namespace

Verifier::Verifier(Folder& folder, const VerifierKey& key)
    : folder_(folder), key_(key), judge_([this](const Digest& d) { return read_terms(d); }) {}

void Verifier::damage(Damage damage) {
  if (report_.damages.size() < damages_max) {
    report_.damages.push_back(std::move(damage));
  } else {
    ++report_.damages_more;
  }
}

Result<std::optional<std::string>> Verifier::read(const std::string& path,
                                                  std::uint64_t bytes_max) {
  auto bytes = folder_.read(path, bytes_max);
  if (!bytes) damage({path, {}, {}, bytes.error().detail});
  return bytes;
}

VerifyReport Verifier::run(const Anchors& anchors) {
  check_files();
  check_history();
  if (anchors.note) check_anchor(*anchors.note);
  check_cosigned(anchors);
  check_stamps(anchors.tsa);
  check_leaves();
  report_.judgement = judge_.judge();
  report_.verdicts = sha256(print_verdicts(report_.judgement));
  report_.anchored = anchors.note.has_value() && report_.ok();
  return std::move(report_);
}

void Verifier::check_files() {
  const auto files = folder_.list("");
  if (!files) return damage({"", {}, {}, files.error().detail});
  for (const FolderFile& file : *files) {
    if (!check_file_name(file.path)) {
      damage({file.path, {}, {}, "a file that is no part of a log"});
    }
  }
}

bool Verifier::check_file_name(const std::string& path) {
  if (const auto tile = parse_tile_path(path)) {
    const int level = tile->is_entries ? -1 : static_cast<int>(tile->level);
    tiles_.widths[{level, tile->index}].insert(tile->width);
    return true;
  }
  if (path.starts_with(objects_folder) && parse_digest(object_name(path)) &&
      (path.ends_with(".json") || path.ends_with(".yaml"))) {
    objects_.insert(path);
    const auto bytes = read(path, object_bytes_max);
    if (bytes && *bytes && print_hex(sha256(**bytes)) != object_name(path)) {
      damage({path, {}, {}, "its bytes do not have the digest that names it"});
    }
    return true;
  }
  if (const auto size = stamped_size(path)) {
    stamps_.insert(*size);
    return true;
  }
  if (is_temporary(path)) report_.notes.push_back(path + ": left over by a crash");
  return is_temporary(path) || path == checkpoint_file || path == history_file ||
         path == vkey_file || path == cosigned_file || path == lock_file;
}

// Every note of the history, in order; the latest must be the file `checkpoint`.
void Verifier::check_history() {
  const auto vkey = read(std::string(vkey_file), note_bytes_max);
  if (vkey && *vkey != print_vkey(key_) + '\n') {
    damage({std::string(vkey_file), {}, {}, "not the key that was given"});
  }
  const std::string file(history_file);
  const auto stored = read(file, history_bytes_max);
  const std::string bytes = stored ? stored->value_or("") : "";
  if (bytes.empty()) damage({file, {}, {}, "no checkpoint: nothing here was ever signed"});
  std::size_t torn_at = 0;
  std::string_view latest;
  for (const PlacedNote& note : split_notes(bytes, torn_at)) {
    const auto checkpoint = open_checkpoint(note.bytes, key_);
    latest = note.bytes;
    if (!checkpoint) {
      damage({file, note.at, {}, checkpoint.error().detail});
      continue;
    }
    if (checkpoint->size < report_.checkpoint.size) {
      damage({file, note.at, {}, "a checkpoint of fewer leaves than the one before it"});
    }
    milestones_.emplace(checkpoint->size, Milestone{*checkpoint, file, note.at});
    if (stamps_.contains(checkpoint->size)) notes_[checkpoint->size] = std::string(note.bytes);
    report_.checkpoint = *checkpoint;
    ++report_.checkpoints;
  }
  if (torn_at < bytes.size()) damage({file, torn_at, {}, "no whole note"});
  const auto current = read(std::string(checkpoint_file), note_bytes_max);
  if (current && *current != std::string(latest)) {
    damage({std::string(checkpoint_file), {}, {}, "not the last note of " + file});
  }
}

void Verifier::check_leaves() {
  const std::uint64_t size = report_.checkpoint.size;
  judged_size_ = size;
  pass_milestones();
  for (std::uint64_t first = 0; first < size; first += tile_width) {
    if (!check_bundle(first, size)) break;
  }
  report_.leaves = stack_.size();
  const auto check = [this](unsigned level, std::uint64_t index,
                            const std::vector<Digest>& hashes) -> Result<Done> {
    check_tile(level, index, hashes);
    return Done{};
  };
  if (stack_.size() == size) (void)stack_.each_partial(check);
  // What was not reached is told by the first milestone behind it.
  const auto missed = milestones_.upper_bound(stack_.size());
  if (missed != milestones_.end()) {
    damage({missed->second.file, missed->second.byte, stack_.size(),
            "signed over " + std::to_string(missed->first) + " leaves, but only " +
                std::to_string(stack_.size()) + " can be read"});
  }
  for (const auto& [place, widths] : tiles_.widths) {
    const auto level = static_cast<unsigned>(std::max(0, place.first));
    if (tile_width_at(level, place.second, size) > 0) continue;
    const unsigned width = *widths.rbegin();
    report_.notes.push_back((place.first < 0 ? entries_path(place.second, width)
                                             : tile_path(level, place.second, width)) +
                            ": not signed yet");
  }
}

bool Verifier::check_bundle(std::uint64_t first, std::uint64_t size) {
  const std::uint64_t index = first / tile_width;
  const auto found = tiles_.widths.find({-1, index});
  const auto wanted = static_cast<unsigned>(std::min<std::uint64_t>(tile_width, size - first));
  if (found == tiles_.widths.end() || *found->second.rbegin() < wanted) {
    damage({entries_path(index, wanted), {}, first, "missing"});
    return false;
  }
  const std::string file = entries_path(index, *found->second.rbegin());
  const auto bundle = read(file, bundle_bytes_max);
  if (!bundle || !*bundle) return false;
  const auto tile = read_tile(folder_, 0, index, wanted);
  tile_hashes_ = tile ? *tile : std::vector<Digest>();
  std::size_t at = 0;
  for (unsigned i = 0; i < *found->second.rbegin(); ++i) {
    const std::size_t entry_at = at;
    const auto leaf = next_entry(**bundle, at);
    if (!leaf) {
      damage({file, entry_at, first + i, "the bundle ends inside this entry"});
      return false;
    }
    if (i < wanted) check_leaf(file, entry_at + 2, first + i, *leaf);
  }
  if (at != (*bundle)->size()) damage({file, at, {}, "more bytes than its entries have"});
  if (*found->second.rbegin() > wanted) {
    report_.notes.push_back(file + ": ends with leaves that are not signed yet");
  }
  for (const unsigned width : found->second) {
    if (width == *found->second.rbegin()) continue;
    const auto thinner = read(entries_path(index, width), bundle_bytes_max);
    if (thinner && *thinner && !(*bundle)->starts_with(**thinner)) {
      damage({entries_path(index, width), {}, {}, "not the beginning of " + file});
    }
  }
  return true;
}

void Verifier::check_leaf(const std::string& file, std::uint64_t byte, std::uint64_t index,
                          std::string_view leaf) {
  const Digest hash = hash_leaf(leaf);
  const std::size_t place = index % tile_width;
  if (place < tile_hashes_.size() && tile_hashes_[place] != hash) {
    damage({file, byte, index, "the leaf does not have the hash that its tile gives it"});
  }
  (void)stack_.append(hash,
                      [this](unsigned level, std::uint64_t i, const auto& hashes) -> Result<Done> {
                        check_tile(level, i, hashes);
                        return Done{};
                      });
  pass_milestones();
  judge(index, leaf);
}

// Every file of this tile must begin with, or be the beginning of, these hashes.
void Verifier::check_tile(unsigned level, std::uint64_t index, const std::vector<Digest>& hashes) {
  const std::string expected = print_tile(hashes);
  const auto found = tiles_.widths.find({static_cast<int>(level), index});
  const auto width = static_cast<unsigned>(hashes.size());
  if (found == tiles_.widths.end() || *found->second.rbegin() < width) {
    return damage({tile_path(level, index, width), {}, {}, "missing"});
  }
  for (const unsigned stored : found->second) {
    const std::string file = tile_path(level, index, stored);
    const auto bytes = read(file, tile_bytes_max);
    if (!bytes || !*bytes) continue;
    if ((*bytes)->size() != stored * Digest().size()) {
      damage({file, (*bytes)->size(), {}, "not as long as its name says"});
      continue;
    }
    const std::size_t size = std::min(expected.size(), (*bytes)->size());
    const auto differs = std::mismatch(
        expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(size), (*bytes)->begin());
    const auto at = static_cast<std::size_t>(differs.first - expected.begin());
    if (at < size) damage({file, at, {}, "not the hashes of the leaves and tiles below it"});
  }
}

// All checkpoints of a size the tree now has: equal roots there make all of them
// consistent with each other.
void Verifier::pass_milestones() {
  const auto [from, to] = milestones_.equal_range(stack_.size());
  for (auto it = from; it != to; ++it) {
    const Milestone& m = it->second;
    if (m.checkpoint.root == stack_.root()) continue;
    damage({m.file,
            m.byte,
            {},
            "the checkpoint of " + std::to_string(it->first) + " leaves has the root " +
                hex_prefix(m.checkpoint.root) + ", the leaves have " + hex_prefix(stack_.root())});
  }
}

void Verifier::judge(std::uint64_t index, std::string_view leaf) {
  const auto entry = decode(leaf);
  if (!entry) {
    judge_.add_unknown(index, entry.error().detail);
    return damage(
        {entries_path(index / tile_width), {}, index, "not understood: " + entry.error().detail});
  }
  if (const auto* looks = std::get_if<LooksEntry>(&*entry)) report_.looks += looks->looks.size();
  if (const auto* evidence = std::get_if<EvidenceEntry>(&*entry)) {
    report_.evidence.push_back(*evidence);
  }
  if (const auto* erasure = std::get_if<ErasureEntry>(&*entry)) report_.erased.push_back(*erasure);
  check_objects(index, *entry);
  judge_.add(index, *entry);
}

void Verifier::check_objects(std::uint64_t index, const Entry& entry) {
  const auto* campaign = std::get_if<CampaignEntry>(&entry);
  if (!campaign) return;
  check_object(index, campaign->terms, "terms");
  check_object(index, campaign->rules, "rules");
  check_object(index, campaign->connectors, "connectors");
}

void Verifier::check_object(std::uint64_t index, const Digest& digest, std::string_view what) {
  if (objects_.contains(object_path(digest, ".json"))) return;
  if (objects_.contains(object_path(digest, ".yaml"))) return;
  damage({object_path(digest, ""),
          {},
          index,
          "missing: the " + std::string(what) + " that this leaf names"});
}

Result<Terms> Verifier::read_terms(const Digest& digest) {
  const auto bytes = folder_.read(object_path(digest), object_bytes_max);
  if (!bytes) return bytes.error();
  if (!*bytes) return Error{Errc::gone, "missing"};
  if (sha256(**bytes) != digest) return Error{Errc::malformed, "not the bytes of that digest"};
  auto terms = decode_terms(**bytes);
  if (!terms) damage({object_path(digest), {}, {}, terms.error().detail});
  return terms;
}

VerifyReport verify(Folder& folder, const VerifierKey& key, const Anchors& anchors) {
  return Verifier(folder, key).run(anchors);
}

VerifyReport verify(Folder& folder, const VerifierKey& key,
                    const std::optional<std::string>& anchor) {
  return verify(folder, key, Anchors{anchor, {}, 0});
}

std::string print_damage(const Damage& damage) {
  std::string text = damage.file;
  if (damage.byte) text += ", byte " + std::to_string(*damage.byte);
  if (damage.leaf) text += ", leaf " + std::to_string(*damage.leaf);
  return text + ": " + damage.what;
}

std::vector<std::string> print_report(const VerifyReport& report) {
  std::vector<std::string> lines;
  const auto line = [&](const std::string& text) { lines.push_back(shown_text(text, 2000)); };
  line("log " + report.checkpoint.origin + ": " + std::to_string(report.leaves) + " leaves, " +
       std::to_string(report.looks) + " looks, " + std::to_string(report.checkpoints) +
       " checkpoints");
  line("root " + print_hex(report.checkpoint.root));
  for (const std::string& count : counts_of(report.judgement)) line(count);
  line("as of " + print_utc(report.judgement.as_of) +
       "; amendments: " + std::to_string(report.judgement.amendments.size()));
  line("verdicts " + print_hex(report.verdicts));
  for (const Remark& remark : report.judgement.remarks) {
    line("remark, leaf " + std::to_string(remark.leaf) + ": " + remark.text);
  }
  for (const std::string& note : report.notes) line("note: " + note);
  for (const Damage& damage : report.damages) line("DAMAGED: " + print_damage(damage));
  if (report.damages_more > 0) line("and " + std::to_string(report.damages_more) + " more");
  for (const std::string& erased : erasures_of(report.erased)) line(erased);
  for (const Outage& outage : report.judgement.outages) line("outage: " + sentence_of(outage));
  for (const StampFound& found : report.stamps) {
    line("the checkpoint of " + std::to_string(found.size) + " leaves was stamped at " +
         print_utc(found.stamp.at) +
         (found.stamp.authority.empty() ? "" : " by " + found.stamp.authority) +
         (found.verified ? ""
                         : "; not verified: no certificate of the authority was given (--tsa)"));
  }
  for (const Cosignature& cosignature : report.cosigned) {
    line("witness " + cosignature.witness + " saw " + std::to_string(report.cosigned_size) +
         " leaves or more at " + print_utc(cosignature.at));
  }
  line("It does not prove that what a look reports is what the platform served.");
  if (!report.ok())
    line("not consistent: this log is damaged or was changed");
  else if (report.anchored)
    line("consistent; it extends the checkpoint that was given");
  else if (const StampFound* last = last_verified(report))
    line("consistent; the authority saw the checkpoint of " + std::to_string(last->size) +
         " leaves by " + print_utc(last->stamp.at) + ", later ones are not anchored");
  else if (report.witnesses_needed > 0)
    line("consistent; " + std::to_string(report.cosigned.size()) +
         " witnesses saw the checkpoint of " + std::to_string(report.cosigned_size) + " leaves");
  else
    line("consistent; not anchored: its owner could have rewritten it");
  return lines;
}

}  // namespace pw
