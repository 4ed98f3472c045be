// A regular expression (RE2's syntax), matched in linear time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "rules/required_texts.h"
#include "rules/value.h"

namespace re2 {
class RE2;
}

namespace pw::cel {

class Context;

class Pattern {
 public:
  // At most pattern_bytes_max bytes and pattern_memory_bytes_max compiled.
  explicit Pattern(std::string_view source);
  ~Pattern();
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;

  // For a pattern that is matched again and again: worth some time now.
  void prepare();

  bool ok() const { return fault_.empty(); }
  const std::string& fault() const { return fault_; }  // why not

  // A bool: whether it occurs anywhere in `text`; or an error out of budget.
  Value matches(std::string_view text, Context& context) const;

 private:
  std::unique_ptr<re2::RE2> pattern_;
  std::string fault_{};
  RequiredTexts required_{};
  std::uint64_t byte_work_ = 1;  // what reading one byte may cost, in units of work
};

}  // namespace pw::cel
