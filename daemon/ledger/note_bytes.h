// Numbers and texts of a note on a shelf, one after the other. Read by the process
// that wrote them, so that nothing tells their kinds apart.
#pragma once

#include <cassert>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "daemon/core/hash.h"
#include "daemon/core/time.h"

namespace pw {

class NoteBytes {
 public:
  template <class T>
  NoteBytes& add(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  NoteBytes& add_text(std::string_view text) {
    add(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class NoteReader {
 public:
  explicit NoteReader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  void take(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::memcpy(static_cast<void*>(&value), cut(sizeof value).data(), sizeof value);
  }
  std::string take_text() {
    std::uint32_t size = 0;
    take(size);
    return std::string(cut(size));
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view cut(std::size_t size) {
    assert(size <= rest_.size() && "a note that was not written by this process");
    const std::string_view part = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return part;
  }

  std::string_view rest_;
};

}  // namespace pw
