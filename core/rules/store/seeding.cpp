#include "rules/store/seeding.h"

#include <algorithm>

#include "facts/reference_context.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Symbol;

/// What leaves the world as it is and is no loss when it goes.
bool isHarmlessName(std::string_view name) {
    static constexpr Words kNames = {
        "range", "enumerate", "len",  "dict",     "list",   "set",    "tuple",  "str",   "int",
        "float", "bool",      "zip",  "sorted",   "print",  "max",    "min",    "sum",   "round",
        "abs",   "format", "model_copy", "model_dump", "model_validate",    "join", "lower",    "upper",  "strip",  "items",  "keys",  "values",
        "title", "split",     "copy", "deepcopy", "get",    "frozenset", "reversed", "isoformat", "replace",
        "iter", "isinstance", "hasattr", "getattr", "any", "all", "map", "filter", "repr", "type", "divmod", "isdigit", "startswith", "endswith",
        "encode", "capitalize", "rstrip", "lstrip", "hexdigest", "casefold", "zfill", "total_seconds", "timestamp", "strftime"};
    return kNames.count(name) > 0;
}

bool isControl(const Node& node) {
    return node.isOneOf({"with_statement", "try_statement", "yield", "await", "import_statement",
                         "import_from_statement", "raise_statement", "assert_statement", "delete_statement"});
}

Node rootOf(Node node) {
    while (node.is("subscript") || node.is("attribute"))
        node = node.is("subscript") ? node.field("value") : node.field("object");
    return node;
}

} // namespace

SeedCheck::SeedCheck(const semantic::Project& project, const CallGraph& graph,
                     const std::vector<const facts::FoundStore*>& stores)
    : project_(project), graph_(graph) {
    for (const facts::FoundStore* store : stores) {
        if (store->className.empty())
            variables_.insert({store->module, store->namespaceVariable.empty() ? store->variable
                                                                               : store->namespaceVariable});
        for (const facts::StoreReference& reference : store->references) references_.insert(reference.node.id());
        for (const Node& node : store->buildReferences) references_.insert(node.id());
    }
}

bool SeedCheck::functionOnlyFills(const Function& start, bool isAwaited) const {
    for (const Function* function : graph_.reachableFrom(start))
        if ((function->isAsync && !(isAwaited && function == &start)) || !onlyFills(graph_.moduleOf(*function), function, function->node.field("body")))
            return false;
    return true;
}

bool SeedCheck::statementOnlyFills(const Module& module, const Node& statement) const {
    if (!onlyFills(module, nullptr, statement)) return false;
    for (const Function* function : graph_.namedIn(module, statement))
        if (!functionOnlyFills(*function)) return false;
    return true;
}

bool SeedCheck::lifespanOnlyFills(const Module& module, const Function& function, const Node& statement) const {
    Node code = statement;
    if (statement.is("expression_statement") && statement.namedChild(0).is("await")) code = statement.namedChild(0).namedChild(0);
    if (!onlyFills(module, &function, code)) return false;
    for (const Function* named : graph_.namedIn(module, code))
        if (!functionOnlyFills(*named, true)) return false;
    return true;
}

/// Whether a target or receiver is a store or an element of one.
bool SeedCheck::isStore(Node node) const {
    for (; node.is("subscript") || node.is("attribute") || node.is("identifier");
         node = node.is("subscript") ? node.field("value") : node.field("object"))
        if (references_.count(node.id())) return true;
    return false;
}

bool SeedCheck::onlyFills(const Module& module, const Function* function, const Node& code) const {
    bool clean = true;
    auto names = [&](const Node& node) { // at module level, building is not among the references
        const Symbol& symbol = project_.resolve(module, rootOf(node));
        return symbol.kind == Symbol::Kind::Variable && variables_.count({symbol.module, symbol.name}) > 0;
    };
    auto mayChange = [&](const Node& target) {
        if (isStore(target) || names(target)) return true;
        if (!target.is("subscript") && !target.is("attribute")) {
            // A name that a top-level assignment binds is there for others; one in a loop is a step.
            if (!function) return !target.parent().parent().parent().is("module");
            return function->locals.count(std::string(target.text())) > 0 || target.is("pattern_list");
        }
        std::string root(rootOf(target).text());
        if (function && root == "self") return function->name == "__init__";
        return function && function->locals.count(root) > 0;
    };
    syntax::walk(code, [&](const Node& node) {
        if (!clean || isControl(node)) return clean = false;
        if (node.is("assignment") || node.is("augmented_assignment")) clean = mayChange(node.field("left"));
        if (node.is("call")) {
            Node callee = node.field("function");
            bool fills = callee.is("attribute") && facts::isMutatingMethod(callee.field("attribute").text()) &&
                         mayChange(callee.field("object"));
            // `next(self._ids)` of a counter that moves as well.
            const bool counts = callee.text() == "next" && node.field("arguments").namedChildCount() == 1 && isStore(node.field("arguments").namedChild(0));
            clean = clean && (fills || counts || isHarmlessCall(module, node));
        }
        return clean;
    });
    return clean;
}

bool SeedCheck::isHarmlessCall(const Module& module, const Node& call) const {
    Node callee = call.field("function");
    const Symbol& symbol = project_.resolve(module, callee);
    if (symbol.kind == Symbol::Kind::Class || symbol.kind == Symbol::Kind::Function) return true;
    // A method of an object of the project is looked at as a function that is run, and so is what Python may call of it.
    if (callee.is("attribute") && !facts::ownerClass(project_, module, callee.field("object")).empty()) {
        const std::set<const Function*> named = graph_.namedIn(module, callee);
        if (std::count_if(named.begin(), named.end(), [](const Function* one) { return !startsWith(one->name, "__"); }) == 1) return true;
    }
    if (symbol.kind == Symbol::Kind::External)
        for (const char* library : {"datetime.", "uuid.", "copy.", "decimal.", "enum.", "hashlib."})
            if (startsWith(symbol.name, library)) return true;
    return isHarmlessName(callee.is("attribute") ? callee.field("attribute").text() : callee.text());
}

void removeSeeding(MigrationContext& context, const std::vector<std::pair<const Module*, Node>>& statements,
                   const SeedFunctions& functions) {
    const semantic::Project& project = context.project();
    for (const auto& [module, statement] : statements) context.rewrite(*module).remove(statement);
    for (const auto& [module, function] : functions) {
        size_t calls = 0;
        for (const auto& other : project.modules()) {
            auto found = other->calls.find(function->name);
            calls += found == other->calls.end() ? 0 : found->second.size();
        }
        if (calls > 1) continue;
        context.rewrite(*module).remove(function->decorated);
        for (const auto& other : project.modules())
            for (const auto& [local, binding] : other->imports) {
                const Symbol symbol = project.resolveGlobal(*other, local);
                if (symbol.module == module && symbol.name == function->name)
                    context.rewrite(*other).dropImportIfUnused(local);
            }
    }
}

} // namespace covet::rules
