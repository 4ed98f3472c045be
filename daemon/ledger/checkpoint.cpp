#include "daemon/ledger/checkpoint.h"

#include <algorithm>
#include <charconv>

namespace pw {
namespace {

Error malformed_checkpoint(std::string why) { return Error{Errc::malformed, std::move(why)}; }

// The text's next line, without its end; every line of a note's text has one.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

std::string print_checkpoint(const Checkpoint& checkpoint) {
  std::string text = checkpoint.origin + '\n' + std::to_string(checkpoint.size) + '\n' +
                     print_base64(bytes_of(checkpoint.root)) + '\n';
  for (const std::string& line : checkpoint.extensions) text += line + '\n';
  return text;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  const std::string_view whole = text;
  Checkpoint checkpoint;
  checkpoint.origin = next_line(text);
  if (checkpoint.origin.empty()) return malformed_checkpoint("a checkpoint without an origin");
  const std::string_view size = next_line(text);
  const auto end = std::from_chars(size.data(), size.data() + size.size(), checkpoint.size);
  if (end.ec != std::errc{}) return malformed_checkpoint("a checkpoint without a size");
  const auto root = parse_base64(next_line(text));
  if (!root || root->size() != checkpoint.root.size()) {
    return malformed_checkpoint("a checkpoint without a root hash");
  }
  std::copy(root->begin(), root->end(), checkpoint.root.begin());
  while (!text.empty()) {
    checkpoint.extensions.emplace_back(next_line(text));
    if (checkpoint.extensions.back().empty())
      return malformed_checkpoint("a checkpoint with an empty line");
  }
  // Refuses leading zeros, signs, what follows a number, a missing line feed.
  if (print_checkpoint(checkpoint) != whole)
    return malformed_checkpoint("a checkpoint in no canonical form");
  return checkpoint;
}

Result<Checkpoint> open_checkpoint(std::string_view bytes, const VerifierKey& key) {
  const auto note = open_note(bytes, {&key, 1});
  if (!note) return note.error();
  auto checkpoint = parse_checkpoint(note->text);
  if (checkpoint && checkpoint->origin != key.name) {
    return malformed_checkpoint("a checkpoint of another log: " + checkpoint->origin);
  }
  return checkpoint;
}

std::vector<PlacedNote> split_notes(std::string_view file, std::size_t& torn_at) {
  std::vector<PlacedNote> notes;
  std::size_t at = 0;
  while (at < file.size()) {
    const std::size_t gap = file.find("\n\n", at);
    if (gap == file.npos) break;
    // Signature lines begin with an em dash; the first other line begins a note.
    std::size_t end = gap + 2;
    while (file.substr(end).starts_with("\xe2\x80\x94")) {
      const std::size_t line = file.find('\n', end);
      if (line == file.npos) break;
      end = line + 1;
    }
    const bool is_whole = end > gap + 2 && !file.substr(end).starts_with("\xe2\x80\x94");
    if (!is_whole) break;
    notes.push_back({at, file.substr(at, end - at)});
    at = end;
  }
  torn_at = at;
  return notes;
}

}  // namespace pw
