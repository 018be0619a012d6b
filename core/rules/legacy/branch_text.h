#pragma once

#include <set>
#include <string>
#include <vector>

#include "rules/legacy/branch_functions.h"
#include "rules/legacy/symbols.h"

namespace covet::rules::legacy {

/// A branch on its way into a function of its own.
struct MovedBranch {
    struct Edit {
        size_t start = 0, end = 0;
        std::string text;
    };
    std::vector<Node> statements;
    std::vector<Edit> edits; // inside of the statements
    std::string name, parameters, last; // `last`: one more line at its end
    std::set<std::string> globals;
    bool isAsync = true;
    uint32_t line = 1; // where it was

    bool isReplaced(const Node& node) const {
        for (const Edit& edit : edits)
            if (edit.start <= node.start() && node.end() <= edit.end) return true;
        return false;
    }
};

/// The text of a module with changes and with functions put before some statements; knows for each line
/// where it came from.
class BranchText {
public:
    explicit BranchText(const Module& module);

    /// Functions that are added from now on stand before this definition.
    void moveBefore(const Node& definition);
    void add(const MovedBranch& branch);
    void edit(size_t start, size_t end, const std::string& text);
    std::string freeName(const std::string& wanted);
    std::string indentOf(const Node& statement) const;
    bool empty() const { return edits_.empty(); }
    Restructured apply() const;

private:
    struct Line {
        std::string text;
        uint32_t line = 1;
    };
    struct Change {
        size_t start = 0, end = 0;
        std::vector<Line> lines;
    };
    std::vector<Line> linesOf(const Node& statement, const std::vector<MovedBranch::Edit>& edits) const;

    const Module& module_;
    std::string unit_;
    size_t place_ = 0;
    std::vector<Change> edits_;
    std::set<std::string> taken_;
};

} // namespace covet::rules::legacy
