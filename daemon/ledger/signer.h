// Signs checkpoints, and remembers what it signed last: it never signs two that
// no consistency proof can join. Kept apart from the writer, so that a process
// without network can hold the key one day.
#pragma once

#include <memory>
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

// A signer in another process, which holds the key and has no network. Its
// answers are checked like anybody's.
class SignerLink {
 public:
  virtual ~SignerLink() = default;

  struct Standing {
    std::string vkey;
    std::string note;  // what it signed last; empty when it signed nothing yet
  };
  virtual Result<Standing> standing() = 0;
  // As Signer's own: the note of `next`, or `refused`.
  virtual Result<std::string> sign(const Checkpoint& next, std::span<const Digest> proof) = 0;
  virtual Result<Done> adopt(std::string_view note) = 0;
};

class Signer {
 public:
  // Reads `signed_file` in `state`, which outlives the signer. A file that the
  // key did not sign is an error: somebody else writes there.
  static Result<Signer> open(const SignerKey& key, Folder& state);

  // With a key that is held elsewhere; `link` outlives the signer.
  static Result<Signer> open(SignerLink& link);

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
  Signer(const SignerKey& key, Folder& state);

  Signer(VerifierKey verifier, SignerLink& link) : verifier_(std::move(verifier)), link_(&link) {}

  Result<std::string> sign_elsewhere(const Checkpoint& next, std::span<const Digest> proof);

  std::shared_ptr<const Ed25519Key> key_;  // none with a link
  VerifierKey verifier_;
  Folder* state_ = nullptr;
  SignerLink* link_ = nullptr;
  std::optional<Checkpoint> last_;
};

}  // namespace pw
