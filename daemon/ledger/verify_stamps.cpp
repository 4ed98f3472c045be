// Time stamps of checkpoints: what was stamped must be a checkpoint of the history.
#include "daemon/ledger/verifier.h"

namespace pw {

void Verifier::check_stamps(const std::string& tsa) {
  for (const std::uint64_t size : stamps_) check_stamp(size, stamp_path(size), tsa);
}

void Verifier::check_stamp(std::uint64_t size, const std::string& path, const std::string& tsa) {
  const auto note = notes_.find(size);
  if (note == notes_.end())
    return damage({path, {}, {}, "a stamp of a checkpoint that the history does not have"});
  const auto bytes = read(path, stamp_bytes_max);
  if (!bytes || !*bytes) return;
  const Result<Stamp> stamp = read_stamp(**bytes, note->second);
  if (!stamp) return damage({path, {}, {}, stamp.error().detail});
  const Result<Done> verified =
      tsa.empty() ? Result<Done>(Done{}) : verify_stamp(**bytes, note->second, tsa);
  if (!verified) return damage({path, {}, {}, verified.error().detail});
  report_.stamps.push_back({size, *stamp, !tsa.empty()});
}

}  // namespace pw
