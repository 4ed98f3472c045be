#include "rules/call_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "daemon/core/issue.h"

namespace pw::cel {
namespace {

struct Phrase {
  std::string_view function;
  std::string_view before;
  std::string_view between;
};

constexpr std::array<Phrase, 15> phrases = {{
    {"_+_", "cannot add ", " and "},
    {"_-_", "cannot subtract ", " less "},
    {"_*_", "cannot multiply ", " by "},
    {"_/_", "cannot divide ", " by "},
    {"_%_", "no remainder of ", " by "},
    {"_==_", "cannot compare ", " with "},
    {"_!=_", "cannot compare ", " with "},
    {"_<_", "cannot compare ", " with "},
    {"_<=_", "cannot compare ", " with "},
    {"_>_", "cannot compare ", " with "},
    {"_>=_", "cannot compare ", " with "},
    {"@in", "cannot look for ", " in "},
    {"_[_]", "cannot index ", " with "},
    {"_[?_]", "cannot index ", " with "},
    {"-_", "cannot negate ", ""},
}};

std::string listed(std::span<const std::string> types) {
  std::string text;
  for (const std::string& type : types) {
    if (!text.empty()) text += ", ";
    text += type;
  }
  return text;
}

constexpr std::size_t signatures_shown_max = 3;

std::string signatures(const Function& function, bool member) {
  std::string text;
  std::size_t shown = 0;
  for (const Overload& overload : function.overloads) {
    if (overload.member != member) continue;
    if (++shown > signatures_shown_max) return text + ", ...";
    if (!text.empty()) text += ", ";
    text += overload.signature;
  }
  return text;
}

}  // namespace

std::string refusal(const Node& call, const Function& function, std::span<const std::string> types,
                    bool member) {
  if (call.name == "!_") return "'!' needs a bool, not " + types[0];
  for (const Phrase& phrase : phrases) {
    if (phrase.function != call.name) continue;
    std::string text = std::string(phrase.before) + types[0];
    if (types.size() > 1) text += std::string(phrase.between) + types[1];
    return text;
  }
  const std::string known = signatures(function, member);
  if (known.empty()) {
    return member ? function.name + "() is not called on a value: " + signatures(function, false)
                  : function.name + "() is called on a value: " + signatures(function, true);
  }
  std::string given = function.name + "(" + listed(types.subspan(member ? 1 : 0)) + ")";
  if (member) given = types[0] + '.' + given;
  return "no " + given + "; there is " + known;
}

std::string nearest_function(const Ast& ast, const Node& call) {
  std::vector<std::string_view> known;
  std::string name(call.name);
  if (call.member) {
    const std::string receiver = qualified_name(ast, ast.child(call, 0));
    const std::string qualified = receiver.empty() ? std::string() : receiver + '.' + name;
    for (const Function& function : all_functions()) {
      const bool same_space = !receiver.empty() && function.name.starts_with(receiver + '.');
      if (same_space) known.push_back(function.name);
    }
    if (!known.empty()) return nearest_of(qualified, known);
  }
  for (const Function& function : all_functions()) {
    const bool fits = std::any_of(function.overloads.begin(), function.overloads.end(),
                                  [&](const Overload& o) { return o.member == call.member; });
    if (fits) known.push_back(function.name);
  }
  return nearest_of(name, known);
}

}  // namespace pw::cel
