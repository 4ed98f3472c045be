// Exports the store's leaves as a folder that anybody can check: tiles, entries,
// signed checkpoints. The store is the truth; the folder can always be made
// again, except for signatures, which are never contradicted.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/hash.h"
#include "daemon/core/result.h"
#include "daemon/ledger/folder.h"
#include "daemon/ledger/signer.h"
#include "daemon/ledger/tiles.h"

namespace pw {

// What the writer needs of a store.
class LeafSource {
 public:
  virtual ~LeafSource() = default;
  virtual Result<std::uint64_t> leaf_count() = 0;
  virtual Result<Done> each_leaf(
      std::uint64_t from, std::uint64_t count,
      const std::function<bool(std::uint64_t, std::string_view)>& visit) = 0;
};

// The folder's files beside the tiles.
inline constexpr std::string_view checkpoint_file = "checkpoint";  // the latest
inline constexpr std::string_view history_file = "checkpoints";    // all, one after another
inline constexpr std::string_view vkey_file = "log.vkey";
// Checkpoints with the signature lines of witnesses, one after another; put there
// by whoever asked the witnesses.
inline constexpr std::string_view cosigned_file = "cosigned";
inline constexpr std::string_view objects_folder = "objects/";
inline constexpr std::uint64_t history_bytes_max = 64'000'000;
inline constexpr std::uint64_t object_bytes_max = 256'000'000;

// "objects/<sha256 of bytes><extension>"; written before the leaf that names it.
std::string object_path(const Digest& digest, std::string_view extension = ".json");
Result<Digest> write_object(Folder& log, std::string_view bytes,
                            std::string_view extension = ".json");

struct Published {
  Checkpoint checkpoint;
  std::string note;     // empty while the log is
  bool is_new = false;  // signed by this call
};

class LogWriter {
 public:
  // One appender per folder: the caller holds lock_folder(). `log` and `signer`
  // outlive the writer.
  LogWriter(Folder& log, Signer& signer) : log_(log), signer_(signer) {}

  // Writes what is new, signs it and publishes the checkpoint; nothing new signs
  // nothing. After a crash or an error at any point the next call repairs.
  // `refused`: the source contradicts what was signed, and nothing was signed.
  Result<Published> catch_up(LeafSource& source);

 private:
  Result<Done> repair();
  Result<Done> repair_history();
  Result<Done> remove_leftovers(std::uint64_t size);
  Result<Done> extend(LeafSource& source, std::uint64_t count);
  Result<Done> take_leaf(std::uint64_t index, std::string_view leaf);
  Result<Done> check_signed_prefix() const;
  Result<Done> write_tile(unsigned level, std::uint64_t index, const std::vector<Digest>& hashes);
  Result<Done> write_partials();
  Result<Done> remove_replaced(std::uint64_t old_size, std::uint64_t size);
  Result<Done> remove_thinner(const std::string& path, unsigned width);
  Result<Published> publish(const Checkpoint& next);

  Folder& log_;
  Signer& signer_;
  std::optional<TileStack> stack_;  // nothing: not loaded, or an error left it in doubt
  std::string bundle_;              // entries since the last full bundle
  std::uint64_t bundled_ = 0;       // leaves in all bundles, the open one included
  bool has_leftovers_ = true;       // of the process before, perhaps
  std::string published_;           // the last note in the history
};

}  // namespace pw
