#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "syntax/evaluator/temporal.h"

namespace covet::syntax::eval {

/// strftime in the C locale; nothing for a directive that the platform or the clock decides.
std::optional<std::string> formatMoment(const Moment& moment, std::string_view format);

/// datetime.strptime in the C locale. Nothing where the text does not fit or where the directive
/// depends on the machine, so that a caller cannot tell an error from what is not known.
std::optional<Moment> parseMoment(std::string_view text, std::string_view format);

/// 0 for Monday.
int weekdayOf(const Moment& moment);

} // namespace covet::syntax::eval
