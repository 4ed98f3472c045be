#include "daemon/ledger/signer.h"

#include "daemon/ledger/ed25519.h"

namespace pw {
namespace {

Error contradicts(const Checkpoint& last, const Checkpoint& next) {
  return Error{Errc::refused, "refused to sign the log at " + std::to_string(next.size) +
                                  " leaves: it does not extend the one signed at " +
                                  std::to_string(last.size) +
                                  "; was the store restored from an older copy?"};
}

}  // namespace

Signer::Signer(const SignerKey& key, Folder& state)
    : key_(std::make_shared<Ed25519Key>(key.seed)), verifier_(verifier_of(key)), state_(&state) {}

Result<Signer> Signer::open(const SignerKey& key, Folder& state) {
  Signer signer(key, state);
  const auto note = state.read(std::string(signed_file), note_bytes_max);
  if (!note) return note.error();
  if (!*note) return signer;
  const auto last = open_checkpoint(**note, signer.verifier_);
  if (!last) {
    return Error{Errc::refused, std::string(signed_file) + ": " + last.error().detail};
  }
  signer.last_ = *last;
  return signer;
}

Result<Signer> Signer::open(SignerLink& link) {
  const auto standing = link.standing();
  if (!standing) return standing.error();
  const auto key = parse_vkey(standing->vkey);
  if (!key) return Error{Errc::malformed, "the signer's key: " + key.error().detail};
  Signer signer(*key, link);
  if (standing->note.empty()) return signer;
  const auto last = open_checkpoint(standing->note, signer.verifier_);
  if (!last) return Error{Errc::malformed, "the signer's last note: " + last.error().detail};
  signer.last_ = *last;
  return signer;
}

Result<std::string> Signer::sign_elsewhere(const Checkpoint& next, std::span<const Digest> proof) {
  auto note = link_->sign(next, proof);
  if (!note) return note;
  const auto signed_now = open_checkpoint(*note, verifier_);
  if (!signed_now || *signed_now != next)
    return Error{Errc::malformed, "the signer signed something else than it was asked to"};
  last_ = next;
  return note;
}

Result<std::string> Signer::sign(const Checkpoint& next, std::span<const Digest> proof) {
  if (next.origin != verifier_.name) return Error{Errc::refused, "a checkpoint of another log"};
  if (last_ && last_->size > 0 &&
      !check_consistency(last_->size, next.size, last_->root, next.root, proof)) {
    return contradicts(*last_, next);
  }
  if (link_ != nullptr) return sign_elsewhere(next, proof);
  auto note = sign_note(print_checkpoint(next), verifier_, *key_);
  if (!note) return note.error();
  std::string bytes = print_note(*note);
  if (last_ == next) return bytes;
  const auto kept = state_->replace(std::string(signed_file), bytes);
  if (!kept) return kept.error();
  last_ = next;
  return bytes;
}

Result<Done> Signer::adopt(std::string_view bytes) {
  const auto checkpoint = open_checkpoint(bytes, verifier_);
  if (!checkpoint) return checkpoint.error();
  if (last_ && last_->size >= checkpoint->size) return Done{};
  if (link_ != nullptr) {
    const auto taken = link_->adopt(bytes);
    if (taken) last_ = *checkpoint;
    return taken;
  }
  const auto kept = state_->replace(std::string(signed_file), bytes);
  if (!kept) return kept.error();
  last_ = *checkpoint;
  return Done{};
}

}  // namespace pw
