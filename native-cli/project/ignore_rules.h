#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace covet::cli {

/// The patterns of one `.gitignore` (https://git-scm.com/docs/gitignore).
///
/// `base` is the folder that holds it, relative to the project, "" or ending with '/'.
class IgnoreFile {
public:
    IgnoreFile(std::string base, std::string_view text);

    enum class Verdict { None, Ignore, Keep };
    /// Verdict of the last pattern that matches. `path` is relative to the project.
    Verdict judge(std::string_view path, bool isFolder) const;
    bool empty() const { return patterns_.empty(); }

private:
    struct Pattern {
        std::string glob;
        bool negated = false;
        bool foldersOnly = false;
        bool anchored = false; // has a slash that is not at its end
    };
    std::string base_;
    std::vector<Pattern> patterns_;
};

/// Shell pattern match in which `*`, `?` and `[…]` do not cross '/', and `**` does.
bool globMatches(std::string_view glob, std::string_view path);

/// The ignore files that hold for a folder: outermost first. Later ones win.
///
/// A folder that is ignored takes everything below with it; walkers must not descend into it.
class IgnoreRules {
public:
    void push(IgnoreFile file) { files_.push_back(std::move(file)); }
    void pop() { files_.pop_back(); }
    bool ignores(std::string_view path, bool isFolder) const;

private:
    std::vector<IgnoreFile> files_;
};

} // namespace covet::cli
