#include "rules/own/own_rule_pass.h"

#include <algorithm>
#include <numeric>

#include "support/strings.h"

namespace covet::rules {
namespace {

bool startsWithName(const std::string& dotted, const std::string& name) {
    return dotted == name || startsWith(dotted, name + ".");
}

std::string headOf(const std::string& dotted) {
    const size_t cut = dotted.rfind('.');
    return cut == std::string::npos ? "" : dotted.substr(0, cut);
}

std::string tailOf(const std::string& dotted) { return dotted.substr(dotted.rfind('.') + 1); }

bool isInImport(const Node& node) {
    return bool(node.ancestor({"import_statement", "import_from_statement", "future_import_statement"}));
}

/// Whether an identifier or attribute is a reference, and not the name of a parameter, an argument or a member.
bool isReference(const Node& node) {
    const Node parent = node.parent();
    if (parent.is("keyword_argument") && parent.field("name") == node) return false;
    if (parent.is("attribute")) return false; // the longest chain is looked at
    const Node outer = parent.field("name");
    const bool isDefinition = parent.is("function_definition") || parent.is("class_definition");
    return !(isDefinition && outer == node) && !isInImport(node);
}

} // namespace

OwnRulePass::OwnRulePass(const semantic::Project& project, const semantic::Module& module,
                         const std::vector<OwnRule>& rules)
    : project_(project)
    , module_(module)
    , rewrite_(module) {
    for (const OwnRule& rule : rules) find(rule);
    std::vector<size_t> order(findings_.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return matches_[a].node.start() < matches_[b].node.start(); });
    std::vector<Match> matches;
    std::vector<Finding> findings;
    for (const size_t index : order) {
        matches.push_back(std::move(matches_[index]));
        findings.push_back(std::move(findings_[index]));
    }
    matches_ = std::move(matches);
    findings_ = std::move(findings);
}

void OwnRulePass::find(const OwnRule& rule) {
    if (!rule.from.empty() && module_.source.text().find(tailOf(rule.from)) == std::string_view::npos) return;
    syntax::walk(module_.tree->root(), [&](const Node& node) {
        if (rule.pattern) findPattern(rule, node);
        else if (node.is("identifier") || node.is("attribute")) findName(rule, node);
        return true;
    });
}

void OwnRulePass::findPattern(const OwnRule& rule, const Node& node) {
    const syntax::NodeType type = rule.pattern->rootType();
    const bool isName = type == "identifier" || type == "attribute";
    if (node.type() != type && !(isName && (node.is("identifier") || node.is("attribute")))) return;
    Match match;
    if (!rule.pattern->matches(project_, module_, node, match.captures)) return;
    match.rule = &rule;
    match.node = node;
    match.imports = rule.imports;
    add(std::move(match), "");
}

void OwnRulePass::findName(const OwnRule& rule, const Node& node) {
    if (!isReference(node)) return;
    // Of `acme.get.timeout`, the part that means `acme.get`.
    Node part = node;
    while (part && dottedNameOf(project_, module_, part) != rule.from)
        part = part.is("attribute") ? part.field("object") : Node();
    if (!part) return;
    Match match;
    match.rule = &rule;
    match.node = part;
    match.imports = rule.imports;
    std::string problem;
    const Node parent = part.parent();
    if (rule.decorators) {
        const Node decorator = parent.is("decorator") ? parent : parent.is("call") ? parent.parent() : Node();
        if (!decorator.is("decorator")) return;
        if (rule.to.empty()) match.node = decorator;
    }
    if (!rule.arguments.empty()) {
        if (!parent.is("call") || parent.field("function") != part) return;
        prepareArguments(parent, match, problem);
        if (problem.empty() && rule.to.empty() && match.renamed.empty() && match.removed.empty()) return;
    }
    if (!rule.to.empty() && problem.empty()) prepareName(match, problem);
    add(std::move(match), problem);
}

bool OwnRulePass::prepareName(Match& match, std::string& problem) const {
    const std::string& to = match.rule->to;
    const bool isBare = match.node.is("identifier");
    const std::string module = headOf(to), name = tailOf(to);
    if (module.empty()) {
        match.text = to;
        return true;
    }
    std::string local(match.node.text());
    match.dropped = local.substr(0, local.find('.'));
    // Names are imported as the old one was: alone, or through its module.
    if (!isBare) {
        match.text = to;
        match.imports.push_back({module, ""});
        const std::string first = module.substr(0, module.find('.'));
        const auto bound = module_.imports.find(first);
        const bool isFree = bound == module_.imports.end()
                                ? !module_.assignments.count(first)
                                : bound->second.name.empty() && startsWithName(bound->second.module, first);
        if (!isFree) problem = "name-taken";
        return isFree;
    }
    const auto bound = module_.imports.find(name);
    const bool isSame = bound != module_.imports.end() &&
                        (bound->second.module == module || bound->second.module + "." + bound->second.name == match.rule->from);
    const bool isTaken = (bound != module_.imports.end() && !isSame) || module_.assignments.count(name) ||
                         module_.function(name) || module_.classNamed(name);
    const semantic::Function* function = module_.enclosingFunction(match.node);
    if (isTaken || (function && function->locals.count(name))) {
        problem = "name-taken";
        return false;
    }
    // A name that an alias stands for keeps its alias' spelling out of the code: the new one is imported plainly.
    match.text = name;
    match.imports.push_back({module, name});
    return true;
}

void OwnRulePass::prepareArguments(const Node& call, Match& match, std::string& problem) const {
    const Node list = call.field("arguments");
    if (!list.is("argument_list")) return;
    for (const Node& child : list.children()) {
        if (child.is("dictionary_splat")) problem = "keyword-splat";
        if (!child.is("keyword_argument")) continue;
        const auto wanted = match.rule->arguments.find(std::string(child.field("name").text()));
        if (wanted == match.rule->arguments.end()) continue;
        if (wanted->second) match.renamed.emplace_back(child.field("name"), *wanted->second);
        else match.removed.push_back(child);
    }
    for (const Node& child : list.children())
        if (child.is("comment") && !match.removed.empty()) problem = "comment-in-the-way";
}

void OwnRulePass::add(Match match, const std::string& problem) {
    const OwnRule& rule = *match.rule;
    Finding finding;
    finding.rule = rule.id;
    finding.file = module_.path();
    finding.start = {module_.source.lineOf(match.node.start()), module_.source.columnOf(match.node.start())};
    finding.end = {module_.source.lineOf(match.node.end()), module_.source.columnOf(match.node.end())};
    finding.message = filledMessage(rule.message, match.captures);
    finding.hint = rule.hint;
    finding.safety = rule.changes() && problem.empty() ? rule.safety : Safety::Manual;
    finding.safetyReason = problem.empty() ? (rule.safety == Safety::Safe ? "" : rule.reason) : problem;
    finding.outcome = finding.safety == Safety::Safe     ? Outcome::Fixed
                      : finding.safety == Safety::Unsafe ? Outcome::Offered
                                                         : Outcome::Skipped;
    matches_.push_back(std::move(match));
    findings_.push_back(std::move(finding));
}

bool OwnRulePass::make(Match& match) {
    const OwnRule& rule = *match.rule;
    if (rule.replacement) {
        const Template& replacement = *rule.replacement;
        const Captures captures = match.captures;
        const Node node = match.node;
        return rewrite_.replace(node, [replacement, captures, node](const ModuleRewrite& rewrite) {
            return replacement.fill(captures, node, [&](const Node& captured) { return rewrite.render(captured); });
        });
    }
    if (rule.decorators && rule.to.empty()) {
        if (rewrite_.isClaimed(match.node) || rewrite_.isRemoved(match.node)) return false;
        rewrite_.remove(match.node);
        return true;
    }
    if (!rule.to.empty() && !rewrite_.replace(match.node, match.text)) return false;
    for (const auto& [name, text] : match.renamed) rewrite_.replace(name, text);
    if (match.removed.empty()) return true;
    const Node list = match.removed.front().parent();
    const std::vector<Node> removed = match.removed;
    return rewrite_.replace(list, [list, removed](const ModuleRewrite& rewrite) {
        std::vector<std::string> kept;
        for (const Node& child : list.namedChildren())
            if (std::find(removed.begin(), removed.end(), child) == removed.end()) kept.push_back(rewrite.render(child));
        return "(" + join(kept, ", ") + ")";
    });
}

Result<SharedText> OwnRulePass::apply() {
    for (size_t i = 0; i < matches_.size(); ++i) {
        Finding& finding = findings_[i];
        if (finding.outcome != Outcome::Fixed) continue;
        if (!make(matches_[i])) {
            finding.outcome = Outcome::Skipped;
            finding.safetyReason = "another-change";
            continue;
        }
        for (const OwnImport& wanted : matches_[i].imports) rewrite_.requireImport(wanted.module, wanted.name);
        if (!matches_[i].dropped.empty()) rewrite_.dropImportIfUnused(matches_[i].dropped);
    }
    if (rewrite_.empty()) return module_.source.sharedText();
    return rewrite_.apply();
}

} // namespace covet::rules
