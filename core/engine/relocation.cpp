#include "engine/relocation.h"

#include <algorithm>

#include "rules/legacy/branch_functions.h"

namespace covet::engine {

Relocation::Relocation(const LoadedProject& original)
    : original_(original) {
    for (const auto& module : original.project.modules()) {
        if (original.broken.count(module.get())) continue;
        std::optional<rules::legacy::Restructured> made = rules::legacy::restructureBranches(original.project, *module);
        if (!made) continue;
        auto parsed = syntax::Tree::parse(made->text);
        Result<SharedText> bytes = module->source.encode(made->text);
        if (!parsed || (*parsed)->root().hasError() || !bytes) continue;
        files_[module->path()] = {std::move(*bytes), std::move(made->lines)};
    }
}

std::vector<InputFile> Relocation::files(std::vector<InputFile> input) const {
    for (InputFile& file : input) {
        auto found = files_.find(file.path);
        if (found != files_.end()) file.bytes = found->second.bytes;
    }
    return input;
}

bool Relocation::succeeded(const Analysis& analysis) const {
    return std::all_of(files_.begin(), files_.end(), [&](const auto& file) {
        return std::any_of(analysis.migratedApps.begin(), analysis.migratedApps.end(),
                           [&](const facts::App& app) { return app.where.file == file.first; });
    });
}

uint32_t Relocation::lineOf(const std::string& file, uint32_t line) const {
    auto found = files_.find(file);
    if (found == files_.end() || line == 0) return line;
    const std::vector<uint32_t>& lines = found->second.lines;
    return lines[std::min<size_t>(line, lines.size()) - 1];
}

void Relocation::place(facts::Location& where) const { where.line = lineOf(where.file, where.line); }

/// "changed at app.py:30 by add": the line of the original.
std::string Relocation::evidence(const std::string& text) const {
    for (const auto& file : files_) {
        const size_t at = text.find(file.first + ":");
        if (at == std::string::npos) continue;
        const size_t start = at + file.first.size() + 1;
        size_t end = start;
        while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
        if (end == start || end - start > 8) continue;
        const auto line = static_cast<uint32_t>(std::stoul(text.substr(start, end - start)));
        return text.substr(0, start) + std::to_string(lineOf(file.first, line)) + text.substr(end);
    }
    return text;
}

void Relocation::routes(Analysis& analysis) const {
    for (facts::Route& route : analysis.routes) place(route.where);
}

void Relocation::all(Analysis& analysis) const {
    for (facts::App& app : analysis.apps) place(app.where);
    for (facts::App& app : analysis.migratedApps) place(app.where);
    for (facts::Store& store : analysis.stores) {
        place(store.where);
        for (std::string& text : store.evidence) text = evidence(text);
    }
    for (facts::StoreUse& use : analysis.uses) place(use.where);
    for (rules::Finding& finding : analysis.findings) {
        finding.start.line = lineOf(finding.file, finding.start.line);
        finding.end.line = std::max(finding.start.line, lineOf(finding.file, finding.end.line));
    }
    for (FileChange& change : analysis.changes) {
        auto before = original_.files.find(change.path);
        if (files_.count(change.path) && before != original_.files.end()) change.before = before->second->bytes;
    }
}

} // namespace covet::engine
