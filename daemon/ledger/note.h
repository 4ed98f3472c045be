// Signed notes (C2SP signed-note v1.0.0): a text that people can read, and
// signature lines under it that programs can check. Ed25519 (type 0x01) is the
// only kind that is made or believed here; lines of other kinds are kept.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"

namespace pw {

// A note with more signatures is refused: reading one must stay cheap.
inline constexpr std::size_t note_signatures_max = 100;
inline constexpr std::size_t note_bytes_max = 1'000'000;

using KeyBytes = std::array<std::uint8_t, 32>;

// What a key signs: notes of its own log, or others' checkpoints as a witness.
enum class KeyKind : std::uint8_t { log = 0x01, witness = 0x04 };

// Who a signature is believed from: "<name>+<8 hex digits>+<base64>".
struct VerifierKey {
  std::string name;
  std::uint32_t id = 0;  // the first four bytes of SHA-256(name, "\n", kind, public key)
  KeyBytes public_key{};
};
Result<VerifierKey> parse_vkey(std::string_view text, KeyKind kind = KeyKind::log);
std::string print_vkey(const VerifierKey& key, KeyKind kind = KeyKind::log);

// The secret half, "PRIVATE+KEY+<name>+<8 hex digits>+<base64>", the form of Go's
// golang.org/x/mod/sumdb/note.
struct SignerKey {
  std::string name;
  KeyBytes seed{};
};
Result<SignerKey> parse_skey(std::string_view text);
std::string print_skey(const SignerKey& key);
VerifierKey verifier_of(const SignerKey& key, KeyKind kind = KeyKind::log);

// Non-empty UTF-8 without white space and without '+'.
bool is_key_name(std::string_view name);

struct NoteSignature {
  std::string name;
  std::uint32_t id = 0;
  std::string bytes;  // after the key id; 64 for Ed25519
};

struct Note {
  std::string text;  // with its last line feed, without the empty line
  std::vector<NoteSignature> signatures;
};

// The form alone; nothing is checked. print_note(*parse_note(x)) == x.
Result<Note> parse_note(std::string_view bytes);
std::string print_note(const Note& note);

// `text` must end in a line feed and hold no other control characters.
Result<Note> sign_note(std::string text, const SignerKey& key);
// With a key that is kept; `as` is its public half.
class Ed25519Key;
Result<Note> sign_note(std::string text, const VerifierKey& as, const Ed25519Key& key);

// The signatures by `known` keys, each key once. A bad signature by a known key
// refuses the whole note, so does the absence of any good one.
Result<Note> open_note(std::string_view bytes, std::span<const VerifierKey> known);

}  // namespace pw
