// Operators whose meaning the evaluator knows itself: here are their types.
#include <array>

#include "rules/functions.h"

namespace pw::cel {
namespace {

constexpr std::array operator_table = {
    FunctionRow{"_?_:_(bool, A, A) -> A", nullptr},
    FunctionRow{"_&&_(bool...) -> bool", nullptr},
    FunctionRow{"_||_(bool...) -> bool", nullptr},
    FunctionRow{"!_(bool) -> bool", nullptr},
    FunctionRow{"_==_(A, A) -> bool", nullptr},
    FunctionRow{"_!=_(A, A) -> bool", nullptr},
    FunctionRow{"@in(A, list(A)) -> bool", nullptr},
    FunctionRow{"@in(A, map(A, B)) -> bool", nullptr},
    FunctionRow{"_[_](list(A), int) -> A", nullptr},
    FunctionRow{"_[_](map(A, B), A) -> B", nullptr},
    FunctionRow{"_[_](optional_type(list(A)), int) -> optional_type(A)", nullptr},
    FunctionRow{"_[_](optional_type(map(A, B)), A) -> optional_type(B)", nullptr},
    FunctionRow{"_[?_](list(A), int) -> optional_type(A)", nullptr},
    FunctionRow{"_[?_](map(A, B), A) -> optional_type(B)", nullptr},
    FunctionRow{"_[?_](optional_type(list(A)), int) -> optional_type(A)", nullptr},
    FunctionRow{"_[?_](optional_type(map(A, B)), A) -> optional_type(B)", nullptr},
};

}  // namespace

std::span<const FunctionRow> operator_rows() { return operator_table; }

}  // namespace pw::cel
