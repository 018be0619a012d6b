#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace covet::text {

/// One file of a patch that `git apply` and `patch -p1` accept. Empty when nothing differs.
///
/// `before`/`after` are bytes as on disk (line ends are kept; a missing final newline is marked).
/// `exists`/`remains` false make it a new or a deleted file. `context` is in lines.
std::string unifiedDiff(std::string_view path, std::string_view before, std::string_view after,
                        bool exists = true, bool remains = true, unsigned context = 3);

/// Takes whole lines of a patch, some at a time.
using PatchSink = std::function<void(std::string_view)>;

/// The same, for large files: the patch is never held whole.
void writeUnifiedDiff(const PatchSink& sink, std::string_view path, std::string_view before, std::string_view after,
                      bool exists = true, bool remains = true, unsigned context = 3);

struct LineCounts {
    size_t added = 0, removed = 0;
};

/// How many lines a patch would add and remove, without writing it.
LineCounts changedLines(std::string_view before, std::string_view after);

} // namespace covet::text
