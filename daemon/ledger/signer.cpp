#include "daemon/ledger/signer.h"

namespace pw {
namespace {

Error contradicts(const Checkpoint& last, const Checkpoint& next) {
  return Error{Errc::refused, "refused to sign the log at " + std::to_string(next.size) +
                                  " leaves: it does not extend the one signed at " +
                                  std::to_string(last.size) +
                                  "; was the store restored from an older copy?"};
}

}  // namespace

Result<Signer> Signer::open(SignerKey key, Folder& state) {
  Signer signer(std::move(key), state);
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

Result<std::string> Signer::sign(const Checkpoint& next, std::span<const Digest> proof) {
  if (next.origin != verifier_.name) return Error{Errc::refused, "a checkpoint of another log"};
  if (last_ && last_->size > 0 &&
      !check_consistency(last_->size, next.size, last_->root, next.root, proof)) {
    return contradicts(*last_, next);
  }
  auto note = sign_note(print_checkpoint(next), key_);
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
  const auto kept = state_->replace(std::string(signed_file), bytes);
  if (!kept) return kept.error();
  last_ = *checkpoint;
  return Done{};
}

}  // namespace pw
