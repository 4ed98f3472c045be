#include "daemon/core/http.h"

#include <algorithm>

#include "daemon/core/ascii.h"

namespace pw {
void HttpHeaders::clear() {
  bytes_.clear();
  fields_.clear();
}

void HttpHeaders::add(std::string_view name, std::string_view value) {
  fields_.push_back({static_cast<std::uint32_t>(bytes_.size()),
                     static_cast<std::uint32_t>(name.size()),
                     static_cast<std::uint32_t>(value.size())});
  bytes_ += name;
  bytes_ += value;
}

std::string_view HttpHeaders::name(std::size_t i) const {
  return std::string_view(bytes_).substr(fields_[i].name_at, fields_[i].name_size);
}

std::string_view HttpHeaders::value(std::size_t i) const {
  return std::string_view(bytes_).substr(fields_[i].name_at + fields_[i].name_size,
                                         fields_[i].value_size);
}

std::optional<std::string_view> HttpHeaders::find(std::string_view name) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (equal_ignoring_case(this->name(i), name)) return value(i);
  }
  return std::nullopt;
}

}  // namespace pw
