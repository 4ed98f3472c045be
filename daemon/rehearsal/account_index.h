// Where in a population an account stands, so that an answer need not read all of
// them. It is a hint: whoever asks checks what it finds, and reads all of them when
// it finds nothing, so that a population may change at any time.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pw {

struct SimAccount;

class AccountIndex {
 public:
  // The first account of that name (compared without case) or id, as it was when
  // the index was filled.
  std::optional<std::size_t> by_name(std::string_view platform, std::string_view host,
                                     std::string_view name) const;
  std::optional<std::size_t> by_id(std::string_view platform, std::string_view host,
                                   std::string_view id) const;

  // Does nothing while there are as many accounts as when it was filled last.
  void fill(std::span<const SimAccount> accounts);

 private:
  std::unordered_map<std::string, std::size_t> places_;
  std::size_t filled_with_ = 0;
};

}  // namespace pw
