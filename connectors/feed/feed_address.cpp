#include "connectors/feed/feed_address.h"

#include <algorithm>
#include <array>
#include <vector>

#include "connectors/utf8.h"

namespace pw {
namespace {

struct Address {
  std::string_view scheme{};     // without ':'
  std::string_view authority{};  // without "//"
  bool has_authority = false;
  std::string_view path{};
  std::string_view query{};     // with '?'
  std::string_view fragment{};  // with '#'
};

std::size_t scheme_length(std::string_view text) {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
  };
  const std::size_t end =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_part) - text.begin());
  if (end == 0 || end >= text.size() || text[end] != ':') return 0;
  return text[0] >= '0' && text[0] <= '9' ? 0 : end;
}

Address split(std::string_view text) {
  Address out;
  if (const std::size_t length = scheme_length(text); length > 0) {
    out.scheme = text.substr(0, length);
    text.remove_prefix(length + 1);
  }
  const std::size_t fragment = std::min(text.find('#'), text.size());
  out.fragment = text.substr(fragment);
  text = text.substr(0, fragment);
  const std::size_t query = std::min(text.find('?'), text.size());
  out.query = text.substr(query);
  text = text.substr(0, query);
  if (text.starts_with("//")) {
    const std::size_t slash = std::min(text.find('/', 2), text.size());
    out.has_authority = true;
    out.authority = text.substr(2, slash - 2);
    text = text.substr(slash);
  }
  out.path = text;
  return out;
}

std::string without_dots(std::string_view path) {
  const bool rooted = path.starts_with('/');
  std::vector<std::string_view> kept;
  bool directory = false;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    const bool last = slash == path.size();
    path.remove_prefix(std::min(slash + 1, path.size()));
    directory = !last || part == "." || part == "..";
    if (part == "." || (part.empty() && kept.empty() && rooted)) continue;
    if (part == "..") {
      if (!kept.empty()) kept.pop_back();
      continue;
    }
    kept.push_back(part);
  }
  std::string out = rooted ? "/" : "";
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i > 0) out += '/';
    out += kept[i];
  }
  if (directory && !kept.empty()) out += '/';
  return out;
}

// What may have relative addresses under it.
bool is_hierarchical(std::string_view scheme) {
  constexpr std::array<std::string_view, 7> schemes = {"http", "https",  "ftp",  "file",
                                                       "sftp", "gopher", "shttp"};
  return scheme.empty() ||
         std::find(schemes.begin(), schemes.end(), lower_ascii(scheme)) != schemes.end();
}

std::string print(const Address& address, std::string_view path) {
  std::string out;
  if (!address.scheme.empty()) out.append(address.scheme).append(":");
  if (address.has_authority) out.append("//").append(address.authority);
  out.append(path).append(address.query).append(address.fragment);
  return out;
}

// "http:///host/x" → "http://host/x", as readers in the wild do.
std::string without_surplus_slashes(std::string_view text) {
  const std::size_t length = scheme_length(text);
  std::string out(text);
  if (length == 0 || text.substr(length + 1, 3) != "///") return out;
  std::size_t end = length + 3;
  while (end < out.size() && out[end] == '/') ++end;
  out.erase(length + 3, end - (length + 3));
  return out;
}

}  // namespace

std::string join_address(std::string_view base_text, std::string_view address_text) {
  std::string fixed = without_surplus_slashes(address_text);
  if (base_text.empty()) return fixed;
  if (fixed.empty()) return std::string(base_text);
  const Address base = split(base_text);
  Address address = split(fixed);
  if (!address.scheme.empty() && !equal_ignoring_case(address.scheme, base.scheme)) return fixed;
  if (!is_hierarchical(base.scheme) || address.has_authority) {
    if (!address.scheme.empty() || !address.has_authority) return fixed;
    address.scheme = base.scheme;
    return print(address, address.path);
  }
  address.scheme = base.scheme;
  address.has_authority = base.has_authority;
  address.authority = base.authority;
  if (address.path.empty()) {
    if (address.query.empty()) address.query = base.query;
    return print(address, base.path);
  }
  if (address.path.starts_with('/')) return print(address, without_dots(address.path));
  std::string path(base.path.substr(0, base.path.rfind('/') + 1));
  if (path.empty() && base.has_authority) path = "/";
  return print(address, without_dots(path.append(address.path)));
}

std::string join_base(const std::string& base, std::string_view address) {
  const std::string joined = join_address(base, trimmed(address));
  if (base.empty() || is_hierarchical(split(joined).scheme)) return joined;
  return base;
}

}  // namespace pw
