#include "covet/core.h"

namespace covet {

const char* version() { return COVET_VERSION; }

Result<Analysis> analyze(const std::vector<InputFile>& files, const std::vector<SkippedFile>& skipped,
                         const Options&, ProgressSink*) {
    Analysis analysis;
    analysis.summary.files = files.size();
    analysis.summary.skipped = skipped.size();
    return analysis;
}

} // namespace covet
