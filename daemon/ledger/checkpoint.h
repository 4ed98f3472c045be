// A checkpoint (C2SP tlog-checkpoint v1.0.0): the size and the root hash of the
// log as its owner signed them, three lines of a note's text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/hash.h"
#include "daemon/core/result.h"
#include "daemon/ledger/note.h"

namespace pw {

struct Checkpoint {
  std::string origin;  // the log's name: equal to its key's
  std::uint64_t size = 0;
  Digest root{};
  // Lines that others may add; ours has none, since nobody can audit them.
  std::vector<std::string> extensions{};
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The note's text. print_checkpoint(*parse_checkpoint(x)) == x.
std::string print_checkpoint(const Checkpoint& checkpoint);
Result<Checkpoint> parse_checkpoint(std::string_view text);

// The checkpoint in a note signed by `key`, of the origin that is the key's name.
Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key);

// One note of a file that holds several, one after another.
struct PlacedNote {
  std::size_t at;  // its first byte in the file
  std::string_view bytes;
};

// Splits `file` at the ends of notes. What follows the last whole note (a torn
// write) is no note; `torn_at` is its first byte, or the file's size.
std::vector<PlacedNote> split_notes(std::string_view file, std::size_t& torn_at);

}  // namespace pw
