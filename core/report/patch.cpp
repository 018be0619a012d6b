#include "covet/core.h"
#include "text/unified_diff.h"

namespace covet {

std::string patchOf(const Analysis& analysis) {
    std::string patch;
    for (const FileChange& change : analysis.changes)
        patch += text::unifiedDiff(change.path, change.before, change.after,
                                   change.kind != ChangeKind::Create, change.kind != ChangeKind::Delete);
    return patch;
}

} // namespace covet
