#include "daemon/http/content_decoder.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>

#include "daemon/core/ascii.h"

namespace pw {
namespace {

constexpr std::size_t piece_bytes = 32 * 1024;
constexpr int zstd_window_log_max = 23;                   // 8 MiB: RFC 9659 section 3
constexpr std::size_t zstd_kept_bytes_max = 1024 * 1024;  // a larger window is given back

Error damaged(std::string_view coding) {
  return {Errc::malformed, "the body is not valid " + std::string(coding)};
}

// The decoded text, its cap, and room for one piece of output.
struct Sink {
  std::array<char, piece_bytes> piece;
  std::size_t decoded_bytes_max = 0;

  Result<Done> append(std::string_view bytes, std::string& into) const {
    if (bytes.size() > decoded_bytes_max - std::min(into.size(), decoded_bytes_max)) {
      return Error{Errc::malformed, "the decoded body is larger than " +
                                        std::to_string(decoded_bytes_max) + " bytes"};
    }
    into.append(bytes);
    return Done{};
  }
};

// gzip and both kinds of deflate.
class Inflater {
 public:
  Inflater() = default;
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }

  void begin(bool is_gzip) {
    is_gzip_ = is_gzip;
    started_ = ended_ = false;
  }

  Result<Done> feed(std::string_view bytes, Sink& sink, std::string& into) {
    if (bytes.empty()) return Done{};
    if (!started_ && !start(bytes.front())) return damaged("gzip");
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      if (ended_ && !start_next_member()) return damaged("gzip: something follows its end");
      stream_.next_out = reinterpret_cast<Bytef*>(sink.piece.data());
      stream_.avail_out = static_cast<uInt>(sink.piece.size());
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return damaged("gzip");
      const std::size_t made = sink.piece.size() - stream_.avail_out;
      if (auto done = sink.append({sink.piece.data(), made}, into); !done) return done;
      ended_ = code == Z_STREAM_END;
    } while (stream_.avail_in > 0 || (stream_.avail_out == 0 && !ended_));
    return Done{};
  }

  bool is_whole() const { return !started_ || ended_; }

 private:
  // A zlib frame says so in its first byte (RFC 1950 section 2.2); bare deflate
  // cannot begin like that without setting bits that must be ignored.
  bool start(char first) {
    constexpr int with_gzip = 16;
    const bool is_zlib = (first & 0x0f) == 8;
    const int bits = is_gzip_ ? MAX_WBITS + with_gzip : is_zlib ? MAX_WBITS : -MAX_WBITS;
    const int code = ready_ ? inflateReset2(&stream_, bits) : inflateInit2(&stream_, bits);
    ready_ = started_ = code == Z_OK;
    return started_;
  }

  // Members may follow one another (RFC 1952 section 2.2).
  bool start_next_member() {
    ended_ = false;
    return is_gzip_ && inflateReset(&stream_) == Z_OK;
  }

  z_stream stream_{};
  bool ready_ = false;
  bool is_gzip_ = true;
  bool started_ = false;
  bool ended_ = false;
};

class Brotli {
 public:
  void begin() {
    state_.reset();  // it has no reset of its own
    ended_ = false;
  }

  Result<Done> feed(std::string_view bytes, Sink& sink, std::string& into) {
    if (bytes.empty()) return Done{};
    if (ended_) return damaged("br: something follows its end");
    if (!state_) state_.reset(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
    auto* next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::size_t left = bytes.size();
    for (;;) {
      auto* next_out = reinterpret_cast<std::uint8_t*>(sink.piece.data());
      std::size_t room = sink.piece.size();
      const auto code =
          BrotliDecoderDecompressStream(state_.get(), &left, &next_in, &room, &next_out, nullptr);
      if (code == BROTLI_DECODER_RESULT_ERROR) return damaged("br");
      const std::size_t made = sink.piece.size() - room;
      if (auto done = sink.append({sink.piece.data(), made}, into); !done) return done;
      if (code == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) continue;
      ended_ = code == BROTLI_DECODER_RESULT_SUCCESS;
      if (left > 0) return damaged("br: something follows its end");
      return Done{};
    }
  }

  bool is_whole() const { return !state_ || ended_; }

 private:
  struct Free {
    void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
  };
  std::unique_ptr<BrotliDecoderState, Free> state_;
  bool ended_ = false;
};

class Zstd {
 public:
  void begin() {
    if (context_ && ZSTD_sizeof_DCtx(context_.get()) > zstd_kept_bytes_max) context_.reset();
    if (context_) ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
    expected_ = 0;
  }

  Result<Done> feed(std::string_view bytes, Sink& sink, std::string& into) {
    if (!context_) {
      context_.reset(ZSTD_createDCtx());
      ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, zstd_window_log_max);
    }
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    bool is_full = false;
    while (in.pos < in.size || is_full) {
      ZSTD_outBuffer out{sink.piece.data(), sink.piece.size(), 0};
      expected_ = ZSTD_decompressStream(context_.get(), &out, &in);
      if (ZSTD_isError(expected_)) return damaged("zstd");
      if (auto done = sink.append({sink.piece.data(), out.pos}, into); !done) return done;
      is_full = out.pos == out.size && expected_ != 0;
    }
    return Done{};
  }

  bool is_whole() const { return expected_ == 0; }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context_;
  std::size_t expected_ = 0;  // bytes that zstd still waits for; 0 at a frame's end
};

enum class Coding { identity, gzip, deflate, br, zstd };

struct Name {
  std::string_view text;
  Coding coding;
};
constexpr Name names[] = {{"", Coding::identity},       {"identity", Coding::identity},
                          {"gzip", Coding::gzip},       {"x-gzip", Coding::gzip},
                          {"deflate", Coding::deflate}, {"br", Coding::br},
                          {"zstd", Coding::zstd}};

}  // namespace

struct ContentDecoder::State {
  Coding coding = Coding::identity;
  Sink sink;
  Inflater inflater;
  Brotli brotli;
  Zstd zstd;
};

ContentDecoder::ContentDecoder() : state_(std::make_unique<State>()) {}
ContentDecoder::~ContentDecoder() = default;

Result<Done> ContentDecoder::begin(std::string_view coding, std::size_t decoded_bytes_max) {
  const auto* name = std::find_if(std::begin(names), std::end(names), [&](const Name& row) {
    return equal_ignoring_case(row.text, coding);
  });
  if (name == std::end(names)) {
    return Error{Errc::malformed, "Content-Encoding is not one of ours: " + std::string(coding)};
  }
  state_->coding = name->coding;
  state_->sink.decoded_bytes_max = decoded_bytes_max;
  state_->inflater.begin(/*is_gzip=*/name->coding == Coding::gzip);
  state_->brotli.begin();
  state_->zstd.begin();
  return Done{};
}

Result<Done> ContentDecoder::feed(std::string_view bytes, std::string& into) {
  switch (state_->coding) {
    case Coding::identity:
      return state_->sink.append(bytes, into);
    case Coding::gzip:
    case Coding::deflate:
      return state_->inflater.feed(bytes, state_->sink, into);
    case Coding::br:
      return state_->brotli.feed(bytes, state_->sink, into);
    case Coding::zstd:
      return state_->zstd.feed(bytes, state_->sink, into);
  }
  return Done{};
}

Result<Done> ContentDecoder::finish() {
  const State& s = *state_;
  if (s.inflater.is_whole() && s.brotli.is_whole() && s.zstd.is_whole()) return Done{};
  return Error{Errc::malformed, "the compressed body ends early"};
}

}  // namespace pw
