#include "emit/requirement_files.h"
#include "support/strings.h"

namespace covet::emit {
namespace {

bool isBlank(char c) { return c == ' ' || c == '\t'; }

struct Block {
    size_t start = 0, end = 0; // the lines after `install_requires =`
    std::string indent = "    ";
};

/// The lines of `install_requires` in `[options]`; nothing when it has none, or all on one line.
std::optional<Block> findBlock(std::string_view text) {
    std::string section;
    size_t at = 0;
    while (at < text.size()) {
        const size_t newline = text.find('\n', at);
        const size_t end = newline == text.npos ? text.size() : newline + 1;
        const std::string_view line = text.substr(at, end - at);
        const std::string_view content = trim(line);
        at = end;
        if (startsWith(content, "[")) section = std::string(content);
        if (section != "[options]" || line.empty() || isBlank(line[0]) || !startsWith(content, "install_requires"))
            continue;
        const size_t equals = content.find('=');
        if (equals == content.npos || !trim(content.substr(equals + 1)).empty()) return std::nullopt;
        Block block;
        block.start = block.end = end;
        while (at < text.size() && (isBlank(text[at]) || text[at] == '#')) {
            const size_t next = text.find('\n', at);
            const size_t lineEnd = next == text.npos ? text.size() : next + 1;
            const std::string_view item = text.substr(at, lineEnd - at);
            if (trim(item).empty()) break;
            if (isBlank(item[0])) block.indent = std::string(item.substr(0, item.find_first_not_of(" \t")));
            at = block.end = lineEnd;
        }
        return block;
    }
    return std::nullopt;
}

} // namespace

RequirementEdit editSetupCfg(std::string_view text, const RequirementPlan& plan, bool add) {
    RequirementEdit edit;
    edit.text = std::string(text);
    std::optional<Block> block = findBlock(text);
    if (!block) return edit;
    // The block's lines are those of a requirements file, indented.
    const std::string_view lines = text.substr(block->start, block->end - block->start);
    edit = editRequirementsTxt(lines, plan, false);
    edit.locked = false;
    std::string body = edit.text;
    if (add) {
        const std::string newline = text.find("\r\n") == text.npos ? "\n" : "\r\n";
        for (const Wanted& wanted : missingFrom(declaredNames(lines), plan)) {
            if (!body.empty() && body.back() != '\n') body += newline;
            body += block->indent + toText(wanted.requirement) + newline;
            edit.changes.push_back({wanted.requirement.normalised, toText(wanted.requirement), "add",
                                    wanted.reason, false});
        }
    }
    edit.text = std::string(text.substr(0, block->start)) + body + std::string(text.substr(block->end));
    return edit;
}

} // namespace covet::emit
