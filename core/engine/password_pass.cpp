#include "engine/password_pass.h"

#include <algorithm>

#include "catalog/resource.h"
#include "engine/anchors.h"
#include "engine/ledger.h"
#include "rules/diagnostics.h"
#include "rules/security/password_edits.h"
#include "rules/security/password_flow.h"

namespace covet::engine {
namespace {

using rules::security::PasswordFlow;

constexpr const char* kTemplate = "templates/security/passwords.py";

std::string hintOf(const std::string& reason) {
    const std::string code = "; to hash them, store `hash_password(given)` and compare with `is_password(stored, given)` as the docs show";
    if (reason == "answered") return "clients get the record with its password here: leave it out of the answer" + code;
    if (reason == "whole-body") return "what is stored here may hold a password under any key: name the fields" + code;
    if (reason == "dynamic-key") return "which field this is shows only when it runs: name it" + code;
    if (reason == "read") return "more is done with the password here than comparing it" + code;
    if (reason == "filled-by-code") return "the program itself fills the store when it starts" + code;
    if (reason == "several-applications") return "two applications share this code" + code;
    return "the record goes to a place that is not followed" + code;
}

size_t rowCount(const Analysis& analysis, const std::string& table) {
    for (const schema::TableRows& rows : analysis.rows)
        if (rows.table == table) return rows.size();
    return 0;
}

} // namespace

PasswordPass::PasswordPass(const LoadedProject& original, const InputRewrite& input, const LoadedProject& loaded,
                           const Options& options, const catalog::TargetProfile& target)
    : original_(original)
    , input_(input)
    , loaded_(loaded)
    , options_(options)
    , target_(target) {}

Status PasswordPass::find(const Analysis& analysis) {
    const Result<ExtractedValues> extracted = readExtracted(options_.extracted);
    if (!extracted) return extracted.error();
    stores_ = readStores(loaded_, *extracted, nullptr);
    for (const facts::FoundStore& store : stores_) {
        const schema::Table* table = analysis.schema.tableOfStore(store.fact.id);
        const auto field = rules::security::passwordFieldOf(store);
        if (!table || !field || loaded_.broken.count(store.module)) continue;
        Candidate candidate{&store, *field, PasswordFlow(loaded_.project, store, *field).follow()};
        if (candidate.uses.hashes) continue;
        // A dict called `users` holds passwords when somebody compares them.
        if (field->isPlain() && candidate.uses.comparisons.empty()) continue;
        rows_[store.fact.id] = rowCount(analysis, table->name);
        candidates_.push_back(std::move(candidate));
    }
    return Ok{};
}

rules::Finding PasswordPass::findingOf(const Candidate& candidate) const {
    const rules::security::PasswordUses& uses = candidate.uses;
    const bool isKept = !uses.reason.empty();
    rules::Finding finding;
    finding.rule = isKept ? "COV406" : "COV405";
    const rules::security::Module& module = uses.obstacle.module ? *uses.obstacle.module : *candidate.store->module;
    const syntax::Node node = uses.obstacle.module ? uses.obstacle.node : candidate.store->definition;
    finding.file = module.path();
    finding.start = {input_.lineOf(module.path(), module.source.lineOf(node.start())), module.source.columnOf(node.start())};
    finding.end = {input_.lineOf(module.path(), module.source.lineOf(node.end())), module.source.columnOf(node.end())};
    const std::string& name = candidate.store->fact.name;
    finding.message = rules::messageOf(finding.rule, candidate.field.isPlain() ? name : name + "[]." + candidate.field.name);
    if (isKept) {
        finding.safetyReason = uses.reason;
        finding.hint = hintOf(uses.reason);
    } else {
        finding.safety = rules::Safety::Safe;
        finding.outcome = rules::Outcome::Fixed;
        finding.hint = "they stay in the history of the project as they were: ask users for new ones";
    }
    return finding;
}

/// Asks the user's decisions about the stores that are left.
void PasswordPass::judge(Decisions& decisions) {
    std::vector<rules::Finding> findings;
    for (const Candidate& candidate : candidates_) findings.push_back(findingOf(candidate));
    numberFindings(findings, original_);
    decisions.settleOwn(findings);
    hashed_.clear();
    for (size_t i = 0; i < findings.size(); ++i)
        if (findings[i].outcome == rules::Outcome::Fixed) hashed_[candidates_[i].store->fact.id] = candidates_[i].field.name;
}

Result<bool> PasswordPass::rewrite(const Analysis& analysis) {
    const bool hadFiles = files_.has_value();
    files_.reset();
    if (hashed_.empty()) return hadFiles;
    std::vector<InputFile> files = input_.files();
    std::set<const semantic::Module*> changed;
    for (const auto& [home, modules] : modulesAround(applicationAnchors(analysis, loaded_.project), loaded_.project)) {
        rules::MigrationContext context(loaded_.project, target_);
        context.placeGeneratedModules(home, loaded_.paths);
        bool isUsed = false;
        for (Candidate& candidate : candidates_) {
            if (!modules.count(candidate.store->module) || !hashed_.count(candidate.store->fact.id)) continue;
            rules::security::useHashes(context, candidate.uses);
            isUsed = true;
        }
        if (!isUsed) continue;
        for (const semantic::Module* module : context.openedModules()) {
            Result<SharedText> text = context.rewrite(*module).apply();
            if (!text) return text.error();
            Result<SharedText> bytes = module->source.encode(*text);
            if (!bytes) return bytes.error();
            for (InputFile& file : files)
                if (file.path == module->path()) file.bytes = *bytes;
            if (!changed.insert(module).second)
                return Error{"overlapping-applications", "two applications share the code that compares passwords", module->path(), 0, ""};
        }
        files.push_back({context.generatedPath(context.passwordsModule), std::string(catalog::resource(kTemplate))});
    }
    files_.emplace(original_, std::move(files));
    return true;
}

Result<bool> PasswordPass::change(const Analysis& analysis, Decisions& decisions) {
    bool again = !searched_;
    if (!searched_) {
        searched_ = true;
        if (Status found = find(analysis); !found) return found.error();
    }
    for (Candidate& candidate : candidates_) {
        if (!hashed_.count(candidate.store->fact.id)) continue;
        const schema::Table* table = analysis.schema.tableOfStore(candidate.store->fact.id);
        if (table && rowCount(analysis, table->name) == rows_[candidate.store->fact.id]) continue;
        candidate.uses.reason = "filled-by-code";
        again = true;
    }
    if (!again) {
        std::vector<rules::Finding> findings;
        for (const Candidate& candidate : candidates_) findings.push_back(findingOf(candidate));
        numberFindings(findings, original_);
        decisions.settleOwn(findings);
        decisions.takeOwn(findings, "");
        return false;
    }
    if (candidates_.empty()) return false;
    judge(decisions);
    Result<bool> rewritten = rewrite(analysis);
    if (!rewritten || *rewritten) return rewritten;
    return change(analysis, decisions);
}

} // namespace covet::engine
