// The store as a source of leaves.
#pragma once

#include "daemon/ledger/log_writer.h"
#include "daemon/store/store.h"

namespace pw {

class StoreLeaves final : public LeafSource {
 public:
  // `store` outlives it.
  explicit StoreLeaves(Store& store) : store_(store) {}

  Result<std::uint64_t> leaf_count() override { return store_.leaf_count(); }
  Result<Done> each_leaf(
      std::uint64_t from, std::uint64_t count,
      const std::function<bool(std::uint64_t, std::string_view)>& visit) override {
    return store_.each_leaf(from, count, visit);
  }

 private:
  Store& store_;
};

}  // namespace pw
