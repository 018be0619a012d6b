#pragma once

#include <cstdint>
#include <optional>

#include "support/shared_text.h"

namespace covet::cli {

/// Copies an open regular file of some size to a temporary file without a name, and maps it from there: the text stays
/// as it is now whatever becomes of the file, and takes no memory that the system could not take back. What has been
/// mapped is let go of while the program works, so that it does not grow with its data either.
/// Nothing when there is no room for the copy; the descriptor is at its start then.
std::optional<SharedText> mapCopy(int file);

/// Files from this size on are worth it.
inline constexpr uint64_t kMappedBytes = uint64_t{16} << 20;

} // namespace covet::cli
