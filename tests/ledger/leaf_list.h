// Leaves in memory, as a store would give them.
#pragma once

#include <string>
#include <vector>

#include "daemon/ledger/log_writer.h"

namespace pw {

class LeafList final : public LeafSource {
 public:
  std::vector<std::string> leaves;

  Result<std::uint64_t> leaf_count() override { return std::uint64_t{leaves.size()}; }
  Result<Done> each_leaf(
      std::uint64_t from, std::uint64_t count,
      const std::function<bool(std::uint64_t, std::string_view)>& visit) override {
    for (std::uint64_t i = from; i < from + count && i < leaves.size(); ++i) {
      if (!visit(i, leaves[i])) break;
    }
    return Done{};
  }
};

}  // namespace pw
