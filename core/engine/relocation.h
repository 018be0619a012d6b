#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/project_loading.h"

namespace covet::engine {

/// Modules that are analysed in another form than they were written in (see
/// rules/legacy/branch_functions.h), and the way back from their lines to the original ones.
class Relocation {
public:
    explicit Relocation(const LoadedProject& original);

    bool empty() const { return files_.empty(); }
    const LoadedProject& original() const { return original_; }
    /// The input with these modules exchanged.
    std::vector<InputFile> files(std::vector<InputFile> input) const;
    /// Whether each of these modules has become an application of the target.
    bool succeeded(const Analysis& analysis) const;
    /// Sets the lines of the routes, or of everything; changes are from the original bytes.
    void routes(Analysis& analysis) const;
    void all(Analysis& analysis) const;

private:
    struct File {
        SharedText bytes;
        std::vector<uint32_t> lines;
    };
    void place(facts::Location& where) const;
    uint32_t lineOf(const std::string& file, uint32_t line) const;
    std::string evidence(const std::string& text) const;

    const LoadedProject& original_;
    std::map<std::string, File> files_;
};

} // namespace covet::engine
