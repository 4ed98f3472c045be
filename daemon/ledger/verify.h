// Checks a log's folder as a stranger would: nothing of ours is believed but the
// key. Reads the leaves once, in order, holding one bundle at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ledger/checkpoint.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/folder.h"
#include "daemon/ledger/judgement.h"
#include "daemon/ledger/note.h"
#include "daemon/ledger/stamp.h"
#include "daemon/ledger/witness.h"

namespace pw {

// What is wrong, and where.
struct Damage {
  std::string file;                     // in the folder
  std::optional<std::uint64_t> byte{};  // from 0, in that file
  std::optional<std::uint64_t> leaf{};  // from 0, in the log
  std::string what;
};
// "tile/entries/000, byte 513, leaf 7: …"
std::string print_damage(const Damage& damage);

// A checkpoint that a time stamp authority was shown.
struct StampFound {
  std::uint64_t size = 0;
  Stamp stamp{};
  bool verified = false;  // its signature, against the authority's given certificate
};

inline constexpr std::size_t damages_max = 100;  // more are counted, not listed

struct VerifyReport {
  std::vector<Damage> damages;
  std::uint64_t damages_more = 0;
  // What a crash may leave and the next run removes or signs; no damage.
  std::vector<std::string> notes;
  Checkpoint checkpoint{};        // the latest that was signed
  std::uint64_t checkpoints = 0;  // in the history, all consistent when ok()
  std::uint64_t leaves = 0;       // under the latest checkpoint
  std::uint64_t looks = 0;
  std::vector<EvidenceEntry> evidence{};  // files beside the log that it names
  std::vector<ErasureEntry> erased{};     // posts whose content was erased
  bool anchored = false;                  // an anchor was given, and the log extends it
  // Witnesses who were named and whose word for a checkpoint of this log was found.
  std::vector<Cosignature> cosigned{};
  std::uint64_t cosigned_size = 0;  // the largest tree that enough of them saw
  std::size_t witnesses_needed = 0;
  std::vector<StampFound> stamps{};  // by size
  Judgement judgement;
  Digest verdicts{};  // SHA-256 of print_verdicts(judgement)

  bool ok() const { return damages.empty(); }
};

// Whom to believe beside the log's own key.
struct Anchors {
  std::optional<std::string> note{};  // a checkpoint that somebody kept elsewhere
  std::vector<VerifierKey> witnesses{};
  std::size_t witnesses_needed = 0;  // of them; 0: all
  std::string tsa{};                 // certificates of time stamp authorities, PEM; may be empty
};
VerifyReport verify(Folder& folder, const VerifierKey& key, const Anchors& anchors);
VerifyReport verify(Folder& folder, const VerifierKey& key,
                    const std::optional<std::string>& anchor = std::nullopt);

// For people, line by line; the last line is the answer.
std::vector<std::string> print_report(const VerifyReport& report);

}  // namespace pw
