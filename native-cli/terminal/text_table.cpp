#include "terminal/text_table.h"

#include <algorithm>

namespace covet::cli {
namespace {

size_t width(const std::string& text) {
    return static_cast<size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool isNumber(const std::string& text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == ','; });
}

} // namespace

std::string TextTable::text(const std::string& indent) const {
    std::vector<size_t> widths;
    std::vector<bool> numeric;
    for (const auto& row : rows_) {
        if (row.size() > widths.size()) widths.resize(row.size());
        for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
    }
    numeric.assign(widths.size(), rows_.size() > 1);
    for (size_t r = 1; r < rows_.size(); ++r)
        for (size_t i = 0; i < rows_[r].size(); ++i)
            if (!isNumber(rows_[r][i])) numeric[i] = false;
    std::string result;
    for (const auto& row : rows_) {
        std::string line = indent;
        for (size_t i = 0; i < row.size(); ++i) {
            std::string padding(widths[i] - width(row[i]), ' ');
            line += numeric[i] ? padding + row[i] : row[i] + padding;
            line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        result += line + "\n";
    }
    return result;
}

} // namespace covet::cli
