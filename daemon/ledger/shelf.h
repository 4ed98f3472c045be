// Where a judge's books keep what they know of single posts and findings. A campaign
// may have any number of them, and the daemon judges for days: there they lie in a
// file, and in memory where a log is read once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "daemon/core/account.h"
#include "daemon/core/hash.h"
#include "daemon/core/result.h"

namespace pw {

enum class Shelves { posts, findings, finding_accounts };

class Shelf {
 public:
  using Visit = std::function<void(std::string_view note)>;
  virtual ~Shelf() = default;

  virtual std::optional<std::string> find(Shelves shelf, AccountNumber account,
                                          const Digest& name) = 0;
  // New, or in the place of what was there under that name.
  virtual void put(Shelves shelf, AccountNumber account, const Digest& name,
                   std::string_view note) = 0;
  // All of one account, in no order that anybody may rely on.
  virtual void each(Shelves shelf, AccountNumber account, const Visit& visit) = 0;

  // Once it has lost anything: what a judge says from then on is of no use.
  virtual std::optional<Error> failure() const { return std::nullopt; }
};

class MemoryShelf final : public Shelf {
 public:
  std::optional<std::string> find(Shelves shelf, AccountNumber account,
                                  const Digest& name) override {
    const auto it = notes_.find({shelf, account, name});
    return it == notes_.end() ? std::nullopt : std::optional(it->second);
  }
  void put(Shelves shelf, AccountNumber account, const Digest& name,
           std::string_view note) override {
    notes_.insert_or_assign({shelf, account, name}, std::string(note));
  }
  void each(Shelves shelf, AccountNumber account, const Visit& visit) override {
    const Key first{shelf, account, Digest{}};
    for (auto it = notes_.lower_bound(first); it != notes_.end(); ++it) {
      if (std::get<0>(it->first) != shelf || std::get<1>(it->first) != account) break;
      visit(it->second);
    }
  }

 private:
  using Key = std::tuple<Shelves, AccountNumber, Digest>;
  std::map<Key, std::string> notes_;
};

}  // namespace pw
