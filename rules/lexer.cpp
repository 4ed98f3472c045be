#include "rules/lexer.h"

#include <algorithm>
#include <array>

#include "daemon/core/ascii.h"
#include "rules/code_points.h"

namespace pw::cel {
namespace {

constexpr std::array<std::string_view, 17> reserved_words = {
    "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
    "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name(char c) { return is_name_start(c) || is_digit(c); }
bool is_quoted_name(char c) { return is_name(c) || c == '.' || c == '-' || c == '/' || c == ' '; }

TokenKind word_kind(std::string_view word) {
  if (word == "in") return TokenKind::in_;
  if (word == "true") return TokenKind::true_;
  if (word == "false") return TokenKind::false_;
  if (word == "null") return TokenKind::null_;
  const bool reserved =
      std::find(reserved_words.begin(), reserved_words.end(), word) != reserved_words.end();
  return reserved ? TokenKind::reserved : TokenKind::identifier;
}

struct Mark {
  std::string_view text;
  TokenKind kind;
};

// Longer marks first.
constexpr std::array<Mark, 24> marks = {{
    {"||", TokenKind::or_},         {"&&", TokenKind::and_},
    {"==", TokenKind::equal},       {"!=", TokenKind::not_equal},
    {"<=", TokenKind::less_equal},  {">=", TokenKind::greater_equal},
    {"?", TokenKind::question},     {":", TokenKind::colon},
    {"<", TokenKind::less},         {">", TokenKind::greater},
    {"+", TokenKind::plus},         {"-", TokenKind::minus},
    {"*", TokenKind::star},         {"/", TokenKind::slash},
    {"%", TokenKind::percent},      {"!", TokenKind::not_},
    {".", TokenKind::dot},          {",", TokenKind::comma},
    {"(", TokenKind::left_paren},   {")", TokenKind::right_paren},
    {"[", TokenKind::left_bracket}, {"]", TokenKind::right_bracket},
    {"{", TokenKind::left_brace},   {"}", TokenKind::right_brace},
}};

class Lexer {
 public:
  Lexer(std::string_view source, Problems& problems) : source_(source), problems_(problems) {}

  std::vector<Token> run() {
    for (;;) {
      skip_space();
      start_ = at_;
      if (at_ >= source_.size()) break;
      if (!next()) break;
    }
    start_ = at_;
    add(TokenKind::end);
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  bool at_end() const { return at_ >= source_.size(); }

  void add(TokenKind kind) {
    tokens_.push_back(
        {kind, static_cast<std::uint32_t>(start_), static_cast<std::uint32_t>(at_ - start_)});
  }

  bool fail(std::size_t offset, std::string message) {
    problems_.push_back({static_cast<std::uint32_t>(offset), std::move(message)});
    return false;
  }

  void skip_space() {
    for (;;) {
      const char c = peek();
      if (at_end()) return;
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        ++at_;
      } else if (c == '/' && peek(1) == '/') {
        while (!at_end() && peek() != '\n') ++at_;
      } else {
        return;
      }
    }
  }

  bool next() {
    const char c = peek();
    if (const std::size_t prefix = string_prefix(); prefix != std::string_view::npos) {
      return string(prefix);
    }
    if (is_name_start(c)) return word();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (c == '`') return quoted_identifier();
    return mark();
  }

  // The number of letters before a quote that begins a string, or npos.
  std::size_t string_prefix() const {
    std::size_t letters = 0;
    if (peek() == 'b' || peek() == 'B') ++letters;
    if (peek(letters) == 'r' || peek(letters) == 'R') ++letters;
    const char quote = peek(letters);
    return quote == '"' || quote == '\'' ? letters : std::string_view::npos;
  }

  bool word() {
    while (is_name(peek())) ++at_;
    add(word_kind(source_.substr(start_, at_ - start_)));
    return true;
  }

  bool quoted_identifier() {
    ++at_;
    while (is_quoted_name(peek())) ++at_;
    if (peek() != '`' || at_ == start_ + 1)
      return fail(start_, "expected a name between backquotes");
    ++at_;
    add(TokenKind::quoted_identifier);
    return true;
  }

  bool number() {
    TokenKind kind = TokenKind::integer;
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X')) {
      at_ += 2;
      if (!is_hex(peek())) return fail(at_, "expected a hexadecimal digit");
      while (is_hex(peek())) ++at_;
    } else {
      kind = decimal();
    }
    if (kind == TokenKind::integer && (peek() == 'u' || peek() == 'U')) {
      ++at_;
      kind = TokenKind::natural;
    }
    if (is_name(peek())) return fail(at_, "a number ends before a letter");
    add(kind);
    return true;
  }

  TokenKind decimal() {
    TokenKind kind = TokenKind::integer;
    while (is_digit(peek())) ++at_;
    if (peek() == '.' && is_digit(peek(1))) {
      kind = TokenKind::real;
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if ((peek() == 'e' || peek() == 'E') && is_digit(peek(1 + sign))) {
      kind = TokenKind::real;
      at_ += 1 + sign;
      while (is_digit(peek())) ++at_;
    }
    return kind;
  }

  bool string(std::size_t prefix) {
    const std::string_view letters = source_.substr(at_, prefix);
    const bool raw = letters.find_first_of("rR") != std::string_view::npos;
    at_ += prefix;
    const char quote = peek();
    const bool triple = peek(1) == quote && peek(2) == quote;
    at_ += triple ? 3 : 1;
    for (;; ++at_) {
      if (at_end()) return fail(start_, "this string has no end");
      if (!triple && (peek() == '\n' || peek() == '\r')) {
        return fail(start_, "this string has no end on its line");
      }
      if (peek() == '\\' && !raw) {
        ++at_;
        if (at_end()) return fail(start_, "this string has no end");
        continue;
      }
      if (peek() != quote) continue;
      if (!triple || (peek(1) == quote && peek(2) == quote)) break;
    }
    at_ += triple ? 3 : 1;
    add(letters.find_first_of("bB") == std::string_view::npos ? TokenKind::string
                                                              : TokenKind::bytes);
    return true;
  }

  bool mark() {
    const std::string_view rest = source_.substr(at_);
    for (const Mark& candidate : marks) {
      if (!rest.starts_with(candidate.text)) continue;
      at_ += candidate.text.size();
      add(candidate.kind);
      return true;
    }
    if (peek() == '&') return fail(at_, "expected '&&'");
    if (peek() == '|') return fail(at_, "expected '||'");
    if (peek() == '=') return fail(at_, "expected '=='");
    const std::size_t length = std::max<std::size_t>(1, sequence_length(source_, at_));
    const bool shown = static_cast<unsigned char>(peek()) > ' ' && peek() != 0x7F;
    return fail(at_, shown ? "unexpected character '" + std::string(rest.substr(0, length)) + "'"
                           : std::string("unexpected control character"));
  }

  std::string_view source_;
  Problems& problems_;
  std::vector<Token> tokens_{};
  std::size_t at_ = 0;
  std::size_t start_ = 0;
};

}  // namespace

std::vector<Token> lex(std::string_view source, Problems& problems) {
  return Lexer(source, problems).run();
}

bool is_plain_identifier(std::string_view name) {
  if (name.empty() || !is_name_start(name.front())) return false;
  if (!std::all_of(name.begin(), name.end(), is_name)) return false;
  const TokenKind kind = word_kind(name);
  return kind == TokenKind::identifier || kind == TokenKind::reserved;
}

}  // namespace pw::cel
