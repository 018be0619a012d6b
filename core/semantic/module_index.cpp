#include "semantic/module_index.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::semantic {
namespace {

bool isScope(const Node& node) {
    return node.is("function_definition") || node.is("class_definition") || node.is("lambda");
}

std::string absoluteModule(const Module& module, const Node& moduleName) {
    if (!moduleName.is("relative_import")) return std::string(moduleName.text());
    std::string_view text = moduleName.text();
    size_t dots = 0;
    while (dots < text.size() && text[dots] == '.') ++dots;
    std::vector<std::string> parts = split(module.name, '.');
    if (module.name.empty()) parts.clear();
    size_t drop = dots - (module.isPackage ? 1 : 0);
    parts.resize(parts.size() > drop ? parts.size() - drop : 0);
    std::string_view rest = trim(text.substr(dots));
    if (!rest.empty()) parts.emplace_back(rest);
    return join(parts, ".");
}

void indexImport(const Module& module, const Node& statement,
                 const std::function<void(const std::string&, ImportBinding)>& bind) {
    if (statement.is("import_statement")) {
        for (const Node& name : statement.fields("name")) {
            if (name.is("aliased_import")) {
                bind(std::string(name.field("alias").text()),
                     {std::string(name.field("name").text()), "", statement});
            } else {
                // `import a.b` binds `a`.
                std::string dotted(name.text());
                std::string head = dotted.substr(0, dotted.find('.'));
                bind(head, {head, "", statement});
            }
        }
        return;
    }
    Node from = statement.field("module_name");
    if (from.isNull()) return;
    std::string target = absoluteModule(module, from);
    for (const Node& child : statement.namedChildren())
        if (child.is("wildcard_import")) bind("*", {target, "*", statement});
    for (const Node& name : statement.fields("name")) {
        if (name.is("aliased_import"))
            bind(std::string(name.field("alias").text()),
                 {target, std::string(name.field("name").text()), statement});
        else
            bind(std::string(name.text()), {target, std::string(name.text()), statement});
    }
}

void collectLocals(Module& module, Function& function) {
    Node parameters = function.node.field("parameters");
    for (const Node& parameter : parameters.namedChildren()) {
        Node name = parameter;
        if (parameter.is("default_parameter") || parameter.is("typed_default_parameter"))
            name = parameter.field("name");
        else if (parameter.is("typed_parameter"))
            name = parameter.namedChild(0);
        if (name.is("list_splat_pattern") || name.is("dictionary_splat_pattern")) name = name.namedChild(0);
        if (name.is("identifier")) function.locals.emplace(name.text());
    }
    std::set<std::string> twice; // imported more than once
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("function_definition") || node.is("class_definition")) {
            function.locals.emplace(node.field("name").text());
            return false;
        }
        if (node.is("lambda") || node.is("list_comprehension") || node.is("set_comprehension") ||
            node.is("dictionary_comprehension") || node.is("generator_expression")) {
            // Their own targets are not locals of the function, but a walrus inside is.
            syntax::walk(node, [&](const Node& inner) {
                if (inner.is("named_expression")) collectTargetNames(inner.field("name"), function.locals);
                return true;
            });
            return false;
        }
        if (node.is("global_statement") || node.is("nonlocal_statement")) {
            for (const Node& name : node.namedChildren()) function.globals.emplace(name.text());
            return false;
        }
        if (node.is("assignment") || node.is("augmented_assignment") || node.is("for_statement"))
            collectTargetNames(node.field("left"), function.locals);
        if (node.is("named_expression")) collectTargetNames(node.field("name"), function.locals);
        if (node.is("as_pattern_target")) collectTargetNames(node.namedChild(0), function.locals);
        if (node.is("import_statement") || node.is("import_from_statement"))
            indexImport(module, node, [&](const std::string& name, ImportBinding binding) {
                if (name != "*" && !function.imports.emplace(name, std::move(binding)).second) twice.insert(name);
            });
        return true;
    });
    for (const std::string& name : twice) function.imports.erase(name);
    for (const std::string& name : function.locals) function.imports.erase(name);
    for (const auto& imported : function.imports) function.locals.insert(imported.first);
    function.locals.insert(twice.begin(), twice.end());
    for (const std::string& name : function.globals) {
        function.locals.erase(name);
        function.imports.erase(name);
    }
}

void indexScope(Module& module, const Node& scope, const std::string& prefix,
                const std::string& className, bool nested);

void indexFunction(Module& module, const Node& node, const std::string& prefix,
                   const std::string& className, bool nested) {
    Function function;
    function.name = std::string(node.field("name").text());
    function.qualified = prefix + function.name;
    function.node = node;
    Node parent = node.parent();
    function.decorated = parent.is("decorated_definition") ? parent : node;
    function.className = className;
    function.isAsync = node.child(0).is("async");
    function.isNested = nested;
    collectLocals(module, function);
    std::string inner = function.qualified + ".<locals>.";
    module.functionAt.emplace(function.node.id(), module.functions.size());
    module.functions.push_back(std::move(function));
    indexScope(module, node.field("body"), inner, "", true);
}

void indexClass(Module& module, const Node& node, const std::string& prefix, bool nested) {
    Class found;
    found.name = prefix + std::string(node.field("name").text());
    found.node = node;
    for (const Node& base : node.field("superclasses").namedChildren())
        if (!base.is("keyword_argument")) found.bases.emplace_back(base.text());
    Node parent = node.parent();
    if (parent.is("decorated_definition"))
        for (const Node& decorator : parent.namedChildren())
            if (decorator.is("decorator")) {
                Node expression = decorator.namedChild(0);
                if (expression.is("call")) expression = expression.field("function");
                found.decorators.emplace_back(expression.text());
            }
    std::string name = found.name;
    module.classes.push_back(std::move(found));
    indexScope(module, node.field("body"), name + ".", name, nested);
}

/// Definitions anywhere below `scope`, also inside if/try/with, without entering nested scopes twice.
void indexScope(Module& module, const Node& scope, const std::string& prefix,
                const std::string& className, bool nested) {
    for (const Node& child : scope.children()) {
        if (child.is("function_definition"))
            indexFunction(module, child, prefix, className, nested);
        else if (child.is("class_definition"))
            indexClass(module, child, prefix, nested);
        else if (!child.is("lambda") && child.childCount() > 0)
            indexScope(module, child, prefix, className, nested);
    }
}

void indexTopLevel(Module& module, const Node& block) {
    for (const Node& statement : block.namedChildren()) {
        if (isScope(statement) || statement.is("decorated_definition")) continue;
        if (statement.is("import_statement") || statement.is("import_from_statement")) {
            indexImport(module, statement, [&](const std::string& name, ImportBinding binding) {
                if (name == "*") module.starImports.push_back(std::move(binding));
                else module.imports.insert_or_assign(name, std::move(binding));
            });
            continue;
        }
        if (statement.is("expression_statement")) {
            for (Node node = statement.namedChild(0); node.is("assignment"); node = node.field("right")) {
                std::set<std::string> names;
                collectTargetNames(node.field("left"), names);
                for (const std::string& name : names) module.assignments[name].push_back(statement);
            }
            continue;
        }
        if (statement.is("for_statement")) {
            std::set<std::string> names;
            collectTargetNames(statement.field("left"), names);
            for (const std::string& name : names) module.assignments[name].push_back(statement);
        }
        for (const Node& child : statement.namedChildren())
            if (child.is("block") || child.is("else_clause") || child.is("elif_clause") ||
                child.is("except_clause") || child.is("finally_clause")) {
                if (child.is("block")) {
                    indexTopLevel(module, child);
                } else {
                    for (const Node& inner : child.namedChildren())
                        if (inner.is("block")) indexTopLevel(module, inner);
                }
            }
    }
}

bool isGroupOfTargets(const Node& target) {
    const syntax::NodeType type = target.type();
    return type == "pattern_list" || type == "tuple_pattern" || type == "list_pattern" ||
           type == "list_splat_pattern" || type == "tuple" || type == "list" || type == "expression_list";
}

/// What is asked for most, where it takes no search.
void indexPlaces(Module& module) {
    module.functionAround.assign(module.tree->size(), 0);
    for (uint32_t at = 0; at < module.functions.size(); ++at) {
        // Inner functions come behind the ones around them.
        const Node& node = module.functions[at].node;
        std::fill_n(module.functionAround.begin() + node.place() + 1, node.size() - 1, at + 1);
        module.functionNamed.emplace(module.functions[at].qualified, at);
    }
    for (size_t at = 0; at < module.classes.size(); ++at) module.classAt.emplace(module.classes[at].name, at);
}

/// `from models import orders` above `orders = []`: the name is the module's own from there on.
void dropReplacedImports(Module& module) {
    for (auto imported = module.imports.begin(); imported != module.imports.end();) {
        const auto& [name, binding] = *imported;
        Node own;
        if (const auto assigned = module.assignments.find(name); assigned != module.assignments.end())
            for (const Node& statement : assigned->second)
                if (statement.is("expression_statement") && statement.parent().is("module") && statement.start() > binding.statement.start())
                    own = statement;
        bool isReplaced = !own.isNull();
        if (isReplaced)
            for (const Node& use : module.tree->identifiers(name)) {
                const bool isTarget = own.namedChild(0).field("left").contains(use);
                const bool isBetween = use.start() >= binding.statement.end() && use.start() < own.end() && !isTarget;
                isReplaced = isReplaced && !(isBetween && !module.enclosingFunction(use));
            }
        imported = isReplaced ? module.imports.erase(imported) : std::next(imported);
    }
}

} // namespace

bool bindsTarget(const Node& target, std::string_view name) {
    if (target.is("identifier")) return target.text() == name;
    if (!isGroupOfTargets(target)) return false;
    for (const Node& part : target.namedChildren())
        if (bindsTarget(part, name)) return true;
    return false;
}

void collectTargetNames(const Node& target, std::set<std::string>& names) {
    if (target.is("identifier")) {
        names.emplace(target.text());
        return;
    }
    if (isGroupOfTargets(target))
        for (const Node& part : target.namedChildren()) collectTargetNames(part, names);
}

bool boundByComprehension(const Node& identifier) {
    const std::string_view name = identifier.text();
    for (Node scope = identifier.parent(); scope; scope = scope.parent()) {
        const syntax::NodeType type = scope.type();
        if (type == "function_definition" || type == "class_definition") {
            // A default or decorator is evaluated outside, but comprehension scopes inside are done.
            return false;
        }
        if (type == "lambda") {
            for (const Node& parameter : scope.field("parameters").namedChildren()) {
                Node bound = parameter.is("identifier") ? parameter : parameter.namedChild(0);
                if (bound.text() == name) return true;
            }
        }
        if (type == "list_comprehension" || type == "set_comprehension" || type == "dictionary_comprehension" ||
            type == "generator_expression") {
            bool first = true;
            for (const Node& clause : scope.namedChildren()) {
                if (!clause.is("for_in_clause")) continue;
                // The first iterable is evaluated outside the comprehension.
                bool inFirstIterable = first && clause.field("right").contains(identifier);
                if (!inFirstIterable && bindsTarget(clause.field("left"), name)) return true;
                first = false;
            }
        }
    }
    return false;
}

void indexModule(Module& module) {
    indexScope(module, module.tree->root(), "", "", false);
    indexTopLevel(module, module.tree->root());
    indexPlaces(module);
    dropReplacedImports(module);
    syntax::walk(module.tree->root(), [&](const Node& node) {
        if (!node.is("call")) return true;
        Node callee = node.field("function");
        module.calls[callee.is("attribute") ? callee.field("attribute").text() : callee.text()].push_back(node);
        return true;
    });
}

void forEachImported(const Module& module, const Node& statement, const std::function<void(const std::string&, ImportBinding)>& visit) {
    indexImport(module, statement, visit);
}

std::string parameterName(const Node& parameter) {
    if (parameter.is("identifier")) return std::string(parameter.text());
    if (parameter.is("default_parameter") || parameter.is("typed_default_parameter"))
        return std::string(parameter.field("name").text());
    if (parameter.is("typed_parameter")) return parameterName(parameter.namedChild(0));
    if (parameter.is("list_splat_pattern") || parameter.is("dictionary_splat_pattern"))
        return std::string(parameter.namedChild(0).text());
    return "";
}

} // namespace covet::semantic
