#include "daemon/ledger/witness.h"

#include <algorithm>

#include "daemon/ledger/ed25519.h"

namespace pw {
namespace {

constexpr std::size_t cosigned_time_bytes = 8;
constexpr std::size_t signature_bytes = 64;

std::string message(std::string_view text, std::uint64_t seconds) {
  return "cosignature/v1\ntime " + std::to_string(seconds) + '\n' + std::string(text);
}

std::uint64_t big_endian_64(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

bool is_by(const NoteSignature& signature, const VerifierKey& key) {
  return signature.name == key.name && signature.id == key.id;
}

Result<Cosignature> check(const Note& note, const NoteSignature& signature,
                          const VerifierKey& key) {
  const std::string_view bytes = signature.bytes;
  // Beyond year 9999 is no time of anybody's.
  constexpr std::uint64_t seconds_max = 253'402'300'799;
  const bool is_whole = bytes.size() == cosigned_time_bytes + signature_bytes;
  const std::uint64_t seconds = is_whole ? big_endian_64(bytes.substr(0, cosigned_time_bytes)) : 0;
  if (!is_whole || seconds > seconds_max ||
      !ed25519_verify(key.public_key, message(note.text, seconds),
                      bytes.substr(cosigned_time_bytes))) {
    return Error{Errc::refused,
                 "a cosignature by witness " + key.name + " that does not match the checkpoint"};
  }
  return Cosignature{key.name, instant_of_ms(static_cast<std::int64_t>(seconds) * 1000)};
}

}  // namespace

Result<std::vector<Cosignature>> cosignatures(const Note& note,
                                              const std::vector<VerifierKey>& witnesses) {
  std::vector<Cosignature> all;
  for (const VerifierKey& key : witnesses) {
    const auto it = std::find_if(note.signatures.begin(), note.signatures.end(),
                                 [&](const auto& signature) { return is_by(signature, key); });
    if (it == note.signatures.end()) continue;
    auto cosignature = check(note, *it, key);
    if (!cosignature) return cosignature.error();
    all.push_back(std::move(*cosignature));
  }
  return all;
}

NoteSignature cosign(std::string_view text, const SignerKey& key, Instant at) {
  const auto seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(0, ms_of(at) / 1000));
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(seconds >> shift);
  bytes += ed25519_sign(key.seed, message(text, seconds));
  return {key.name, verifier_of(key, KeyKind::witness).id, bytes};
}

}  // namespace pw
