#include "engine/own_rules.h"

#include <algorithm>

#include "catalog/version.h"
#include "emit/requirement.h"
#include "engine/ledger.h"
#include "engine/project_files.h"
#include "rules/own/own_rule_pass.h"
#include "support/strings.h"

namespace covet::engine {
namespace {

/// After that many passes rules that still find something work against each other.
constexpr int kMaxPasses = 10;

/// The version of a package that the project declares; nothing when it declares none.
std::optional<catalog::Version> declaredVersion(const LoadedProject& loaded, const std::string& package) {
    for (const emit::Requirement& requirement : declaredRequirements(loaded, emit::normalisedName(package)))
        for (const emit::Clause& clause : requirement.clauses)
            if (clause.op == "==" || clause.op == ">=" || clause.op == "~=") return catalog::Version::parse(clause.version);
    return std::nullopt;
}

bool holdsFor(const catalog::Version& version, const std::string& versions) {
    const auto requirement = emit::parseRequirement("p" + versions);
    if (!requirement) return true;
    return std::all_of(requirement->clauses.begin(), requirement->clauses.end(), [&](const emit::Clause& clause) {
        const auto bound = catalog::Version::parse(clause.version);
        if (!bound) return true;
        const int order = version.compare(*bound);
        return clause.op == "<"    ? order < 0
               : clause.op == "<=" ? order <= 0
               : clause.op == ">"  ? order > 0
               : clause.op == "!=" ? !bound->matches(version)
               : clause.op == "==" ? bound->matches(version)
                                   : order >= 0;
    });
}

} // namespace

Result<OwnRules> OwnRules::read(const std::vector<RuleFile>& files) {
    OwnRules all;
    std::set<std::string> known;
    for (const RuleFile& file : files) {
        Result<std::vector<rules::OwnRule>> rules = rules::parseOwnRules(file.path, file.json, file.lines);
        if (!rules) return rules.error();
        for (rules::OwnRule& rule : *rules) {
            if (!known.insert(rule.id).second)
                return Error{"rule-file", "another rule file has the id `" + rule.id + "`", file.path, 0, "choose another one"};
            all.rules_.push_back(std::move(rule));
        }
    }
    return all;
}

std::vector<std::string> OwnRules::ids() const {
    std::vector<std::string> ids;
    for (const rules::OwnRule& rule : rules_) ids.push_back(rule.id);
    return ids;
}

std::vector<rules::OwnRule> OwnRules::activeRules(const LoadedProject& loaded) const {
    std::vector<rules::OwnRule> active;
    for (const rules::OwnRule& rule : rules_) {
        const auto version = rule.package.empty() ? std::nullopt : declaredVersion(loaded, rule.package);
        if (!version || holdsFor(*version, rule.versions)) active.push_back(rule);
    }
    return active;
}

OwnRules::Texts OwnRules::pass(const LoadedProject& loaded, const std::vector<rules::OwnRule>& active,
                               const std::set<std::string>& given, Decisions& decisions) const {
    Texts texts;
    for (const auto& module : loaded.project.modules()) {
        if (loaded.broken.count(module.get()) || given.count(module->path())) continue;
        rules::OwnRulePass work(loaded.project, *module, active);
        if (work.findings().empty()) continue;
        numberFindings(work.findings(), loaded);
        decisions.settleOwn(work.findings());
        Result<SharedText> text = work.apply();
        decisions.takeOwn(work.findings(), text.ok() ? "" : text.error().code);
        if (text && *text != module->source.text()) texts[module->path()] = std::move(*text);
    }
    return texts;
}

Status OwnRules::apply(const std::vector<InputFile>& files, const std::vector<SkippedFile>& skipped,
                       const LoadedProject& loaded, Decisions& decisions) {
    files_ = files;
    const std::vector<rules::OwnRule> active = activeRules(loaded);
    if (active.empty()) return Ok{};
    std::set<std::string> given; // files that were given up
    std::map<std::string, std::set<std::string>> seen;
    std::optional<Result<LoadedProject>> again;
    const LoadedProject* current = &loaded;
    for (int pass = 0; pass <= kMaxPasses; ++pass) {
        const Texts texts = this->pass(*current, active, given, decisions);
        bool changes = false;
        for (InputFile& file : files_) {
            auto found = texts.find(file.path);
            if (found == texts.end()) continue;
            Result<SharedText> bytes = loaded.project.moduleByPath(file.path)->source.encode(found->second);
            const bool repeats = !seen[file.path].insert(found->second).second || pass == kMaxPasses;
            if (!bytes || repeats) {
                file.bytes = loaded.files.at(file.path)->bytes;
                given.insert(file.path);
                decisions.giveUpOwn(file.path, bytes ? "does-not-settle" : bytes.error().code);
            } else {
                file.bytes = std::move(*bytes);
            }
            changes = true;
        }
        if (!changes) break;
        // What is loaded points to the files of its own pass.
        passes_.push_back(std::make_shared<std::vector<InputFile>>(files_));
        again.emplace(loadProject(*passes_.back(), skipped, nullptr));
        if (!*again) return again->error();
        current = &**again;
    }
    return Ok{};
}

} // namespace covet::engine
