// Bytes packed for this process alone, as fast as they can be: what is given to anybody
// else is gzip (warc.h). Zstandard at a level that trades size for time: an answer of
// 16 KB takes a sixth of zlib's fastest.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;

namespace pw {

// Keeps its tables from one to the next, up to about half a MiB.
class QuickPacker {
 public:
  // Empty where there is no memory for it.
  std::string pack(std::string_view bytes);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  using Context = std::unique_ptr<ZSTD_CCtx_s, Free>;
  static Context make_context();

  Context context_;
};

// Empty when damaged, or when they were more than `bytes_max`.
std::string unpack_quick(std::string_view packed, std::size_t bytes_max);

}  // namespace pw
