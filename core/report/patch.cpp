#include "report/patch.h"

namespace covet {

void writePatch(const Analysis& analysis, const text::PatchSink& sink) {
    for (const FileChange& change : analysis.changes)
        text::writeUnifiedDiff(sink, change.path, change.before, change.after, change.kind != ChangeKind::Create,
                               change.kind != ChangeKind::Delete);
}

std::string patchOf(const Analysis& analysis) {
    std::string patch;
    writePatch(analysis, [&](std::string_view piece) { patch += piece; });
    return patch;
}

} // namespace covet
