#include "daemon/ledger/proof_file.h"

#include <algorithm>
#include <charconv>

#include "daemon/ledger/tiles.h"

namespace pw {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1\n";
constexpr std::string_view index_mark = "index ";
constexpr std::size_t hashes_max = 63;

Error malformed_proof(std::string why) { return Error{Errc::malformed, std::move(why)}; }

std::optional<Digest> digest_from(std::string_view base64) {
  const auto bytes = parse_base64(base64);
  Digest digest{};
  if (!bytes || bytes->size() != digest.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return digest;
}

}  // namespace

std::string print_proof_file(const ProofFile& file) {
  std::string text(first_line);
  text += std::string(index_mark) + std::to_string(file.index) + '\n';
  for (const Digest& hash : file.proof) text += print_base64(bytes_of(hash)) + '\n';
  return text + '\n' + file.checkpoint;
}

Result<ProofFile> parse_proof_file(std::string_view bytes) {
  const std::string_view whole = bytes;
  if (!bytes.starts_with(first_line)) return malformed_proof("not a tlog-proof");
  const std::size_t gap = bytes.find("\n\n");
  if (gap == bytes.npos) return malformed_proof("a proof without a checkpoint");
  ProofFile file;
  file.checkpoint = bytes.substr(gap + 2);
  std::string_view head = bytes.substr(first_line.size(), gap + 1 - first_line.size());
  if (!head.starts_with(index_mark)) return malformed_proof("a proof without an index");
  head.remove_prefix(index_mark.size());
  const auto end = std::from_chars(head.data(), head.data() + head.size(), file.index);
  if (end.ec != std::errc{}) return malformed_proof("a proof without an index");
  head.remove_prefix(std::min(head.find('\n'), head.size() - 1) + 1);
  while (!head.empty()) {
    const std::size_t line = head.find('\n');
    const auto hash = digest_from(head.substr(0, line));
    if (!hash) return malformed_proof("a proof with a line that is no hash");
    if (file.proof.size() == hashes_max) return malformed_proof("a proof with too many hashes");
    file.proof.push_back(*hash);
    head.remove_prefix(line + 1);
  }
  // Refuses what follows a number, and hashes in no canonical form.
  if (print_proof_file(file) != whole) return malformed_proof("a proof in no canonical form");
  return file;
}

Result<ProofFile> make_proof_file(Folder& log, std::uint64_t index, const Checkpoint& checkpoint,
                                  std::string note) {
  auto proof = inclusion_proof(index, checkpoint.size, node_reader(log, checkpoint.size));
  if (!proof) return proof.error();
  return ProofFile{index, std::move(*proof), std::move(note)};
}

Result<Done> check_proof_file(const ProofFile& file, std::string_view leaf,
                              const VerifierKey& key) {
  const auto checkpoint = open_checkpoint(file.checkpoint, key);
  if (!checkpoint) return checkpoint.error();
  const bool holds =
      check_inclusion(file.index, checkpoint->size, hash_leaf(leaf), file.proof, checkpoint->root);
  if (!holds) return Error{Errc::refused, "the leaf is not the one that the log holds there"};
  return Done{};
}

}  // namespace pw
