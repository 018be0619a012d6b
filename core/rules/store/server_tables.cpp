#include "rules/store/server_tables.h"

#include <algorithm>

#include "facts/object_class.h"
#include "facts/reference_context.h"
#include "rules/store/call_graph.h"
#include "support/strings.h"

namespace covet::rules {
namespace tables {

using semantic::Symbol;

bool isFilled(const Node& table) {
    const Node parent = table.parent(), outer = parent.parent();
    if (table.is("attribute") && parent.is("assignment")) return parent.field("left") == table;
    if (table.is("attribute") && parent.is("pattern_list")) return outer.is("assignment") && outer.field("left") == parent;
    // `ROUTES[path][method] = handler`
    Node item = table;
    while (item.parent().is("subscript") && item.parent().field("value") == item) item = item.parent();
    if (!(item == table) && item.parent().is("assignment")) return item.parent().field("left") == item;
    // `ROUTES[method].append(...)`, `ROUTES.setdefault(path, {})[method] = handler`
    const std::string_view method = item.parent().is("attribute") ? item.parent().field("attribute").text() : "";
    const Node call = item.parent().parent();
    if (!(item == table) && method == "append") return call.is("call");
    return outer.is("call") && (method == "append" || method == "insert" || method == "add" || method == "setdefault" || method == "update" || method == "extend");
}

Table attributeTable(const semantic::Project& project, const Module& module, const Node& attribute) {
    const std::string owner = facts::ownerClass(project, module, attribute.field("object"));
    const size_t colon = owner.find(':');
    const Module* home = colon == owner.npos ? nullptr : project.module(owner.substr(0, colon));
    if (!home) return {nullptr, ""};
    return {home, owner.substr(colon + 1) + "." + std::string(attribute.field("attribute").text())};
}

namespace {

Table tableOf(const semantic::Project& project, const Module& module, const Node& node) {
    if (node.is("attribute"))
        if (const Table table = attributeTable(project, module, node); table.first) return table;
    const Symbol symbol = project.resolve(module, node);
    if (symbol.kind == Symbol::Kind::Variable && symbol.module) return {symbol.module, symbol.name};
    return {nullptr, ""};
}

/// The function of the project that is called: `route`, `router.add`.
std::pair<const Module*, const Function*> functionCalled(const semantic::Project& project, const Module& module, const Node& callee) {
    const Symbol symbol = project.resolve(module, callee);
    if (symbol.kind == Symbol::Kind::Function && symbol.module) return {symbol.module, symbol.module->function(symbol.name)};
    if (!callee.is("attribute")) return {nullptr, nullptr};
    const std::string owner = facts::ownerClass(project, module, callee.field("object"));
    const Function* found = facts::methodOfClass(project, owner, std::string(callee.field("attribute").text()));
    return {found ? project.module(owner.substr(0, owner.find(':'))) : nullptr, found};
}

/// `router.add("GET", "/", index)`, where that is a method of the project: what it fills is looked at inside of it.
bool isOwnMethod(const semantic::Project& project, const Module& module, const Node& table) {
    const Node access = table.parent();
    const bool isCalled = access.is("attribute") && access.field("object") == table && access.parent().is("call");
    return isCalled && functionCalled(project, module, access).second;
}

/// Whether the code of an own server runs behind the migrated application: whoever reads its tables calls what is in them.
bool servesOwnCode(const std::vector<Handler>& handlers) {
    return std::any_of(handlers.begin(), handlers.end(), [](const Handler& handler) {
        return handler.rewritten && handler.fixedSignature &&
               (handler.framework == "wsgi" || handler.framework == "http.server" || handler.framework == catalog::defaultTarget().legacyFramework);
    });
}

} // namespace

const std::set<Table>& Fillers::filledBy(const Module& module, const Node& callee) {
    const auto called = functionCalled(project_, module, callee);
    return called.first && called.second ? filled(*called.first, *called.second, 3) : none_;
}

const std::set<Table>& Fillers::filled(const Module& home, const Function& function, int calls) {
    const auto known = known_.find({&function, calls});
    if (known != known_.end()) return known->second;
    std::set<Table> found;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("call") && calls > 0) {
            const auto called = functionCalled(project_, home, node.field("function"));
            if (called.first && called.second && called.second != &function) {
                const std::set<Table>& inner = filled(*called.first, *called.second, calls - 1);
                found.insert(inner.begin(), inner.end());
            }
        }
        if ((!node.is("identifier") && !node.is("attribute")) || !isFilled(node) || isOwnMethod(project_, home, node)) return true;
        if (const Table table = tableOf(project_, home, node); table.first) found.insert(table);
        return true;
    });
    return known_.emplace(std::make_pair(&function, calls), std::move(found)).first->second;
}

bool Fillers::onlyRegisters(const CallGraph& graph, const Module& module, const Node& code, const Function& function) {
    bool registers = false, runs = false;
    syntax::walk(code, [&](const Node& node) {
        if (runs || (!node.is("identifier") && !node.is("attribute"))) return !runs;
        const Node parent = node.parent();
        const bool isName = isFilled(node) || parent.is("comparison_operator") || parent.is("keyword_argument") || parent.is("function_definition") ||
                            (parent.is("assignment") && parent.field("left") == node);
        const bool isKey = parent.is("keyword_argument") && parent.field("name") == node;
        if ((isName && !parent.is("keyword_argument")) || isKey || !graph.namedIn(module, node).count(&function)) return true;
        // The function itself, on its way into a table; anything else may run it.
        const Symbol symbol = project_.resolve(module, node);
        const bool isCalled = parent.is("call") && parent.field("function") == node;
        bool handed = false;
        if (!isCalled && symbol.kind != Symbol::Kind::Variable)
            for (Node outer = parent; outer && !handed && !outer.is("block"); outer = outer.parent()) {
                if (outer.is("call")) handed = !filledBy(module, outer.field("function")).empty();
                const Node filled = outer.is("assignment") ? outer.field("left")
                                    : outer.is("call")     ? outer.field("function").field("object")
                                                           : Node();
                Node table = filled;
                while (table.is("subscript")) table = table.field("value");
                handed = handed || (table && isFilled(table));
            }
        registers = registers || handed;
        runs = !handed;
        return false;
    });
    return registers && !runs;
}

} // namespace tables

using semantic::Function;
using semantic::Module;

/// The tables of a server of the application's own: what its decorators, calls and statements put there is called by
/// whoever reads them.
void CallGraph::indexServerTables() {
    if (!tables::servesOwnCode(handlers_)) return;
    tables::Fillers fillers(project_);
    const auto keep = [&](const tables::Table& table, const std::set<const Function*>& functions) {
        if (functions.empty()) return;
        tables_[table].insert(functions.begin(), functions.end());
    };
    // Functions that code hands over: not those that it calls to make what it hands over.
    const auto handedOver = [&](const Module& module, const Node& code) {
        std::set<const Function*> functions;
        syntax::walk(code, [&](const Node& node) {
            const Node parent = node.parent();
            if (node.is("lambda")) namedBy(module, module.enclosingFunction(node), node, functions);
            if (node.is("lambda")) return false;
            if (!node.is("identifier") && !node.is("attribute")) return true;
            const bool isCalled = parent.is("call") && parent.field("function") == node;
            const bool isKey = parent.is("keyword_argument") && parent.field("name") == node;
            const semantic::Symbol symbol = project_.resolve(module, node);
            if (!isCalled && !isKey && (symbol.kind == semantic::Symbol::Kind::Function || node.is("attribute")))
                namedBy(module, module.enclosingFunction(node), node, functions);
            return false;
        });
        return functions;
    };
    const auto methodsOfClass = [&](const Module& module, const std::string& name) {
        std::set<const Function*> methods;
        for (const auto& [function, home] : functions_)
            if (home == &module && function->className == name && !function->isNested) methods.insert(function);
        return methods;
    };
    for (const auto& module : project_.modules()) {
        if (isTestModule(*module)) continue;
        syntax::walk(module->tree->root(), [&](const Node& node) {
            if (node.is("decorator")) {
                const Node inner = node.namedChild(0);
                const std::set<tables::Table>& filled = fillers.filledBy(*module, inner.is("call") ? inner.field("function") : inner);
                if (filled.empty()) return true;
                const Node definition = node.parent().field("definition");
                std::set<const Function*> functions;
                for (const Function& function : module->functions)
                    if (function.node == definition && functions_.count(&function)) functions.insert(&function);
                if (definition.is("class_definition")) functions = methodsOfClass(*module, std::string(definition.field("name").text()));
                for (const tables::Table& table : filled) keep(table, functions);
            } else if (node.is("call") && !node.parent().is("decorator")) {
                const std::set<tables::Table>& filled = fillers.filledBy(*module, node.field("function"));
                if (filled.empty()) return true;
                const std::set<const Function*> named = handedOver(*module, node.field("arguments"));
                for (const tables::Table& table : filled) keep(table, named);
            } else if ((node.is("identifier") || node.is("attribute")) && tables::isFilled(node) && !tables::isOwnMethod(project_, *module, node)) {
                const tables::Table table = tables::tableOf(project_, *module, node);
                if (!table.first) return true;
                Node whole = node;
                while (whole && !whole.isOneOf({"assignment", "call"})) whole = whole.parent();
                keep(table, handedOver(*module, whole.is("call") ? whole.field("arguments") : whole.field("right")));
            }
            return true;
        });
    }
}

} // namespace covet::rules
