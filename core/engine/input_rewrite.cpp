#include "engine/input_rewrite.h"

#include <algorithm>

#include "engine/ledger.h"
#include "engine/output_files.h"
#include "text/line_origins.h"

namespace covet::engine {

InputRewrite::InputRewrite(const LoadedProject& original, std::vector<InputFile> files) : files_(std::move(files)) {
    for (const InputFile& file : files_) {
        const semantic::Module* module = original.project.moduleByPath(file.path);
        if (!module || file.bytes == original.files.at(file.path)->bytes) continue;
        Result<text::SourceText> after = text::SourceText::fromBytes(file.path, file.bytes);
        if (after) lines_[file.path] = text::originalLines(module->source.text(), after->text());
    }
}

uint32_t InputRewrite::lineOf(const std::string& file, uint32_t line) const {
    auto found = lines_.find(file);
    if (found == lines_.end() || line == 0 || found->second.empty()) return line;
    return found->second[std::min<size_t>(line, found->second.size()) - 1];
}

void InputRewrite::placeBack(const LoadedProject& original, Analysis& analysis) const {
    if (!changed()) return;
    auto place = [&](facts::Location& where) { where.line = lineOf(where.file, where.line); };
    for (facts::App& app : analysis.apps) place(app.where);
    for (facts::App& app : analysis.migratedApps) place(app.where);
    for (facts::Route& route : analysis.routes) place(route.where);
    for (facts::Store& store : analysis.stores) place(store.where);
    for (facts::StoreUse& use : analysis.uses) place(use.where);
    for (rules::Finding& finding : analysis.findings) {
        finding.start.line = lineOf(finding.file, finding.start.line);
        finding.end.line = std::max(finding.start.line, lineOf(finding.file, finding.end.line));
    }
    sortFindings(analysis.findings);
    numberFindings(analysis.findings, original);
    for (FileChange& change : analysis.changes) {
        if (lines_.count(change.path)) change.before = original.files.at(change.path)->bytes;
        if (change.kind != ChangeKind::Modify || original.files.count(change.path)) continue;
        change.kind = ChangeKind::Create; // a new file that the migration changed
        change.before = {};
    }
    for (const InputFile& file : files_) {
        const bool isThere = std::any_of(analysis.changes.begin(), analysis.changes.end(),
                                         [&](const FileChange& change) { return change.path == file.path; });
        const bool isNew = original.files.count(file.path) == 0;
        if ((isNew || lines_.count(file.path)) && !isThere) addFile(original, file.path, file.bytes, analysis);
    }
    sortChanges(analysis);
}

Result<std::vector<InputFile>> changedFiles(rules::MigrationContext& context, std::vector<InputFile> files) {
    for (const semantic::Module* module : context.openedModules()) {
        if (context.rewrite(*module).empty()) continue;
        Result<SharedText> text = context.rewrite(*module).apply();
        if (!text) return text.error();
        Result<SharedText> bytes = module->source.encode(*text);
        if (!bytes) return bytes.error();
        for (InputFile& file : files)
            if (file.path == module->path()) file.bytes = *bytes;
    }
    return files;
}

} // namespace covet::engine
