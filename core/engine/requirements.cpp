#include <algorithm>

#include "emit/requirement_files.h"
#include "engine/output_files.h"
#include "engine/project_files.h"
#include "rules/diagnostics.h"
#include "support/paths.h"
#include "support/strings.h"

namespace covet::engine {
namespace {

using emit::Requirement;

/// The modules that the project still imports once the migration is done, by their dotted names.
std::set<std::string> importsOf(const std::vector<UnitResult>& units, const LoadedProject& loaded) {
    std::set<std::string> names;
    auto add = [&](const syntax::Tree& tree) {
        syntax::walk(tree.root(), [&](const syntax::Node& node) {
            if (node.is("import_from_statement")) names.emplace(node.field("module_name").text());
            if (node.is("import_statement"))
                for (const syntax::Node& item : node.fields("name"))
                    names.emplace((item.is("aliased_import") ? item.field("name") : item).text());
            return true;
        });
    };
    for (const auto& module : loaded.project.modules()) {
        const SharedText* rewritten = nullptr;
        for (const UnitResult& unit : units)
            if (auto text = unit.texts.find(module.get()); text != unit.texts.end()) rewritten = &text->second;
        if (!rewritten) add(*module->tree);
        else if (auto tree = syntax::Tree::parseAgain(*rewritten)) add(**tree);
    }
    return names;
}

/// Whether a module, or one inside of it, is among the imports.
bool isImported(const std::string& name, const std::set<std::string>& imports) {
    return std::any_of(imports.begin(), imports.end(),
                       [&](const std::string& dotted) { return dotted == name || startsWith(dotted, name + "."); });
}

/// What the generated modules import, from lines that start with it.
std::set<std::string> generatedImports(const std::vector<UnitResult>& units) {
    std::set<std::string> names;
    for (const UnitResult& unit : units)
        for (const auto& entry : unit.generated) {
            const std::string_view text = entry.second;
            for (size_t at = 0; at < text.size();) {
                const size_t end = std::min(text.find('\n', at), text.size());
                const std::string_view line = text.substr(at, end - at);
                for (const std::string_view statement : {"from ", "import "})
                    if (startsWith(line, statement)) {
                        const std::string_view rest = line.substr(statement.size());
                        names.emplace(rest.substr(0, rest.find(' ')));
                    }
                at = end + 1;
            }
        }
    return names;
}

/// The scheme of a database URL, without a driver ("postgresql+asyncpg" -> "postgresql").
std::string schemeOf(const std::string& url) {
    const std::string scheme = toLower(url.substr(0, url.find(':')));
    return scheme.substr(0, scheme.find('+'));
}

/// What the units need that use the names of one target.
class TargetNeeds {
public:
    TargetNeeds(const std::vector<UnitResult>& units, const Options& options, const catalog::TargetProfile& target,
                const Analysis& analysis, const std::set<std::string>& imports)
        : units_(units)
        , target_(target)
        , analysis_(analysis)
        , imports_(imports)
        , database_(!analysis.schema.tables.empty())
        , vendored_(options.vendorRuntime && !target.runtimeFolder.empty())
        , driver_(target.driver(schemeOf(options.databaseUrl)))
        , generated_(generatedImports(units)) {
        for (const UnitResult& unit : units)
            if (unit.target == &target && !unit.texts.empty()) (unit.staysOnFramework ? stays_ : moves_) = true;
    }

    void addTo(emit::RequirementPlan& plan) const {
        if (!moves_ && !stays_) return;
        for (const catalog::TargetRequirement& entry : target_.requirements)
            if (isNeeded(entry)) want(plan, entry.requirement, entry.reason);
        if (driver_ && database_)
            want(plan, moves_ ? driver_->requirement : driver_->syncRequirement, "driver for " + driver_->scheme);
        if (!moves_) return;
        for (const catalog::TargetReplacement& entry : target_.replacements) {
            const bool wanted = std::any_of(plan.wanted.begin(), plan.wanted.end(), [&](const auto& one) {
                return one.requirement.name == entry.package;
            });
            if (wanted || isImported(entry.import, imports_)) continue;
            if (auto by = emit::parseRequirement(entry.requirement))
                plan.replacements.push_back({entry.package, *by, entry.reason});
            else
                plan.removed.push_back(entry.package);
        }
    }

private:
    static void want(emit::RequirementPlan& plan, const std::string& text, const std::string& reason) {
        const auto requirement = emit::parseRequirement(text);
        if (!requirement) return;
        // What one target asks of a package, the others ask as well.
        for (const auto& known : plan.wanted)
            if (known.requirement.name == requirement->name) return;
        plan.wanted.push_back({*requirement, reason});
    }

    bool isNeeded(const catalog::TargetRequirement& entry) const {
        if (entry.when == "sync-database") return database_ && !moves_;
        if (!moves_) return false;
        if (entry.when == "served") return isServedItself();
        if (entry.when == "framework") return !vendored_;
        if (entry.when == "vendored") return vendored_;
        if (entry.when == "validation" || entry.when == "modern-names") return false; // with what needs it
        if (startsWith(entry.when, "generated:")) return isImported(entry.when.substr(10), generated_);
        if (startsWith(entry.when, "import:")) {
            const std::string module = entry.when.substr(7);
            return isImported(module, imports_) || isImported(module, generated_);
        }
        return database_ || vendored_;
    }

    /// Python's own servers are no package that could be replaced by another one.
    bool isServedItself() const {
        const bool migrates = std::any_of(units_.begin(), units_.end(), [](const UnitResult& unit) { return !unit.migratedApps.empty(); });
        return migrates && std::any_of(analysis_.apps.begin(), analysis_.apps.end(), [](const facts::App& app) {
            return app.framework == "http.server" || app.framework == "wsgi";
        });
    }

    const std::vector<UnitResult>& units_;
    const catalog::TargetProfile& target_;
    const Analysis& analysis_;
    const std::set<std::string>& imports_;
    bool database_, vendored_;
    const catalog::TargetDriver* driver_;
    const std::set<std::string> generated_; // what generated modules import
    bool moves_ = false;
    bool stays_ = false; // and only data moves
};

emit::RequirementPlan planFor(const std::vector<UnitResult>& units, const LoadedProject& loaded,
                              const Options& options, const Analysis& analysis) {
    emit::RequirementPlan plan;
    const std::set<std::string> imports = importsOf(units, loaded);
    for (const catalog::TargetProfile& target : catalog::targetProfiles())
        TargetNeeds(units, options, target, analysis, imports).addTo(plan);
    return plan;
}

bool isRequirementsTxt(const std::string& path) {
    const std::string name = path.substr(path.rfind('/') + 1);
    const std::string folder = folderOf(path);
    if (!endsWith(name, ".txt") && !endsWith(name, ".in")) return false;
    return startsWith(name, "requirements") || endsWith(folder, "requirements");
}

/// Paths of a project that may declare its dependencies, best first: `folders` in their order.
class RequirementFiles {
public:
    RequirementFiles(const LoadedProject& loaded, const std::vector<std::string>& folders) : loaded_(loaded) {
        for (const std::string& folder : folders) {
            for (const auto& [path, file] : loaded.files)
                if (isRequirementsTxt(path) &&
                    (folderOf(path) == folder || folderOf(path) == inFolder(folder, "requirements")))
                    addOnce(texts_, path);
            for (const char* name : {"pyproject.toml", "setup.cfg", "Pipfile"})
                if (loaded.files.count(inFolder(folder, name))) addOnce(tables_, inFolder(folder, name));
        }
        for (const char* name : {"requirements.in", "requirements.txt", "base.in", "base.txt", "common.txt",
                                 "prod.txt", "production.txt"})
            for (const std::string& path : texts_)
                if (primary_.empty() && path.substr(path.rfind('/') + 1) == name) primary_ = path;
        collectIncludes();
    }

    const std::vector<std::string>& texts() const { return texts_; }
    const std::vector<std::string>& tables() const { return tables_; }
    /// The requirements.txt that gets what is new; "" if there is none.
    const std::string& primary() const { return primary_; }
    /// Names that the primary file gets from the files it includes.
    const std::vector<std::string>& included() const { return included_; }

    std::string_view bytes(const std::string& path) const { return loaded_.files.at(path)->bytes; }

private:
    static void addOnce(std::vector<std::string>& paths, const std::string& path) {
        if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
    }

    void collectIncludes() {
        if (primary_.empty()) return;
        std::vector<std::string> queue = {primary_};
        for (size_t i = 0; i < queue.size(); ++i) {
            if (i > 0)
                for (std::string& name : emit::declaredNames(bytes(queue[i]))) included_.push_back(std::move(name));
            for (const std::string& include : emit::includedFiles(bytes(queue[i]))) {
                const std::string path = inFolder(folderOf(queue[i]), include);
                if (loaded_.files.count(path)) addOnce(queue, path);
            }
        }
    }

    const LoadedProject& loaded_;
    std::vector<std::string> texts_, tables_, included_;
    std::string primary_;
};

rules::Finding finding(const char* rule, const std::string& path, const std::string& subject,
                       const std::string& reason, const std::string& hint) {
    rules::Finding out;
    out.rule = rule;
    out.file = path;
    out.start = out.end = {1, 1};
    out.message = rules::messageOf(rule, subject);
    out.safetyReason = reason;
    out.hint = hint;
    const rules::Diagnostic* entry = rules::diagnostic(rule);
    out.safety = entry ? entry->safety : rules::Safety::Manual;
    out.outcome = out.safety == rules::Safety::Safe ? rules::Outcome::Fixed : rules::Outcome::Skipped;
    return out;
}

void takeEdit(const LoadedProject& loaded, const catalog::TargetProfile& target, const std::string& path,
              emit::RequirementEdit edit, Analysis& analysis) {
    std::vector<std::string> missing;
    for (const emit::RequirementChange& change : edit.changes) {
        analysis.dependencies.push_back({change.name, change.requirement, path, change.action, change.reason});
        if (edit.locked && change.action != "keep") missing.push_back(change.requirement);
        if (change.conflict)
            analysis.findings.push_back(finding("COV503", path, change.requirement, "conflict",
                                                "check the rest of the project with the newer version"));
        auto note = target.dependencyConfusion.find(change.name);
        if (note != target.dependencyConfusion.end() && change.action != "keep")
            analysis.findings.push_back(finding("COV501", path, change.name, "unverified-package", note->second));
    }
    if (!missing.empty())
        analysis.findings.push_back(finding("COV502", path, path, "locked",
                                            "add these and compile again: " + join(missing, ", ")));
    addFile(loaded, path, std::move(edit.text), analysis);
}

emit::RequirementEdit editTable(const std::string& path, std::string_view text, const emit::RequirementPlan& plan) {
    if (endsWith(path, "pyproject.toml")) return emit::editPyproject(text, plan, true);
    if (endsWith(path, "setup.cfg")) return emit::editSetupCfg(text, plan, true);
    return emit::editPipfile(text, plan, true);
}

/// Edits the requirement files of these folders and the project's, or makes one in each when there is none.
void applyPlan(emit::RequirementPlan plan, const std::vector<std::string>& homes, const LoadedProject& loaded,
               const catalog::TargetProfile& target, Analysis& analysis) {
    std::vector<std::string> folders = homes;
    folders.push_back("");
    const RequirementFiles files(loaded, folders);
    bool declared = false;
    for (const std::string& path : files.tables()) {
        emit::RequirementEdit edit = editTable(path, files.bytes(path), plan);
        declared = declared || edit.declares;
        if (edit.declares) takeEdit(loaded, target, path, std::move(edit), analysis);
    }
    for (const std::string& path : files.texts()) {
        const bool primary = path == files.primary();
        plan.declaredElsewhere = primary ? files.included() : std::vector<std::string>();
        takeEdit(loaded, target, path, emit::editRequirementsTxt(files.bytes(path), plan, primary), analysis);
    }
    if (declared || !files.primary().empty()) return;
    std::set<std::string> created;
    for (const std::string& home : homes) {
        const std::string path = inFolder(home, "requirements.txt");
        if (!loaded.paths.count(path) && created.insert(path).second)
            takeEdit(loaded, target, path, emit::editRequirementsTxt("", plan, true), analysis);
    }
}

} // namespace

std::vector<emit::Requirement> declaredRequirements(const LoadedProject& loaded, std::string_view normalised) {
    std::vector<emit::Requirement> found;
    for (const auto& [path, file] : loaded.files) {
        const bool isToml = endsWith(path, "pyproject.toml") || endsWith(path, "setup.cfg") || endsWith(path, "Pipfile");
        if (!isToml && !endsWith(path, ".txt")) continue;
        for (const std::string& line : split(file->bytes, '\n')) {
            std::string text(trim(line));
            text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == '"' || c == '\''; }), text.end());
            if (endsWith(text, ",")) text.pop_back();
            if (const auto requirement = emit::parseRequirement(text); requirement && requirement->normalised == normalised)
                found.push_back(*requirement);
        }
    }
    return found;
}

void addRequirements(const std::vector<UnitResult>& units, const LoadedProject& loaded,
                     const Options& options, const catalog::TargetProfile& target, Analysis& analysis) {
    std::vector<std::string> homes;
    for (const UnitResult& unit : units)
        if (!unit.texts.empty()) homes.push_back(unit.importBase);
    if (!homes.empty()) applyPlan(planFor(units, loaded, options, analysis), homes, loaded, target, analysis);
}

void addRequirements(const std::vector<std::string>& when, const std::string& folder, const LoadedProject& loaded,
                     const catalog::TargetProfile& target, Analysis& analysis) {
    emit::RequirementPlan plan;
    for (const catalog::TargetRequirement& entry : target.requirements)
        if (auto requirement = std::find(when.begin(), when.end(), entry.when) != when.end() ? emit::parseRequirement(entry.requirement) : std::nullopt)
            plan.wanted.push_back({*requirement, entry.reason});
    applyPlan(std::move(plan), {folder}, loaded, target, analysis);
}

} // namespace covet::engine
