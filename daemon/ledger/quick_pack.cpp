#include "daemon/ledger/quick_pack.h"

#include <zstd.h>

namespace pw {
namespace {

constexpr int level = -1;  // zstd.h: negative ones are faster than the usual

}  // namespace

void QuickPacker::Free::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }

QuickPacker::Context QuickPacker::make_context() {
  Context context(ZSTD_createCCtx());
  if (!context) return nullptr;
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  return context;
}

std::string QuickPacker::pack(std::string_view bytes) {
  if (!context_) context_ = make_context();
  if (!context_) return {};
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size =
      ZSTD_compress2(context_.get(), out.data(), out.size(), bytes.data(), bytes.size());
  out.resize(ZSTD_isError(size) != 0 ? 0 : size);
  return out;
}

std::string unpack_quick(std::string_view packed, std::size_t bytes_max) {
  const unsigned long long whole = ZSTD_getFrameContentSize(packed.data(), packed.size());
  // Both of its errors are larger than any size.
  if (whole > bytes_max) return {};
  std::string out(static_cast<std::size_t>(whole), '\0');
  const std::size_t size = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
  return ZSTD_isError(size) != 0 || size != out.size() ? std::string() : out;
}

}  // namespace pw
