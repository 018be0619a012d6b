#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "syntax/value.h"

namespace covet::syntax::eval {

/// decimal.Decimal(text) for what Python would show without an exponent. The text is the one that
/// str() gives; nothing for other numbers, NaN and infinities.
std::optional<Value> decimalOf(std::string_view text);
/// decimal.Decimal(x) of a float: its exact value.
std::optional<Value> decimalOf(double number);

/// `+ - * /` of Decimals and ints. Nothing where the result would be rounded, so that the precision
/// of the decimal context plays no part, and for zeros with a sign.
std::optional<Value> decimalArithmetic(std::string_view op, const Value& left, const Value& right);

/// A Decimal with this many digits after the point, rounded as Python's ROUND_* name says.
std::optional<Value> quantized(const Value& decimal, int places, std::string_view rounding);

/// Digits after the point.
int placesOf(const Value& decimal);

} // namespace covet::syntax::eval
