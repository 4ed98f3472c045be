// Signs checkpoints, and remembers what it signed last: it never signs two that
// no consistency proof can join. Kept apart from the writer, so that a process
// without network can hold the key one day.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/core/result.h"
#include "daemon/ledger/checkpoint.h"
#include "daemon/ledger/folder.h"
#include "daemon/ledger/merkle.h"
#include "daemon/ledger/note.h"

namespace pw {

inline constexpr std::string_view signed_file = "last-signed";

class Signer {
 public:
  // Reads `signed_file` in `state`, which outlives the signer. A file that the
  // key did not sign is an error: somebody else writes there.
  static Result<Signer> open(SignerKey key, Folder& state);

  const VerifierKey& verifier() const { return verifier_; }
  const std::optional<Checkpoint>& last() const { return last_; }

  // The note of `next`, on disk in `state` before it is returned. `proof` shows
  // that `next` extends last(); it is empty for the first one and for an equal
  // one, whose note is the same again. `refused` when it does not.
  Result<std::string> sign(const Checkpoint& next, std::span<const Digest> proof);

  // For a state folder that was lost: takes over a checkpoint that this key
  // signed. Never goes back.
  Result<Done> adopt(std::string_view note);

 private:
  Signer(SignerKey key, Folder& state)
      : key_(std::move(key)), verifier_(verifier_of(key_)), state_(&state) {}

  SignerKey key_;
  VerifierKey verifier_;
  Folder* state_;
  std::optional<Checkpoint> last_;
};

}  // namespace pw
