#include "daemon/rehearsal/account_index.h"

#include <algorithm>

#include "daemon/rehearsal/population.h"

namespace pw {
namespace {

std::string key_of(char kind, std::string_view platform, std::string_view host,
                   std::string_view name) {
  std::string key;
  key.reserve(platform.size() + host.size() + name.size() + 3);
  key += kind;
  key.append(platform).append(1, '\n').append(host).append(1, '\n').append(name);
  return key;
}

std::string name_key(std::string_view platform, std::string_view host, std::string_view name) {
  std::string key = key_of('n', platform, host, name);
  std::transform(key.begin(), key.end(), key.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return key;
}

std::optional<std::size_t> place_in(const std::unordered_map<std::string, std::size_t>& places,
                                    const std::string& key) {
  const auto it = places.find(key);
  return it == places.end() ? std::nullopt : std::optional<std::size_t>(it->second);
}

}  // namespace

std::optional<std::size_t> AccountIndex::by_name(std::string_view platform, std::string_view host,
                                                 std::string_view name) const {
  return place_in(places_, name_key(platform, host, name));
}

std::optional<std::size_t> AccountIndex::by_id(std::string_view platform, std::string_view host,
                                               std::string_view id) const {
  return place_in(places_, key_of('i', platform, host, id));
}

void AccountIndex::fill(std::span<const SimAccount> accounts) {
  if (accounts.size() == filled_with_) return;
  places_.clear();
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const SimAccount& account = accounts[i];
    places_.try_emplace(name_key(account.platform, account.host, account.name), i);
    places_.try_emplace(key_of('i', account.platform, account.host, account.id), i);
  }
  filled_with_ = accounts.size();
}

}  // namespace pw
