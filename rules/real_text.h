// Texts of doubles, both ways. Where the language definition leaves a form
// open, it is the one of its reference in Go (github.com/google/cel-go,
// common/types/double.go and ext/formatting_v2.go, read 2026-11-25).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pw::cel {

// The bounds of int and uint as reals: exact, unlike the largest int itself.
inline constexpr double two_to_63 = 9223372036854775808.0;
inline constexpr double two_to_64 = 18446744073709551616.0;

// What string() gives, Go's "%g": "0.1", "100000", "1e+06", "1e-05", "NaN",
// "+Inf", "-Inf"; an exponent outside of 0.0001 to a million.
std::string print_general(double value);
// What "%s" writes, Go's 'f' with the fewest digits that read back, never an
// exponent: "1000000"; "NaN", "Infinity", "-Infinity".
std::string print_plain(double value);
// For literals and explanations: as print_plain from 0.0001 to 1e21, beyond
// with an exponent.
std::string print_real(double value);

// What double() reads: a decimal literal with a sign, a hexadecimal one with
// an exponent ("0x1p-2"), and "inf", "infinity" and "nan" in any case. Nothing
// for what is none of these, nor for what is too large.
std::optional<double> parse_real(std::string_view text);

}  // namespace pw::cel
