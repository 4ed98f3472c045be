// A day (day.h) written as a log, in three steps, so that its history has three
// checkpoints and its leaves two bundles.
#pragma once

#include <string>

#include "daemon/ledger/log_writer.h"
#include "tests/ledger/day.h"
#include "tests/ledger/leaf_list.h"
#include "tests/ledger/memory_folder.h"

namespace pw {

inline SignerKey sample_key() { return {"example.org/freeze", {1, 2, 3}}; }

struct SampleLog {
  MemoryFolder folder;
  MemoryFolder state;
  LeafList source;
};

// The leaves of the day, with the objects that they name in `folder`.
LeafList leaves_of(const Day& day, MemoryFolder& folder);
SampleLog write_day(const std::string& script);

}  // namespace pw
