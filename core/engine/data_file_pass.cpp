#include "engine/data_file_pass.h"

#include <algorithm>

#include "engine/ledger.h"
#include "engine/store_data.h"
#include "facts/file_conditions.h"
#include "facts/missing_file.h"
#include "facts/single_object.h"
#include "facts/store_lifetime.h"
#include "rules/diagnostics.h"
#include "rules/store/data_file_rewrite.h"
#include "rules/store/file_functions.h"
#include "semantic/module_index.h"
#include "semantic/project_host.h"
#include "semantic/test_modules.h"
#include "support/strings.h"
#include "syntax/evaluator/json_reader.h"
#include "syntax/literal_evaluator.h"

namespace covet::engine {
namespace {

using facts::DataFile;
using Kind = facts::FileAccess::Kind;

bool isCollection(const Value& value) {
    return value.kind() == Value::Kind::List || value.kind() == Value::Kind::Dict;
}

/// The content of a JSON text; nothing if it is none. Large parts are read when somebody wants them.
std::optional<Value> contentOf(const SharedText& text) {
    auto document = syntax::eval::readLargeJson(text);
    if (!document) return std::nullopt;
    return document->whole ? std::move(*document->whole) : Value::dict(std::move(document->parts));
}

std::string hintOf(const std::string& reason) {
    static const std::pair<const char*, const char*> kHints[] = {
        {"computed-path", "its path depends on more than constants: name it once, at the top of a module"},
        {"own-database", "it is a database already, which the code opens itself: move its tables by hand, or leave it"},
        {"other-format", "another library reads or writes it: load it with json, or move its data by hand"},
        {"several-files", "one function loads or saves several files: give each file functions of its own"},
        {"first-content-unknown", "the file is not among the project's files (a symbolic link is not followed), and what the code starts with then is not known: "
                                  "create the file with its first content"},
        {"file-not-read", "the file was not given to the migration: it is too large or left out"},
        {"not-json", "the file does not hold JSON now: correct it, then run the command again"},
        {"not-a-collection", "the file holds a single value rather than a list or an object"},
        {"used-at-import", "code at module level loads or saves it: move that into functions"},
        {"several-modules", "several modules load and save it: let one module do that for all"},
        {"used-otherwise", "more is done with the file than loading and saving it"},
        {"opened-otherwise", "load it with `json.load(file)` and save it with `json.dump(data, file)` alone"},
        {"migrated-module", "the module has been migrated already: undo that with rollback, then migrate it anew"},
        {"never-loaded", "the code writes it and loads it nowhere: it is a copy for others"},
        {"appended", "it is written line by line: keep such records in a list that is saved as a whole, or in a table"},
        {"read-by-lines", "it holds a JSON document in each line: save the records as one list with json.dump, which becomes a table"},
        {"own-decoder", "it is decoded in a way of its own: leave the options of json.load out"},
        {"text", "it is read and written as text: keep the data in a variable of a module, or in JSON"}};
    for (const auto& [known, hint] : kHints)
        if (reason == known) return hint;
    return "";
}

/// Whether the path is what callers give a function, who give it several.
bool isParameter(const DataFile& file) {
    const semantic::Function* function = file.module->enclosingFunction(file.where);
    if (!function || !file.where.is("identifier")) return false;
    const std::vector<syntax::Node> parameters = function->node.field("parameters").namedChildren();
    return std::any_of(parameters.begin(), parameters.end(), [&](const syntax::Node& one) { return semantic::parameterName(one) == file.where.text(); });
}

bool isLoaded(const DataFile& file) {
    return std::any_of(file.accesses.begin(), file.accesses.end(), [](const facts::FileAccess& access) {
        return access.kind == Kind::Read || access.kind == Kind::ReadText;
    });
}

/// Whether an earlier run has put tables into the place of a module's containers.
bool usesTables(const semantic::Module& module) {
    return std::any_of(module.imports.begin(), module.imports.end(),
                       [](const auto& one) { return startsWith(one.second.name, "bridged_") || one.second.name == "with_stores"; });
}

} // namespace

DataFilePass::DataFilePass(const LoadedProject& original, const InputRewrite& input, const LoadedProject& loaded,
                           const std::vector<SkippedFile>& skipped, const catalog::TargetProfile& target)
    : original_(original)
    , input_(input)
    , loaded_(loaded)
    , target_(target) {
    const auto& modules = loaded.project.modules();
    const bool serves = std::any_of(modules.begin(), modules.end(), [](const auto& module) {
        return !semantic::isTestModule(*module) && facts::makesApplication(*module);
    });
    if (!serves) return;
    divide(skipped);
    find();
    undivideWhereSomeStays();
}

void DataFilePass::divide(const std::vector<SkippedFile>& skipped) {
    rules::MigrationContext context(loaded_.project, target_);
    std::set<std::string> paths = rules::divideFileFunctions(context);
    if (paths.empty()) return;
    Result<std::vector<InputFile>> files = changedFiles(context, input_.files());
    if (!files) return;
    dividedInput_.emplace(original_, std::move(*files));
    Result<LoadedProject> loading = loadProject(dividedInput_->files(), skipped, nullptr);
    if (loading) {
        divided_.emplace(std::move(*loading));
        dividedPaths_ = std::move(paths);
    } else {
        dividedInput_.reset();
    }
}

bool DataFilePass::undivideWhereSomeStays() {
    const bool someStays = std::any_of(candidates_.begin(), candidates_.end(), [&](const Candidate& candidate) {
        return dividedPaths_.count(candidate.file.path) && !candidate.refusal.empty();
    });
    if (!someStays) return false;
    candidates_.clear();
    dividedPaths_.clear();
    divided_.reset();
    dividedInput_.reset();
    home_ = nullptr;
    find();
    return true;
}

void DataFilePass::find() {
    for (const auto& module : loaded().project.modules())
        if (!home_ && !semantic::isTestModule(*module) && facts::makesApplication(*module)) home_ = module.get();
    for (DataFile& file : facts::dataFiles(loaded().project)) {
        // Text with a path that depends on the request is an upload or a page, as far as the code shows.
        if (file.path.empty() && file.format.empty()) continue;
        candidates_.emplace_back();
        Candidate& candidate = candidates_.back();
        candidate.file = std::move(file);
        candidate.refusal = candidate.file.refusal == "computed-path" && isParameter(candidate.file) ? "several-files" : candidate.file.refusal;
        if (candidate.refusal.empty() && candidate.file.format != "json") candidate.refusal = candidate.file.format.empty() ? "text" : "other-format";
        if (candidate.refusal.empty() && !isLoaded(candidate.file)) candidate.refusal = "never-loaded";
        for (const facts::FileAccess& access : candidate.file.accesses) {
            if (!candidate.refusal.empty()) break;
            if (usesTables(*access.module)) candidate.refusal = "migrated-module";
            else if (loaded().broken.count(access.module)) candidate.refusal = "syntax-error";
        }
        if (candidate.refusal.empty()) findContent(candidate);
        if (candidate.refusal.empty() && !candidate.isThere) candidate.mayBeMissing = toldFromContent(candidate);
    }
}

/// Whether some code does something else for a missing file than for one with its first content.
bool DataFilePass::toldFromContent(const Candidate& candidate) const {
    semantic::ProjectHost host(loaded().project, [&](const std::string& path) { return dataFile(loaded(), path); });
    if (host.file(candidate.file.path, host.sourceOf(*candidate.file.module)).kind == syntax::FileAnswer::Kind::Known) return false; // empty now
    syntax::LiteralEvaluator evaluator(host);
    const auto branches = facts::branchesOf(candidate.file);
    if (facts::isMadeAtStart(loaded().project, candidate.file, branches)) return false;
    const auto answers = facts::missingAnswers(loaded().project, candidate.file, branches);
    return std::any_of(answers.begin(), answers.end(), [&](const facts::MissingAnswer& answer) {
        return !answer.value || !(evaluator.evaluate(host.sourceOf(*answer.module), answer.value) == candidate.content);
    });
}

void DataFilePass::findContent(Candidate& candidate) const {
    semantic::ProjectHost host(loaded().project, [&](const std::string& path) { return dataFile(loaded(), path); });
    const syntax::FileAnswer answer = host.file(candidate.file.path, host.sourceOf(*candidate.file.module));
    if (answer.kind == syntax::FileAnswer::Kind::Unknown) {
        candidate.refusal = "file-not-read";
        return;
    }
    candidate.isThere = answer.kind == syntax::FileAnswer::Kind::Known && !trim(answer.bytes.view()).empty();
    if (candidate.isThere) {
        std::optional<Value> content = contentOf(answer.bytes);
        if (!content) candidate.refusal = "not-json";
        else if (!isCollection(*content)) candidate.refusal = "not-a-collection";
        else candidate.content = std::move(*content);
        return;
    }
    syntax::LiteralEvaluator evaluator(host);
    const auto branches = facts::branchesOf(candidate.file);
    auto take = [&](const semantic::Module& module, const syntax::Node& expression) {
        Value value = evaluator.evaluate(host.sourceOf(module), expression);
        if (!isCollection(value) || value.hasOpaque()) return false;
        candidate.content = std::move(value);
        return true;
    };
    for (const auto& [module, value] : facts::valuesWithoutFile(loaded().project, candidate.file, branches))
        if (take(*module, value)) return;
    for (const facts::FileAccess& access : candidate.file.accesses) {
        if (access.kind != Kind::Read || !access.function) continue;
        const auto calls = access.module->calls.find(access.function->name);
        if (calls == access.module->calls.end()) continue;
        for (const syntax::Node& call : calls->second)
            if (take(*access.module, call)) return;
    }
    candidate.refusal = "first-content-unknown";
}

Result<InputRewrite> DataFilePass::files() {
    rules::MigrationContext context(loaded().project, target_);
    context.placeGeneratedModules(home_, loaded().paths);
    for (Candidate& candidate : candidates_) {
        if (!candidate.refusal.empty()) continue;
        rules::MovedFile moved = rules::moveDataFile(context, candidate.file, candidate.content, candidate.isThere, candidate.mayBeMissing);
        candidate.refusal = moved.refusal;
        candidate.stores = std::move(moved.stores);
    }
    if (undivideWhereSomeStays()) return this->files();
    Result<std::vector<InputFile>> files = changedFiles(context, input().files());
    if (!files) return files.error();
    for (auto& [path, text] : context.generatedFiles) files->push_back({path, SharedText(std::move(text))});
    return InputRewrite(original_, std::move(*files));
}

bool DataFilePass::anyMoves() const {
    return divided_ || std::any_of(candidates_.begin(), candidates_.end(), [](const Candidate& candidate) { return candidate.refusal.empty(); });
}

bool DataFilePass::giveUp(const Analysis& analysis) {
    bool any = false;
    for (Candidate& candidate : candidates_) {
        for (const std::string& store : candidate.stores) {
            if (!candidate.refusal.empty() || analysis.schema.tableOfStore(store)) continue;
            candidate.refusal = "not-migrated";
            for (const rules::Finding& finding : analysis.findings)
                if (finding.group == "store:" + store && finding.safety == rules::Safety::Manual && !finding.safetyReason.empty()) {
                    candidate.refusal = finding.safetyReason;
                    candidate.hint = finding.hint;
                    break;
                }
            any = true;
        }
    }
    if (any) undivideWhereSomeStays();
    return any;
}

rules::Finding DataFilePass::findingOf(const Candidate& candidate) const {
    const DataFile& file = candidate.file;
    const bool moves = candidate.refusal.empty();
    rules::Finding finding;
    finding.rule = moves ? "COV210" : "COV211";
    finding.file = file.module->path();
    const auto& source = file.module->source;
    finding.start = {input().lineOf(finding.file, source.lineOf(file.where.start())), source.columnOf(file.where.start())};
    finding.end = {input().lineOf(finding.file, source.lineOf(file.where.end())), source.columnOf(file.where.end())};
    finding.message = rules::messageOf(finding.rule, file.path.empty() ? std::string(file.where.text()) : file.path);
    if (moves) {
        finding.safety = rules::Safety::Safe;
        finding.outcome = rules::Outcome::Fixed;
        finding.group = "store:" + candidate.stores.front();
        finding.hint = "the file stays where it is, as it is; nothing reads it any more";
        return finding;
    }
    finding.safetyReason = candidate.refusal;
    finding.hint = candidate.hint.empty() ? hintOf(candidate.refusal) : candidate.hint;
    return finding;
}

/// What is said of the variables in a module that the pass has made is said of the place that opens the file.
void DataFilePass::placeInCode(const Candidate& candidate, Analysis& analysis) const {
    const rules::Finding place = findingOf(candidate);
    auto isNew = [&](const std::string& path) { return !original_.files.count(path); };
    for (const std::string& id : candidate.stores) {
        for (rules::Finding& finding : analysis.findings) {
            if (finding.group != "store:" + id || !isNew(finding.file)) continue;
            finding.file = place.file;
            finding.start = place.start;
            finding.end = place.end;
        }
        auto move = [&](facts::Location& where) {
            if (isNew(where.file)) where = {place.file, place.start.line};
        };
        for (facts::Store& store : analysis.stores)
            if (store.id == id) move(store.where);
        for (facts::StoreUse& use : analysis.uses)
            if (use.store == id) move(use.where);
    }
}

void DataFilePass::report(Analysis& analysis) const {
    bool any = false;
    for (const Candidate& candidate : candidates_) {
        if (candidate.refusal.empty()) placeInCode(candidate, analysis);
        if (facts::isNoDataReason(candidate.refusal)) continue;
        analysis.findings.push_back(findingOf(candidate));
        any = true;
    }
    if (!any) return;
    sortFindings(analysis.findings);
    numberFindings(analysis.findings, original_);
}

} // namespace covet::engine
