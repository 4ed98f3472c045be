// Source → tokens (language definition, "Syntax").
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/problem.h"

namespace pw::cel {

enum class TokenKind : std::uint8_t {
  end,
  identifier,
  quoted_identifier,  // `content-type`, with its backquotes
  integer,
  natural,  // 1u
  real,
  string,
  bytes,
  // Operators and brackets.
  question,
  colon,
  or_,
  and_,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  plus,
  minus,
  star,
  slash,
  percent,
  not_,
  dot,
  comma,
  left_paren,
  right_paren,
  left_bracket,
  right_bracket,
  left_brace,
  right_brace,
  // Words that are no identifiers.
  in_,
  true_,
  false_,
  null_,
  reserved,  // `for`, `if`, ...: allowed as a field's name only
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

// The last token is `end`. Stops at the first mistake, which goes to `problems`.
// The source has at most source_bytes_max bytes.
std::vector<Token> lex(std::string_view source, Problems& problems);

// May be written as a field or variable without backquotes.
bool is_plain_identifier(std::string_view name);

}  // namespace pw::cel
