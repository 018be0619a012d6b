#include "rules/store/proxy.h"

#include "rules/store/start_code.h"
#include "schema/inference.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using facts::Container;
using facts::FoundStore;
using semantic::Module;
using semantic::Symbol;

std::string_view calleeTail(const Node& call) {
    Node callee = call.field("function");
    return callee.is("attribute") ? callee.field("attribute").text() : callee.text();
}

/// The expression that makes an empty container of the store's own class; "" for list, dict and set.
std::string factoryOf(const FoundStore& store) {
    if (!store.initialValue.is("call") || isPlainContainer(store)) return "";
    std::string_view callee = calleeTail(store.initialValue);
    if (callee == "deque" || callee == "defaultdict" || callee == "OrderedDict" || callee == "Counter" || store.isOwnClass)
        return store.initialValue.field("arguments").namedChildren().empty()
                   ? std::string(store.initialValue.field("function").text())
                   : "lambda: " + std::string(store.initialValue.text());
    return "";
}

/// A free module-level name for the proxy of an attribute store.
std::string attributeProxyName(const FoundStore& store) {
    size_t underscores = store.variable.find_first_not_of('_');
    std::string tail = underscores == std::string::npos ? "rows" : store.variable.substr(underscores);
    const bool ofOne = store.isOfClass(); // all objects of the class have one
    std::string name = snakeCase(ofOne ? store.className.substr(store.className.rfind('.') + 1)
                                       : replaceAll(store.className, ".", "_")) +
                       "_" + tail;
    const Module& module = *store.module;
    while (module.assignments.count(name) || module.imports.count(name) || module.function(name)) name += "_store";
    return name;
}

const schema::Column* keyColumn(const schema::Table& table) {
    return table.primaryKey.empty() ? nullptr : table.column(table.primaryKey[0]);
}

/// Module-level names under which `from` sees the module or the variable of a store; "" if none.
std::string knownName(const semantic::Project& project, const Module& from, const FoundStore& store,
                      const std::string& variable) {
    if (&from == store.module) return variable;
    for (const auto& [name, binding] : from.imports) {
        Symbol symbol = project.resolveGlobal(from, name);
        if (symbol.kind == Symbol::Kind::Variable && symbol.module == store.module && symbol.name == variable)
            return name;
    }
    for (const auto& [name, binding] : from.imports) {
        Symbol symbol = project.resolveGlobal(from, name);
        if (symbol.kind == Symbol::Kind::Module && symbol.module == store.module)
            return name + "." + variable;
    }
    return "";
}

/// Dotted name of a module as absolute imports of `from` write it.
std::string dottedFor(const MigrationContext& context, const Module& from, const Module& target) {
    std::string base = replaceAll(context.importBase(from), "/", ".");
    if (!base.empty() && startsWith(target.name, base + ".")) return target.name.substr(base.size() + 1);
    return target.name;
}

bool imports(const semantic::Project& project, const Module& module, const Module& wanted,
             std::set<const Module*>& seen) {
    if (&module == &wanted) return true;
    if (!seen.insert(&module).second) return false;
    for (const auto& [name, binding] : module.imports) {
        const Module* target = project.module(binding.module);
        if (target && imports(project, *target, wanted, seen)) return true;
        const Module* sub = binding.name.empty() ? nullptr : project.module(binding.module + "." + binding.name);
        if (sub && imports(project, *sub, wanted, seen)) return true;
    }
    return false;
}

} // namespace

bool isPlainContainer(const FoundStore& store) {
    if (!store.initialValue.is("call")) return true;
    std::string_view callee = calleeTail(store.initialValue);
    return callee == "list" || callee == "dict" || callee == "set" || callee == "fromkeys";
}

bool isUnsupportedContainer(const FoundStore& store) {
    if (isPlainContainer(store) || store.isCounterObject) return false;
    std::string_view callee = calleeTail(store.initialValue);
    std::vector<Node> arguments = store.initialValue.field("arguments").namedChildren();
    if (callee == "ChainMap") return true;
    if (callee == "Counter" || store.isOwnClass) return !arguments.empty();
    if (callee == "deque")
        return !arguments.empty() && !(arguments.size() == 1 && arguments[0].is("keyword_argument"));
    if (callee == "OrderedDict") return !arguments.empty();
    if (callee != "defaultdict") return false;
    static constexpr Words kFactories = {"list", "dict", "set", "int", "float", "str", "bool"};
    return arguments.size() > 1 || (arguments.size() == 1 && !kFactories.count(arguments[0].text()));
}

Proxy proxyOf(const FoundStore& store, const schema::Table& table) {
    Proxy proxy;
    proxy.model = table.model;
    if (!store.className.empty()) proxy.name = attributeProxyName(store);
    else if (!store.namespaceVariable.empty())
        proxy.name = store.namespaceVariable + "[" + pythonQuote(store.variable) + "]";
    else proxy.name = store.variable;
    std::string arguments = table.model;
    if (store.fact.container == Container::Scalar) {
        auto row = table.stateNames.find(store.fact.id);
        arguments += ", " + pythonQuote(row == table.stateNames.end() ? store.fact.name : row->second);
        std::string start = store.isCounterObject ? store.counterArguments : std::string(store.initialValue.text());
        if (store.initialValue.is("identifier")) start = store.fact.data ? toPython(*store.fact.data) : ""; // a parameter
        if (!start.empty()) arguments += ", " + start;
        proxy.maker = store.isCounterObject ? "bridged_counter" : "bridged_value";
        proxy.content = store.isCounterObject ? "" : ".value";
    } else {
        const schema::Column* key = keyColumn(table);
        const schema::Column* position = table.columnOfRole(schema::ColumnRole::Position);
        const bool isDict = store.fact.container == Container::Dict;
        proxy.maker = isDict                                       ? "bridged_dict"
                      : store.fact.container == Container::Set ? "bridged_set"
                                                                   : "bridged_list";
        if (isDict && key) arguments += ", key=" + pythonQuote(key->attribute);
        if (position) arguments += ", position=" + pythonQuote(position->attribute);
        std::string factory = factoryOf(store);
        if (!factory.empty()) arguments += ", make=" + factory;
        proxy.content = ".current";
    }
    proxy.definition = proxy.maker + "(" + arguments + ")";
    return proxy;
}

Proxy filledProxyOf(const FoundStore& store, const schema::Table& table, const schema::Table& state) {
    Proxy proxy = proxyOf(store, table);
    proxy.furtherMakers = {"filled_at_first"};
    proxy.furtherModels = {state.model};
    proxy.definition = "filled_at_first(" + proxy.definition + ", " + state.model + ", " +
                       pythonQuote(state.stateNames.at(store.fact.id)) + ", lambda: " +
                       std::string(store.initialValue.text()) + ")";
    return proxy;
}

Proxy startedProxyOf(const FoundStore& store, const schema::Table& table, const schema::Table* state) {
    Proxy proxy = proxyOf(store, table);
    proxy.furtherMakers = {"started_with"};
    if (state) {
        proxy.furtherMakers.push_back("filled_at_first");
        proxy.furtherModels = {state->model};
        proxy.definition = "filled_at_first(" + proxy.definition + ", " + state->model + ", " +
                           pythonQuote(state->stateNames.at(store.fact.id)) + ")";
    }
    proxy.definition = "started_with(" + proxy.definition + ", " + firstContentOf(store) + ")";
    return proxy;
}

std::string reachProxy(MigrationContext& context, const Module& from, const FoundStore& store,
                       const Proxy& proxy) {
    std::string variable = store.namespaceVariable.empty() ? proxy.name : store.namespaceVariable;
    std::string known = knownName(context.project(), from, store, variable);
    if (known.empty()) {
        known = variable;
        while (from.imports.count(known) || from.assignments.count(known) || from.function(known)) known += "_";
        context.rewrite(from).requireImport(dottedFor(context, from, *store.module), variable,
                                            known == variable ? "" : known);
    }
    return store.namespaceVariable.empty() ? known : known + "[" + pythonQuote(store.variable) + "]";
}

std::string openedStore(MigrationContext& context, const Module& from, const FoundStore& store, const Proxy& proxy, bool isLater) {
    if (!isLater && !importWouldCycle(context.project(), from, store)) return reachProxy(context, from, store, proxy);
    context.namesStoresLate = true;
    const std::string place = store.namespaceVariable.empty() ? proxy.name : store.namespaceVariable + "[" + store.variable + "]";
    return pythonQuote(dottedFor(context, from, *store.module) + ":" + place);
}

bool importWouldCycle(const semantic::Project& project, const Module& from, const FoundStore& store) {
    std::string variable = store.namespaceVariable.empty() ? store.variable : store.namespaceVariable;
    if (store.className.empty() && !knownName(project, from, store, variable).empty()) return false;
    if (&from == store.module) return false;
    std::set<const Module*> seen;
    return imports(project, *store.module, from, seen);
}

} // namespace covet::rules
