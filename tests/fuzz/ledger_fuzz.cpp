// Hostile bytes against everything that `verify` reads: entries, notes, keys,
// checkpoints, histories, terms, bundles, canonical JSON. The first byte chooses;
// what was understood prints as the same bytes again.
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/ledger/checkpoint.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/jcs.h"
#include "daemon/ledger/note.h"
#include "daemon/ledger/report_text.h"
#include "daemon/ledger/terms.h"
#include "daemon/ledger/tiles.h"
#include "daemon/ledger/utf8.h"

namespace {

using namespace pw;

void check_entry(std::string_view bytes) {
  const auto entry = decode(bytes);
  if (entry) assert(encode(*entry) == bytes);
}

void check_note(std::string_view bytes) {
  const auto note = parse_note(bytes);
  if (note) assert(print_note(*note) == bytes);
  const auto vkey = parse_vkey(bytes);
  if (vkey) assert(print_vkey(*vkey) == bytes);
  const auto skey = parse_skey(bytes);
  if (skey) assert(print_skey(*skey) == bytes);
}

void check_checkpoint(std::string_view bytes) {
  const auto checkpoint = parse_checkpoint(bytes);
  if (checkpoint) assert(print_checkpoint(*checkpoint) == bytes);
  std::size_t torn_at = 0;
  std::size_t whole = 0;
  for (const PlacedNote& note : split_notes(bytes, torn_at)) {
    assert(note.at == whole);
    whole += note.bytes.size();
  }
  assert(whole == torn_at && torn_at <= bytes.size());
}

void check_terms(std::string_view bytes) {
  const auto terms = decode_terms(bytes);
  if (terms) assert(encode_terms(*terms) == bytes);
}

void check_json(std::string_view bytes) {
  const auto value = parse_json(bytes);
  if (!value) return;
  const auto once = print_jcs(*value);
  if (once) assert(*print_jcs(*parse_json(*once)) == *once);
}

void check_tiles(std::string_view bytes) {
  std::size_t at = 0;
  while (next_entry(bytes, at)) assert(at <= bytes.size());
  const auto name = parse_tile_path(bytes);
  if (!name) return;
  const std::string path = name->is_entries ? entries_path(name->index, name->width)
                                            : tile_path(name->level, name->index, name->width);
  assert(path == bytes || name->width == tile_width);
}

void check_texts(std::string_view bytes) {
  assert(is_utf8(clean_text(bytes, 50)) && clean_text(bytes, 50).size() <= 50);
  assert(is_utf8(html_text(bytes)) && html_text(bytes).find('<') == std::string::npos);
  assert(is_utf8(csv_cell(bytes)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 7) {
    case 0:
      check_entry(bytes);
      break;
    case 1:
      check_note(bytes);
      break;
    case 2:
      check_checkpoint(bytes);
      break;
    case 3:
      check_terms(bytes);
      break;
    case 4:
      check_json(bytes);
      break;
    case 5:
      check_tiles(bytes);
      break;
    default:
      check_texts(bytes);
      break;
  }
  return 0;
}
