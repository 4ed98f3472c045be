// A shelf in a file: what the books of a daemon grow by is on disk.
#pragma once

#include <memory>
#include <utility>

#include "daemon/ledger/shelf.h"
#include "daemon/store/scratch.h"

namespace pw {

class ScratchShelf final : public Shelf {
 public:
  explicit ScratchShelf(std::unique_ptr<Scratch> scratch) : scratch_(std::move(scratch)) {}

  std::optional<std::string> find(Shelves shelf, AccountNumber account,
                                  const Digest& name) override {
    return scratch_->find(static_cast<int>(shelf), account, name);
  }
  void put(Shelves shelf, AccountNumber account, const Digest& name,
           std::string_view note) override {
    scratch_->put(static_cast<int>(shelf), account, name, note);
  }
  void each(Shelves shelf, AccountNumber account, const Visit& visit) override {
    scratch_->each(static_cast<int>(shelf), account, visit);
  }
  std::optional<Error> failure() const override { return scratch_->failure(); }

 private:
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace pw
