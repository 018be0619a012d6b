// Any text as an application: every rewritten file parses, and migrating the result changes nothing.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "covet/core.h"
#include "support/strings.h"
#include "syntax/tree.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    std::vector<covet::InputFile> files{{"app.py", std::string(reinterpret_cast<const char*>(data), size)}};
    covet::Result<covet::Analysis> first = covet::analyze(files, {}, {});
    if (!first) return 0;
    covet::reportJson(*first);
    if (first->changes.empty()) return 0;
    std::vector<covet::InputFile> migrated;
    for (const covet::FileChange& change : first->changes) {
        if (change.kind == covet::ChangeKind::Delete) continue;
        migrated.push_back({change.path, change.after});
        if (!covet::endsWith(change.path, ".py")) continue;
        auto tree = covet::syntax::Tree::parse(change.after);
        if (!tree || (*tree)->root().hasError()) std::abort();
    }
    covet::Result<covet::Analysis> second = covet::analyze(migrated, {}, {});
    if (!second || !second->changes.empty()) std::abort();
    return 0;
}
