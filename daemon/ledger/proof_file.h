// That one leaf is in the log, as one small file (C2SP tlog-proof): whoever has
// the leaf, the file and the log's key needs nothing else, and nobody's word.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/ledger/checkpoint.h"
#include "daemon/ledger/folder.h"
#include "daemon/ledger/merkle.h"

namespace pw {

inline constexpr std::string_view proof_extension = ".tlog-proof";

struct ProofFile {
  std::uint64_t index = 0;
  Proof proof{};           // leaf side first
  std::string checkpoint;  // the note, verbatim
};

// print_proof_file(*parse_proof_file(x)) == x. An "extra" line is refused: none of
// ours has one.
std::string print_proof_file(const ProofFile& file);
Result<ProofFile> parse_proof_file(std::string_view bytes);

// Of leaf `index`, from the tiles in `log`, under the checkpoint of `note`.
Result<ProofFile> make_proof_file(Folder& log, std::uint64_t index, const Checkpoint& checkpoint,
                                  std::string note);

// `refused` when the checkpoint is not of `key`, or the leaf is not the one.
Result<Done> check_proof_file(const ProofFile& file, std::string_view leaf, const VerifierKey& key);

}  // namespace pw
