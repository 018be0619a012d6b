#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/project_loading.h"
#include "rules/migration_context.h"

namespace covet::engine {

/// Files that were changed before the migration reads them, and the way back to the files as they were.
class InputRewrite {
public:
    InputRewrite(const LoadedProject& original, std::vector<InputFile> files);

    const std::vector<InputFile>& files() const { return files_; }
    bool changed() const { return !lines_.empty(); }
    /// The line of the original that a line of a file comes from.
    uint32_t lineOf(const std::string& file, uint32_t line) const;
    /// Leads an analysis of files() back to the files as they were.
    void placeBack(const LoadedProject& original, Analysis& analysis) const;

private:
    std::vector<InputFile> files_;
    std::map<std::string, std::vector<uint32_t>> lines_; // path -> line in the original of each line
};

/// The files with the changes of a context.
Result<std::vector<InputFile>> changedFiles(rules::MigrationContext& context, std::vector<InputFile> files);

} // namespace covet::engine
