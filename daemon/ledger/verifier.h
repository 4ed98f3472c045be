// The parts of one verification. Internal to the ledger.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/ledger/judge.h"
#include "daemon/ledger/tiles.h"
#include "daemon/ledger/verify.h"

namespace pw {

// The folder's tiles by what they are: a full one and thinner ones beside it.
struct TileFiles {
  // By level (-1: entries) and index, the widths that lie in the folder.
  std::map<std::pair<int, std::uint64_t>, std::set<unsigned>> widths;
};

class Verifier {
 public:
  Verifier(Folder& folder, const VerifierKey& key);
  VerifyReport run(const Anchors& anchors);

 private:
  // A signed size and root that the tree must pass through.
  struct Milestone {
    Checkpoint checkpoint;
    std::string file;
    std::uint64_t byte = 0;
  };

  void damage(Damage damage);
  void check_files();
  bool check_file_name(const std::string& path);
  void check_history();
  void check_anchor(const std::string& anchor);
  void check_cosigned(const Anchors& anchors);
  void hear_witnesses(const Anchors& anchors, std::string_view note, const std::string& file,
                      std::uint64_t byte);
  void check_stamps(const std::string& tsa);
  void check_stamp(std::uint64_t size, const std::string& path, const std::string& tsa);
  void check_leaves();
  // One bundle's leaves from `first` on; false when reading cannot go on.
  bool check_bundle(std::uint64_t first, std::uint64_t size);
  void check_leaf(const std::string& file, std::uint64_t byte, std::uint64_t index,
                  std::string_view leaf);
  void check_tile(unsigned level, std::uint64_t index, const std::vector<Digest>& hashes);
  void pass_milestones();
  void judge(std::uint64_t index, std::string_view leaf);
  void check_objects(std::uint64_t index, const Entry& entry);
  void check_object(std::uint64_t index, const Digest& digest, std::string_view what);
  Result<Terms> read_terms(const Digest& digest);
  Result<std::optional<std::string>> read(const std::string& path, std::uint64_t bytes_max);

  Folder& folder_;
  const VerifierKey& key_;
  VerifyReport report_;
  TileFiles tiles_;
  std::set<std::string> objects_;               // paths
  std::set<std::uint64_t> stamps_;              // sizes of stamped checkpoints
  std::map<std::uint64_t, std::string> notes_;  // of those, as the history has them
  std::multimap<std::uint64_t, Milestone> milestones_;
  TileStack stack_;
  std::vector<Digest> tile_hashes_;  // of the bundle at hand, as its hash tile says
  std::uint64_t judged_size_ = 0;    // leaves under the latest checkpoint
  Judge judge_;
};

}  // namespace pw
