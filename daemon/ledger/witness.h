// Other people's word for a checkpoint: cosignatures (C2SP tlog-cosignature, type
// 0x04, Ed25519). One says: at this time this was the largest tree of this log
// that I had seen, and it extended every one before. So many independent witnesses,
// so many who would have to lie for the owner to keep a second history.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/core/time.h"
#include "daemon/ledger/note.h"

namespace pw {

struct Cosignature {
  std::string witness;
  Instant at{};
};

// The good ones among a note's signatures by `witnesses`, each witness once. A bad
// signature by a known witness is an error, as a bad one by the log's own key is.
Result<std::vector<Cosignature>> cosignatures(const Note& note,
                                              const std::vector<VerifierKey>& witnesses);

// One signature line for the checkpoint of `text`: what a witness answers. `at` in
// whole seconds.
NoteSignature cosign(std::string_view text, const SignerKey& key, Instant at);

}  // namespace pw
