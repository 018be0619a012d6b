#pragma once

#include <string>
#include <vector>

namespace covet::cli {

/// Columns of text, aligned; numbers to the right. Widths are counted in code points.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> headings) : rows_{std::move(headings)} {}
    void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    bool empty() const { return rows_.size() <= 1; }
    /// One line per row, each starting with `indent` and ending with '\n'.
    std::string text(const std::string& indent = "  ") const;

private:
    std::vector<std::vector<std::string>> rows_;
};

} // namespace covet::cli
