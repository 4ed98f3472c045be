// What others hold of the log: a kept checkpoint, and the word of witnesses.
#include <algorithm>

#include "daemon/ledger/log_writer.h"
#include "daemon/ledger/verifier.h"

namespace pw {

void Verifier::check_anchor(const std::string& anchor) {
  const auto checkpoint = open_checkpoint(anchor, key_);
  if (!checkpoint) return damage({"anchor", {}, {}, checkpoint.error().detail});
  if (checkpoint->size > report_.checkpoint.size) {
    return damage({"anchor",
                   {},
                   {},
                   "it was signed over " + std::to_string(checkpoint->size) +
                       " leaves, the log ends at " + std::to_string(report_.checkpoint.size) +
                       ": the log was rolled back"});
  }
  milestones_.emplace(checkpoint->size, Milestone{*checkpoint, "anchor", 0});
}

// Each note must be a checkpoint of this log that the tree passes through.
void Verifier::check_cosigned(const Anchors& anchors) {
  const std::string file(cosigned_file);
  const auto stored = read(file, history_bytes_max);
  const std::string bytes = stored ? stored->value_or("") : "";
  std::size_t torn_at = 0;
  for (const PlacedNote& note : split_notes(bytes, torn_at)) {
    hear_witnesses(anchors, note.bytes, file, note.at);
  }
  if (torn_at < bytes.size()) damage({file, torn_at, {}, "no whole note"});
  if (anchors.note) hear_witnesses(anchors, *anchors.note, "anchor", 0);
  if (anchors.witnesses.empty()) return;
  report_.witnesses_needed =
      anchors.witnesses_needed > 0 ? anchors.witnesses_needed : anchors.witnesses.size();
  if (report_.cosigned.size() >= report_.witnesses_needed) return;
  damage({file,
          {},
          {},
          "no checkpoint is cosigned by " + std::to_string(report_.witnesses_needed) + " of the " +
              std::to_string(anchors.witnesses.size()) + " witnesses"});
}

// Keeps the largest checkpoint that enough of the witnesses have signed.
void Verifier::hear_witnesses(const Anchors& anchors, std::string_view bytes,
                              const std::string& file, std::uint64_t byte) {
  const auto checkpoint = open_checkpoint(bytes, key_);
  if (!checkpoint) return damage({file, byte, {}, checkpoint.error().detail});
  milestones_.emplace(checkpoint->size, Milestone{*checkpoint, file, byte});
  const auto note = parse_note(bytes);
  auto heard = note ? cosignatures(*note, anchors.witnesses)
                    : Result<std::vector<Cosignature>>(note.error());
  if (!heard) return damage({file, byte, {}, heard.error().detail});
  const std::size_t needed =
      anchors.witnesses_needed > 0 ? anchors.witnesses_needed : anchors.witnesses.size();
  if (heard->size() < std::max<std::size_t>(1, needed)) return;
  if (checkpoint->size < report_.cosigned_size) return;
  report_.cosigned_size = checkpoint->size;
  report_.cosigned = std::move(*heard);
}

}  // namespace pw
