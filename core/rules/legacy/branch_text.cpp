#include "rules/legacy/branch_text.h"

#include <algorithm>

#include "rules/legacy/removal.h"
#include "rules/module_rewrite.h"
#include "support/strings.h"

namespace covet::rules::legacy {

BranchText::BranchText(const Module& module)
    : module_(module)
    , unit_(ModuleRewrite(module).indentUnit()) {}

void BranchText::moveBefore(const Node& definition) {
    Node top = definition;
    while (top.parent() && !top.parent().is("module")) top = top.parent();
    const std::vector<Node> comments = commentsAbove(top);
    place_ = top.start();
    for (const Node& comment : comments) place_ = std::min(place_, comment.start());
}

void BranchText::edit(size_t start, size_t end, const std::string& text) {
    Change change{start, end, {}};
    for (const std::string& line : split(text, '\n')) change.lines.push_back({line, module_.source.lineOf(start)});
    edits_.push_back(std::move(change));
}

std::string BranchText::freeName(const std::string& wanted) {
    std::string name = wanted;
    for (int n = 2; taken_.count(name) || module_.function(name) || module_.assignments.count(name) || module_.imports.count(name) ||
                    module_.classNamed(name); ++n)
        name = wanted + "_" + std::to_string(n);
    taken_.insert(name);
    return name;
}

std::string BranchText::indentOf(const Node& statement) const {
    const std::string_view text = module_.tree->text();
    const size_t start = module_.source.lineStart(module_.source.lineOf(statement.start()));
    size_t end = start;
    while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
    return std::string(text.substr(start, end - start));
}

/// A statement with its edits, indented by one step.
std::vector<BranchText::Line> BranchText::linesOf(const Node& statement, const std::vector<MovedBranch::Edit>& edits) const {
    const std::string_view text = module_.tree->text();
    const std::string indent = indentOf(statement);
    std::set<uint32_t> inString; // lines that begin inside of a string stay as they are
    syntax::walk(statement, [&](const Node& node) {
        if (node.is("string"))
            for (uint32_t line = node.line() + 1; line <= node.endLine(); ++line) inString.insert(line);
        return true;
    });
    std::vector<Line> lines{{unit_, module_.source.lineOf(statement.start())}};
    for (size_t i = statement.start(); i < statement.end();) {
        auto edit = std::find_if(edits.begin(), edits.end(), [&](const auto& e) { return e.start == i && e.end > i; });
        if (edit != edits.end()) {
            lines.back().text += edit->text;
            i = edit->end;
            continue;
        }
        const char c = text[i++];
        if (c == '\r') continue;
        if (c != '\n') {
            lines.back().text += c;
            continue;
        }
        const uint32_t number = module_.source.lineOf(i);
        lines.push_back({inString.count(number) ? "" : unit_, number});
        if (!inString.count(number) && text.compare(i, indent.size(), indent) == 0) i += indent.size();
        if (i < text.size() && (text[i] == '\n' || text[i] == '\r')) lines.back().text.clear();
    }
    return lines;
}

void BranchText::add(const MovedBranch& branch) {
    Change change{place_, place_, {}};
    change.lines.push_back({(branch.isAsync ? "async def " : "def ") + branch.name + "(" + branch.parameters + "):", branch.line});
    if (!branch.globals.empty()) {
        std::string names;
        for (const std::string& name : branch.globals) names += (names.empty() ? "" : ", ") + name;
        change.lines.push_back({unit_ + "global " + names, branch.line});
    }
    for (const Node& statement : branch.statements) {
        if (statement.is("global_statement")) continue;
        for (Line& line : linesOf(statement, branch.edits)) change.lines.push_back(std::move(line));
    }
    if (!branch.last.empty()) change.lines.push_back({unit_ + branch.last, branch.line});
    for (int i = 0; i < 3; ++i) change.lines.push_back({"", branch.line});
    edits_.push_back(std::move(change));
}

Restructured BranchText::apply() const {
    std::vector<Change> edits = edits_;
    std::stable_sort(edits.begin(), edits.end(), [](const Change& a, const Change& b) { return a.start < b.start; });
    const std::string_view text = module_.tree->text();
    Restructured out;
    std::string newline(module_.source.newlineText());
    out.lines.push_back(1);
    size_t position = 0;
    auto copy = [&](size_t end) {
        for (; position < end; ++position) {
            out.text += text[position];
            if (text[position] == '\n') out.lines.push_back(module_.source.lineOf(position + 1));
        }
    };
    for (const Change& change : edits) {
        if (change.start < position) continue;
        copy(change.start);
        for (size_t i = 0; i < change.lines.size(); ++i) {
            if (i) {
                out.text += newline;
                out.lines.push_back(change.lines[i].line);
            }
            out.text += change.lines[i].text;
        }
        position = change.end;
        if (!out.lines.empty() && !change.lines.empty() && change.lines.back().text.empty()) out.lines.back() = module_.source.lineOf(change.end);
    }
    copy(text.size());
    return out;
}

} // namespace covet::rules::legacy
