#pragma once

#include <cstdint>
#include <optional>

#include "syntax/tree.h"

namespace covet::syntax {

/// What a generator counts that does nothing else, for ever:
///
///     def numbers():
///         i = 0
///         while True:
///             yield i
///             i += 1
struct CountingGenerator {
    int64_t start = 0;
    int64_t step = 1;
};

std::optional<CountingGenerator> countingGenerator(const Node& function);

/// Whether a generator never ends, so that its values cannot be listed.
bool yieldsForEver(const Node& function);

} // namespace covet::syntax
