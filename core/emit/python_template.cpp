#include "emit/python_template.h"

#include <algorithm>
#include <vector>

namespace covet::emit {

std::string expandTemplate(std::string_view text, const std::set<std::string>& features) {
    std::string out;
    std::vector<bool> wanted; // of the #if around a line, innermost last
    for (size_t at = 0; at < text.size();) {
        const size_t end = text.find('\n', at);
        const size_t next = end == std::string_view::npos ? text.size() : end + 1;
        const std::string_view line = text.substr(at, next - at);
        if (line.substr(0, 4) == "#if ")
            wanted.push_back(features.count(std::string(line.substr(4, line.find('\n') - 4))) > 0);
        else if (line == "#else\n")
            wanted.back() = !wanted.back();
        else if (line == "#endif\n")
            wanted.pop_back();
        else if (std::all_of(wanted.begin(), wanted.end(), [](bool one) { return one; }))
            out += line;
        at = next;
    }
    return out;
}

} // namespace covet::emit
