#include "daemon/http/answer_reader.h"

#include <algorithm>
#include <optional>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "daemon/core/ascii.h"
#include "daemon/http/content_decoder.h"

namespace pw {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr int interim_answers_max = 8;  // 1xx before the final answer
constexpr std::string_view version_prefix = "HTTP/1.";
constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::size_t body_reserve_bytes_max = 1024 * 1024;

std::string_view plain(beast::string_view text) { return {text.data(), text.size()}; }
Error malformed(std::string why) { return {Errc::malformed, "HTTP: " + std::move(why)}; }

// Faults of a whole head that the parser is too kind about: folded lines (it
// joins them), lone CR or LF, control characters.
std::optional<Error> fault_in_head(std::string_view head) {
  for (std::size_t i = 0; i < head.size(); ++i) {
    const auto byte = static_cast<unsigned char>(head[i]);
    if (byte >= 0x20 && byte != 0x7f) continue;
    if (byte == '\t') continue;
    if (byte != '\r' || i + 1 == head.size() || head[i + 1] != '\n') {
      return malformed("a control character in the header");
    }
    ++i;
    if (i + 1 < head.size() && (head[i + 1] == ' ' || head[i + 1] == '\t')) {
      return malformed("a folded header line");
    }
  }
  return std::nullopt;
}

// Beast's parser with our places for what it finds.
class Parser final : public http::basic_parser<false> {
 public:
  Parser(const AnswerLimits& limits, Question question, HttpResponse& into, ContentDecoder& decoder)
      : limits_(limits), into_(into), decoder_(decoder) {
    eager(true);
    skip(question != Question::ordinary);
    header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    body_limit(limits.raw_bytes_max);
    into_.status = 0;
    into_.headers.clear();
    into_.body.clear();
  }

  // Why the last call failed, where it was one of ours.
  std::optional<Error>& fault() { return fault_; }

 private:
  void fail(Error error, beast::error_code& ec) {
    fault_ = std::move(error);
    ec = http::error::bad_value;
  }

  void on_request_impl(http::verb, beast::string_view, beast::string_view, int,
                       beast::error_code&) override {}

  void on_response_impl(int code, beast::string_view, int version, beast::error_code& ec) override {
    is_http_11_ = version == 11;
    into_.status = code;
    if (code < 100) fail(malformed("a status below 100"), ec);
  }

  void on_field_impl(http::field field, beast::string_view name, beast::string_view value,
                     beast::error_code& ec) override {
    if (in_body_) return;  // a trailer: nothing we read may come so late
    if (into_.headers.size() >= limits_.header_count_max) {
      return fail(malformed("too many header fields"), ec);
    }
    has_length_ = has_length_ || field == http::field::content_length;
    if (field == http::field::transfer_encoding) note_transfer_encoding(plain(value), ec);
    if (field == http::field::content_encoding) note_coding(plain(value));
    into_.headers.add(plain(name), plain(value));
  }

  // We ask for no transfer coding but chunked, and HTTP/1.0 has none.
  void note_transfer_encoding(std::string_view value, beast::error_code& ec) {
    has_transfer_encoding_ = true;
    if (!is_http_11_ || !equal_ignoring_case(value, "chunked")) {
      fail(malformed("a transfer coding we did not ask for"), ec);
    }
  }

  // Several fields of one name are one list (RFC 9110 section 5.3).
  void note_coding(std::string_view value) {
    if (!coding_.empty()) coding_ += ", ";
    coding_ += value;
  }

  void on_header_impl(beast::error_code& ec) override {
    if (has_length_ && has_transfer_encoding_) {
      fail(malformed("Content-Length beside Transfer-Encoding"), ec);
    }
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length,
                         beast::error_code& ec) override {
    in_body_ = true;
    if (auto begun = decoder_.begin(coding_, limits_.decoded_bytes_max); !begun) {
      return fail(begun.error(), ec);
    }
    if (length) into_.body.reserve(std::min<std::uint64_t>(*length, body_reserve_bytes_max));
  }

  std::size_t on_body_impl(beast::string_view bytes, beast::error_code& ec) override {
    if (auto fed = decoder_.feed(plain(bytes), into_.body); !fed) fail(fed.error(), ec);
    return bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}

  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes,
                                 beast::error_code& ec) override {
    return on_body_impl(bytes, ec);
  }

  void on_finish_impl(beast::error_code& ec) override {
    if (!in_body_) return;
    if (auto finished = decoder_.finish(); !finished) fail(finished.error(), ec);
  }

  const AnswerLimits& limits_;
  HttpResponse& into_;
  ContentDecoder& decoder_;
  std::string coding_;
  std::optional<Error> fault_;
  bool is_http_11_ = false;
  bool has_length_ = false;
  bool has_transfer_encoding_ = false;
  bool in_body_ = false;
};

}  // namespace

struct AnswerReader::State {
  AnswerLimits limits;
  ContentDecoder decoder;
  Question question = Question::ordinary;
  HttpResponse* into = nullptr;
  std::optional<Parser> parser;
  std::size_t searched = 0;  // bytes of an unfinished head known to hold no end
  int interim_answers = 0;
  bool is_head_read = false;

  void restart() {
    parser.emplace(limits, question, *into, decoder);
    is_head_read = false;
    searched = 0;
  }

  Result<std::size_t> put(std::string_view bytes) {
    beast::error_code ec;
    const std::size_t taken = parser->put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
    if (parser->fault()) return *parser->fault();
    if (ec && ec != http::error::need_more) return malformed(ec.message());
    return taken;
  }

  // Nothing is taken before the whole head is there: it is checked as a whole.
  Result<std::size_t> feed_head(std::string_view bytes) {
    const auto prefix = bytes.substr(0, version_prefix.size());
    if (prefix != version_prefix.substr(0, prefix.size())) {
      return malformed("the answer is not HTTP/1");
    }
    const std::size_t end = bytes.find(head_end, searched);
    if (std::min(end, bytes.size()) + head_end.size() > limits.header_bytes_max) {
      return malformed("the header is longer than " + std::to_string(limits.header_bytes_max) +
                       " bytes");
    }
    if (end == std::string_view::npos) {
      searched = bytes.size() - std::min(bytes.size(), head_end.size() - 1);
      return std::size_t{0};
    }
    const std::string_view head = bytes.substr(0, end + head_end.size());
    if (auto fault = fault_in_head(head)) return *std::move(fault);
    is_head_read = true;
    return put(head);
  }

  Result<Done> skip_interim() {
    if (into->status == 101) return malformed("101, though we asked for no other protocol");
    if (++interim_answers > interim_answers_max) return malformed("too many 1xx answers");
    restart();
    return Done{};
  }
};

AnswerReader::AnswerReader(const AnswerLimits& limits) : state_(std::make_unique<State>()) {
  state_->limits = limits;
}
AnswerReader::~AnswerReader() = default;

void AnswerReader::begin(Question question, HttpResponse& into) {
  state_->question = question;
  state_->into = &into;
  state_->interim_answers = 0;
  state_->restart();
}

Result<std::size_t> AnswerReader::feed(std::string_view bytes) {
  State& s = *state_;
  std::size_t taken = 0;
  while (!s.is_head_read && taken < bytes.size()) {
    const auto head = s.feed_head(bytes.substr(taken));
    if (!head) return head.error();
    taken += *head;
    if (!s.is_head_read) return taken;
    if (s.into->status >= 200) break;
    if (auto skipped = s.skip_interim(); !skipped) return skipped.error();
  }
  // Beast 1.81 asserts that a last chunk has five bytes when it is tried twice,
  // and "0", CR, LF, CR is four. No answer ends within fewer, so wait for them.
  constexpr std::size_t last_chunk_bytes = 5;
  const std::string_view rest = bytes.substr(taken);
  const bool is_waiting = s.parser->chunked() && rest.size() < last_chunk_bytes;
  if (s.parser->is_done() || rest.empty() || is_waiting) return taken;
  const auto body = s.put(rest);
  if (!body) return body.error();
  taken += *body;
  if (bytes.size() - taken > s.limits.header_bytes_max) return malformed("a chunk header too long");
  return taken;
}

Result<Done> AnswerReader::end_of_stream() {
  const Error cut{Errc::transient, "the answer was cut short"};
  State& s = *state_;
  if (!s.is_head_read || !s.parser->need_eof()) return cut;
  beast::error_code ec;
  s.parser->put_eof(ec);
  if (s.parser->fault()) return *s.parser->fault();
  if (ec) return cut;
  return Done{};
}

bool AnswerReader::is_done() const { return state_->is_head_read && state_->parser->is_done(); }

bool AnswerReader::keeps_alive() const {
  // An opened tunnel has no length and stays open nevertheless.
  return state_->question == Question::connect || state_->parser->keep_alive();
}

}  // namespace pw
