#include "connectors/fediverse_handle.h"

#include <algorithm>

#include "connectors/utf8.h"
#include "connectors/web_address.h"

namespace pw {
namespace {

bool is_user_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name.front() != '.' && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
                  c == '-';
         });
}

}  // namespace

// "@name@host", "name@host", "https://host/@name", "https://host/users/name".
FediverseName split_fediverse_handle(std::string_view text, std::string_view host) {
  FediverseName name{.user = {}, .host = lower_ascii(host)};
  if (is_web_address(text)) {
    text.remove_prefix(text.find("://") + 3);
    const std::size_t slash = std::min(text.find('/'), text.size());
    name.host = lower_ascii(text.substr(0, slash));
    text.remove_prefix(std::min(slash + 1, text.size()));
    text = text.substr(0, text.find_first_of("?#"));
    if (text.starts_with("users/")) text.remove_prefix(6);
    while (text.ends_with('/')) text.remove_suffix(1);
  }
  if (text.starts_with("acct:")) text.remove_prefix(5);
  if (text.starts_with('@')) text.remove_prefix(1);
  const std::size_t at = text.find('@');
  name.user = lower_ascii(text.substr(0, at));
  if (at != std::string_view::npos) name.host = lower_ascii(text.substr(at + 1));
  return name;
}

std::optional<Account> normalise_fediverse(Account account, std::string_view example,
                                           std::string& why) {
  const FediverseName name = split_fediverse_handle(trimmed(account.handle), account.host);
  if (!is_host_name(name.host)) {
    why = std::string(example) + " handle names its home server, as in name@example.org";
    return std::nullopt;
  }
  if (!is_user_name(name.user)) {
    why =
        std::string(example) + " name has 1 to 64 letters, digits, underscores, points and hyphens";
    return std::nullopt;
  }
  account.handle = name.user + '@' + name.host;
  account.host = name.host;
  return account;
}

}  // namespace pw
