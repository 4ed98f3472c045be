// What the log says of one account, for whoever owns it: its verdict with the
// sentence, its looks, and every entry about its posts with the proof that the log
// holds it. Nothing of others is in it, but for their numbers in leaves of looks,
// of which the first and the last are shown.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/ledger/checkpoint.h"
#include "daemon/ledger/folder.h"
#include "daemon/ledger/judgement.h"

namespace pw {

struct ReceiptFile {
  std::string name;  // in the receipt's folder
  std::string bytes;
};

// receipt.json first; then, for each entry that has a proof, "leaf-<index>.json"
// with the leaf's own bytes and "leaf-<index>.tlog-proof".
Result<std::vector<ReceiptFile>> make_receipt(Folder& log, const Checkpoint& checkpoint,
                                              const std::string& note, const Judgement& judgement,
                                              AccountNumber account);

// Every leaf under a checkpoint, in order, from the folder's bundles.
Result<Done> each_leaf_of(Folder& log, std::uint64_t size,
                          const std::function<void(std::uint64_t, std::string_view)>& visit);

}  // namespace pw
