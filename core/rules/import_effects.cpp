#include "rules/import_effects.h"

#include <set>

#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using semantic::Module;
using semantic::Project;
using semantic::Symbol;

/// Decorators after which a definition is still only a definition.
bool isQuietDecorator(const Project& project, const Module& module, const Node& decorator) {
    Node expression = decorator.namedChild(0);
    if (expression.is("call")) expression = expression.field("function");
    const Symbol& symbol = project.resolve(module, expression);
    if (symbol.kind == Symbol::Kind::Function || symbol.kind == Symbol::Kind::Variable) return false;
    if (symbol.kind != Symbol::Kind::External) return !expression.is("attribute");
    static constexpr Words kRoots = {"dataclasses", "functools", "contextlib", "typing", "enum", "abc",
                                     "pydantic", "attr", "attrs"};
    return kRoots.count(symbol.name.substr(0, symbol.name.find('.'))) > 0;
}

/// Whether an expression starts with a name that the module itself assigns: `rows.append(...)`.
bool isOwn(const Module& module, Node expression) {
    for (;;) {
        if (expression.is("attribute")) expression = expression.field("object");
        else if (expression.is("subscript")) expression = expression.field("value");
        else if (expression.is("call") && expression.field("function").is("attribute")) expression = expression.field("function");
        else break;
    }
    return expression.is("identifier") && module.assignments.count(std::string(expression.text())) &&
           !module.imports.count(std::string(expression.text()));
}

bool actsItself(const Project& project, const Module& module) {
    bool acts = false;
    syntax::walk(module.tree->root(), [&](const Node& node) {
        if (acts || node.is("import_statement") || node.is("import_from_statement")) return false;
        if (node.is("decorated_definition"))
            for (const Node& child : node.namedChildren())
                if (child.is("decorator") && !node.parent().parent().is("class_definition"))
                    acts = acts || !isQuietDecorator(project, module, child);
        if (node.is("function_definition") || node.is("lambda")) return false;
        if (node.is("if_statement") && node.field("condition").text().find("__name__") != std::string_view::npos) return false;
        if (!node.is("expression_statement")) return true;
        const Node inner = node.namedChild(0);
        if (inner.is("call") || inner.is("await")) acts = acts || inner.is("await") || !isOwn(module, inner.field("function"));
        const Node target = inner.is("assignment") || inner.is("augmented_assignment") ? inner.field("left") : Node{};
        if (target.is("subscript") || target.is("attribute")) acts = acts || !isOwn(module, target);
        return false;
    });
    return acts;
}

bool acts(const Project& project, const Module& module, std::set<const Module*>& seen) {
    if (!seen.insert(&module).second) return false;
    if (actsItself(project, module)) return true;
    for (const auto& [name, binding] : module.imports) {
        const Module* inner = binding.name.empty() ? nullptr : project.module(binding.module + "." + binding.name);
        const Module* target = inner ? inner : project.module(binding.module);
        if (target && acts(project, *target, seen)) return true;
    }
    return false;
}

/// Import statements at module level, as "package.module" texts with all that they bring in.
std::set<std::string> importedIn(const Node& root) {
    std::set<std::string> found;
    syntax::walk(root, [&](const Node& node) {
        if (node.is("function_definition") || node.is("lambda")) return false;
        if (!node.is("import_statement") && !node.is("import_from_statement")) return true;
        const std::string from(node.is("import_from_statement") ? node.field("module_name").text() : "");
        if (!from.empty()) found.insert(from);
        for (const Node& part : node.fields("name")) {
            const std::string name((part.is("aliased_import") ? part.field("name") : part).text());
            found.insert(from.empty() ? name : endsWith(from, ".") ? from + name : from + "." + name);
        }
        return false;
    });
    return found;
}

} // namespace

bool hasImportEffects(const Project& project, const Module& module) {
    std::set<const Module*> seen;
    return acts(project, module, seen);
}

bool keepEffectfulImports(MigrationContext& context, const Module& module, const SharedText& text) {
    const Project& project = context.project();
    std::map<std::string, const Module*> had; // as written -> module
    for (const auto& [name, binding] : module.imports) {
        if (module.enclosingFunction(binding.statement)) continue;
        const Module* inner = binding.name.empty() ? nullptr : project.module(binding.module + "." + binding.name);
        const Module* target = inner ? inner : project.module(binding.module);
        if (!target || target == &module) continue;
        std::string written = binding.module;
        if (binding.statement.is("import_from_statement")) {
            written = std::string(binding.statement.field("module_name").text());
            if (inner) written += (endsWith(written, ".") ? "" : ".") + binding.name;
        }
        had.emplace(written, target);
    }
    if (had.empty()) return false;
    auto parsed = syntax::Tree::parseAgain(text);
    if (!parsed) return false;
    const std::set<std::string> has = importedIn((*parsed)->root());
    bool asked = false;
    for (const auto& [written, target] : had) {
        if (has.count(written) || written.find_first_not_of('.') == std::string::npos || !hasImportEffects(project, *target)) continue;
        const size_t cut = written.rfind('.');
        if (written[0] == '.') {
            const bool direct = cut == written.find_first_not_of('.') - 1;
            context.rewrite(module).requireImport(written.substr(0, direct ? cut + 1 : cut), written.substr(cut + 1));
        } else {
            context.rewrite(module).requireImport(written, "");
        }
        asked = true;
    }
    return asked;
}

} // namespace covet::rules
