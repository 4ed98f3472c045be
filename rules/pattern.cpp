#include "rules/pattern.h"

#include <re2/re2.h>

#include <algorithm>

#include "rules/code_points.h"
#include "rules/context.h"
#include "rules/limits.h"

namespace pw::cel {

Pattern::Pattern(std::string_view source) {
  if (source.size() > pattern_bytes_max) {
    fault_ = "the pattern is too long (at most 4096 bytes)";
    return;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(pattern_memory_bytes_max);
  pattern_ = std::make_unique<re2::RE2>(re2::StringPiece(source.data(), source.size()), options);
  byte_work_ = 1 + static_cast<std::uint64_t>(std::max(pattern_->ProgramSize(), 0)) / 8;
  if (pattern_->ok()) return;
  const bool large = pattern_->error_code() == re2::RE2::ErrorPatternTooLarge ||
                     pattern_->error_code() == re2::RE2::ErrorRepeatSize;
  constexpr std::size_t shown_bytes_max = 120;  // RE2 repeats the pattern
  fault_ = large ? "the pattern is too large"
                 : "wrong pattern: " + std::string(cut(pattern_->error(), shown_bytes_max));
}

Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;

void Pattern::prepare() {
  if (ok()) required_ = RequiredTexts(pattern_->pattern());
}

Value Pattern::matches(std::string_view text, Context& context) const {
  // In the worst case each byte is tried against the whole compiled pattern.
  if (!context.spend(1 + text.size() * byte_work_ / 4)) return Context::out_of_work();
  if (!required_.may_match(text)) return Value::of(false);
  return Value::of(pattern_->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                                   re2::RE2::UNANCHORED, nullptr, 0));
}

}  // namespace pw::cel
