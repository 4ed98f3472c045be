#include "daemon/ledger/note.h"

#include <algorithm>
#include <charconv>

#include "daemon/core/hash.h"
#include "daemon/ledger/ed25519.h"
#include "daemon/ledger/utf8.h"

namespace pw {
namespace {

constexpr std::string_view signature_mark = "\xe2\x80\x94 ";  // em dash, space
constexpr std::string_view skey_mark = "PRIVATE+KEY+";

Error malformed_note(std::string why) { return Error{Errc::malformed, std::move(why)}; }

std::string_view view(const KeyBytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string print_id(std::uint32_t id) {
  const std::array<std::uint8_t, 4> bytes = {
      static_cast<std::uint8_t>(id >> 24), static_cast<std::uint8_t>(id >> 16),
      static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id)};
  return print_hex(bytes);
}

std::uint32_t key_id(std::string_view name, std::string_view typed_key) {
  const Digest digest = sha256(std::string(name) + '\n' + std::string(typed_key));
  return big_endian(bytes_of(digest));
}

std::string typed(const KeyBytes& bytes, KeyKind kind) {
  return static_cast<char>(kind) + std::string(view(bytes));
}

// White space as Unicode's White_Space property has it.
bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

bool is_note_text(std::string_view bytes) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
  return is_utf8(bytes) && std::none_of(bytes.begin(), bytes.end(), is_control);
}

// "<name>+<id>+<key>" in its parts.
struct KeyParts {
  std::string name;
  std::string id;
  KeyBytes key{};
  std::string typed_key;
};

Result<KeyParts> parse_key(std::string_view text, KeyKind kind) {
  const std::size_t first = text.find('+');
  const std::size_t second = first == text.npos ? text.npos : text.find('+', first + 1);
  if (second == text.npos) return malformed_note("a key has the form name+id+base64");
  KeyParts parts{std::string(text.substr(0, first)),
                 std::string(text.substr(first + 1, second - first - 1)),
                 {},
                 {}};
  if (!is_key_name(parts.name)) return malformed_note("a key's name is empty or has spaces");
  const auto typed_key = parse_base64(text.substr(second + 1));
  if (!typed_key || typed_key->empty()) return malformed_note("a key that is not base64");
  if (typed_key->front() != static_cast<char>(kind)) {
    return malformed_note(kind == KeyKind::log ? "a key of a kind other than Ed25519"
                                               : "a key that is no witness's (type 0x04)");
  }
  if (typed_key->size() != 1 + parts.key.size()) return malformed_note("a key of the wrong length");
  std::copy(typed_key->begin() + 1, typed_key->end(), parts.key.begin());
  parts.typed_key = *typed_key;
  return parts;
}

Result<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(signature_mark)) return malformed_note("a signature line without its dash");
  line.remove_prefix(signature_mark.size());
  const std::size_t space = line.find(' ');
  if (space == line.npos) return malformed_note("a signature line without a signature");
  const auto bytes = parse_base64(line.substr(space + 1));
  const std::string_view name = line.substr(0, space);
  if (!is_key_name(name) || !bytes || bytes->size() < 5)
    return malformed_note("a malformed signature");
  return NoteSignature{std::string(name), big_endian(*bytes), bytes->substr(4)};
}

}  // namespace

bool is_key_name(std::string_view name) {
  if (name.empty() || !is_utf8(name) || name.find('+') != name.npos) return false;
  while (!name.empty()) {
    if (is_space(next_character(name))) return false;
  }
  return true;
}

Result<VerifierKey> parse_vkey(std::string_view text, KeyKind kind) {
  const auto parts = parse_key(text, kind);
  if (!parts) return parts.error();
  const std::uint32_t id = key_id(parts->name, parts->typed_key);
  if (parts->id != print_id(id)) return malformed_note("a key whose id is not its own");
  return VerifierKey{parts->name, id, parts->key};
}

std::string print_vkey(const VerifierKey& key, KeyKind kind) {
  return key.name + '+' + print_id(key.id) + '+' + print_base64(typed(key.public_key, kind));
}

Result<SignerKey> parse_skey(std::string_view text) {
  if (!text.starts_with(skey_mark)) return malformed_note("a secret key begins with PRIVATE+KEY+");
  const auto parts = parse_key(text.substr(skey_mark.size()), KeyKind::log);
  if (!parts) return parts.error();
  SignerKey key{parts->name, parts->key};
  if (parts->id != print_id(verifier_of(key).id))
    return malformed_note("a key whose id is not its own");
  return key;
}

std::string print_skey(const SignerKey& key) {
  return std::string(skey_mark) + key.name + '+' + print_id(verifier_of(key).id) + '+' +
         print_base64(typed(key.seed, KeyKind::log));
}

VerifierKey verifier_of(const SignerKey& key, KeyKind kind) {
  const KeyBytes public_key = ed25519_public(key.seed);
  return {key.name, key_id(key.name, typed(public_key, kind)), public_key};
}

Result<Note> parse_note(std::string_view bytes) {
  if (bytes.size() > note_bytes_max) return malformed_note("a note that is too long");
  if (!is_note_text(bytes)) return malformed_note("a note with bytes that no note has");
  const std::size_t gap = bytes.rfind("\n\n");
  if (gap == bytes.npos) return malformed_note("a note without an empty line");
  Note note{std::string(bytes.substr(0, gap + 1)), {}};
  std::string_view rest = bytes.substr(gap + 2);
  if (rest.empty() || rest.back() != '\n')
    return malformed_note("a note without whole signature lines");
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    auto signature = parse_signature(rest.substr(0, end));
    if (!signature) return signature.error();
    if (note.signatures.size() == note_signatures_max) return malformed_note("too many signatures");
    note.signatures.push_back(std::move(*signature));
    rest.remove_prefix(end + 1);
  }
  return note;
}

std::string print_note(const Note& note) {
  std::string out = note.text + '\n';
  for (const NoteSignature& signature : note.signatures) {
    std::string bytes;
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(signature.id >> shift);
    out += signature_mark;
    out += signature.name + ' ' + print_base64(bytes + signature.bytes) + '\n';
  }
  return out;
}

Result<Note> sign_note(std::string text, const SignerKey& key) {
  return sign_note(std::move(text), verifier_of(key), Ed25519Key(key.seed));
}

Result<Note> sign_note(std::string text, const VerifierKey& as, const Ed25519Key& key) {
  if (!text.ends_with('\n') || !is_note_text(text))
    return malformed_note("not a text that can be signed");
  NoteSignature signature{as.name, as.id, key.sign(text)};
  return Note{std::move(text), {std::move(signature)}};
}

Result<Note> open_note(std::string_view bytes, std::span<const VerifierKey> known) {
  auto note = parse_note(bytes);
  if (!note) return note;
  Note opened{note->text, {}};
  for (NoteSignature& signature : note->signatures) {
    const auto is_its_key = [&](const auto& key) {
      return key.name == signature.name && key.id == signature.id;
    };
    const auto key = std::find_if(known.begin(), known.end(), is_its_key);
    if (key == known.end()) continue;
    if (std::any_of(opened.signatures.begin(), opened.signatures.end(), is_its_key)) continue;
    if (!ed25519_verify(key->public_key, note->text, signature.bytes)) {
      return Error{Errc::refused, "a signature by " + key->name + " that does not match the text"};
    }
    opened.signatures.push_back(std::move(signature));
  }
  if (opened.signatures.empty()) return Error{Errc::refused, "no signature by a known key"};
  return opened;
}

}  // namespace pw
