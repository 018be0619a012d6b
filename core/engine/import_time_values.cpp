#include "engine/import_time_values.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "engine/store_data.h"
#include "facts/container_shape.h"
#include "facts/reference_context.h"
#include "facts/store_finder.h"
#include "semantic/project_host.h"
#include "semantic/test_modules.h"
#include "syntax/literal_evaluator.h"

namespace covet::engine {
namespace {

using semantic::Symbol;
using syntax::Node;

bool isDefault(const Node& node) { return node.is("default_parameter") || node.is("typed_default_parameter"); }

/// Whether default arguments of a function call something with a variable of the project in it: looking at stores is much
/// work otherwise done for nothing.
bool maySee(const semantic::Project& project, const semantic::Module& module, const semantic::Function& function) {
    bool found = false;
    for (const Node& parameter : function.node.field("parameters").namedChildren()) {
        if (!isDefault(parameter)) continue;
        syntax::walk(parameter.field("value"), [&](const Node& node) {
            if (!node.is("identifier") || !node.parent().is("argument_list")) return !found;
            const Symbol symbol = project.resolve(module, node);
            found = found || (symbol.kind == Symbol::Kind::Variable && symbol.module);
            return !found;
        });
    }
    return found;
}

bool isNumberOrText(const Value& value) {
    return value.kind() == Value::Kind::Bool || value.kind() == Value::Kind::Int || value.kind() == Value::Kind::Float || value.kind() == Value::Kind::Str;
}

/// The store has the same first content in every run.
bool startsAlike(const facts::FoundStore& store) {
    return store.fact.leftAlone.empty() && store.className.empty() && store.namespaceVariable.empty() && store.buildStatements.empty() &&
           (store.initialValue.is("list") || store.initialValue.is("dictionary")) && store.fact.data && !store.fact.data->hasOpaque();
}

/// The one statement at module level that gives a name, to which functions may give others: `NEXT_ID = max(issues) + 1`.
std::vector<Node> valuesAtStart(const semantic::Module& module) {
    std::vector<Node> statements;
    for (const auto& [name, list] : module.assignments) {
        const Node assignment = list.size() == 1 ? list[0].namedChild(0) : Node();
        const Node value = assignment.is("assignment") && assignment.field("left").is("identifier") ? assignment.field("right") : Node();
        if (list[0].parent().is("module") && (value.is("call") || value.is("binary_operator") || value.is("subscript") || value.is("conditional_expression")))
            statements.push_back(list[0]);
    }
    return statements;
}

/// Whether what such a statement takes may be a number of a store: it names a container of the project, or calls what works on one.
bool mayAskStore(const semantic::Project& project, const semantic::Module& module, const Node& value) {
    bool found = false;
    syntax::walk(value, [&](const Node& node) {
        if (found || !node.is("identifier")) return !found;
        const Symbol& symbol = project.resolve(module, node);
        if (symbol.kind == Symbol::Kind::Function) found = node.parent().is("call");
        if (symbol.kind != Symbol::Kind::Variable || !symbol.module) return !found;
        const auto assigned = symbol.module->assignments.find(symbol.name);
        if (assigned == symbol.module->assignments.end()) return true;
        const Node first = assigned->second.front().namedChild(0).field("right");
        const bool isObject = first.is("expression_list") || (first.is("call") && project.resolve(*symbol.module, first.field("function")).kind == Symbol::Kind::Class);
        const facts::ContainerShape shape = facts::shapeOfContainer(project, *symbol.module, first);
        found = isObject || (shape.isContainer && shape.container != facts::Container::Scalar);
        return !found;
    });
    return found;
}

/// Names of the functions that work on stores, themselves or through others of these names, with the stores.
class StoresByName {
public:
    StoresByName(const semantic::Project& project, const std::vector<facts::FoundStore>& stores) : stores_(stores) {
        for (const facts::FoundStore& store : stores)
            for (const facts::StoreReference& reference : store.references)
                if (reference.function) {
                    users_[reference.function->name].insert(&store - stores.data());
                    if (facts::isMutation(facts::contextOf(reference.node)) || facts::changesInside(reference.node)) writers_.insert(reference.function->name);
                }
        for (int step = 0; step < kSteps; ++step)
            for (const auto& module : project.modules())
                for (const semantic::Function& function : module->functions)
                    syntax::walk(function.node.field("body"), [&, &caller = function](const Node& node) {
                        const auto called = node.is("call") ? users_.find(lastName(node.field("function"))) : users_.end();
                        if (called != users_.end() && called->first != caller.name) {
                            const std::set<size_t> more = called->second;
                            users_[caller.name].insert(more.begin(), more.end());
                            if (writers_.count(called->first)) writers_.insert(caller.name);
                        }
                        return true;
                    });
    }

    /// Whether an expression may change a store.
    bool isWriting(const Node& value) const {
        bool writes = false;
        syntax::walk(value, [&](const Node& node) {
            writes = writes || (node.is("call") && writers_.count(lastName(node.field("function"))) > 0);
            return !writes;
        });
        return writes;
    }

    /// The stores that an expression at module level may take its value from, by their place among all.
    std::set<size_t> askedBy(const semantic::Module& module, const Node& value) const {
        std::set<size_t> asked;
        for (size_t i = 0; i < stores_.size(); ++i)
            for (const facts::StoreReference& reference : stores_[i].references)
                if (reference.module == &module && value.contains(reference.node)) asked.insert(i);
        syntax::walk(value, [&](const Node& node) {
            const auto called = node.is("call") ? users_.find(lastName(node.field("function"))) : users_.end();
            if (called != users_.end()) asked.insert(called->second.begin(), called->second.end());
            return true;
        });
        return asked;
    }

private:
    static constexpr int kSteps = 3;

    static std::string lastName(const Node& callee) {
        return std::string((callee.is("attribute") ? callee.field("attribute") : callee).text());
    }

    const std::vector<facts::FoundStore>& stores_;
    std::map<std::string, std::set<size_t>> users_;
    std::set<std::string> writers_;
};

/// `{"users": UserStore()}`: the data is in the objects, and that is where it moves.
bool holdsObjects(const semantic::Project& project, const facts::FoundStore& store) {
    const std::vector<Node> parts = store.initialValue.namedChildren();
    return store.initialValue.isOneOf({"dictionary", "list", "tuple"}) && !parts.empty() && std::all_of(parts.begin(), parts.end(), [&](const Node& part) {
        const Node made = part.is("pair") ? part.field("value") : part;
        return made.is("call") && project.resolve(*store.module, made.field("function")).kind == Symbol::Kind::Class;
    });
}

/// `len(members)`: the store can go on giving that while the program starts.
bool onlyCounts(const std::vector<facts::FoundStore>& stores, const Node& value) {
    return std::any_of(stores.begin(), stores.end(), [&](const facts::FoundStore& store) {
        return std::any_of(store.references.begin(), store.references.end(), [&](const facts::StoreReference& reference) {
            const facts::ReferenceContext use = facts::contextOf(reference.node);
            return use.kind == facts::UseKind::Length && use.node == value;
        });
    });
}

/// The store starts with what the code says, and with nothing that a file or the machine gives.
bool startsWithCode(const facts::FoundStore& store) {
    const bool isWritten = store.initialValue.isOneOf({"list", "dictionary", "set", "list_comprehension", "dictionary_comprehension"}) ||
                           (store.initialValue.is("call") && store.initialValue.field("arguments").namedChildCount() == 0);
    return store.fact.leftAlone.empty() && isWritten && store.fact.data && !store.fact.data->hasOpaque();
}

} // namespace

std::set<std::string> fixImportTimeValues(rules::MigrationContext& context, const LoadedProject& loaded) {
    std::set<std::string> fixed;
    const semantic::Project& project = loaded.project;
    const auto& modules = project.modules();
    const bool any = std::any_of(modules.begin(), modules.end(), [&](const auto& module) {
        return !semantic::isTestModule(*module) && std::any_of(module->functions.begin(), module->functions.end(), [&](const auto& function) {
            return maySee(project, *module, function);
        });
    });
    std::vector<std::pair<const semantic::Module*, Node>> asking;
    for (const auto& module : modules)
        if (!semantic::isTestModule(*module) && !loaded.broken.count(module.get()))
            for (const Node& statement : valuesAtStart(*module))
                if (mayAskStore(project, *module, statement.namedChild(0).field("right"))) asking.emplace_back(module.get(), statement);
    if (!any && asking.empty()) return fixed;
    semantic::ProjectHost host(project, [&](const std::string& path) { return dataFile(loaded, path); });
    syntax::LiteralEvaluator evaluator(host);
    const std::vector<facts::FoundStore> stores = readStores(loaded, {}, nullptr);
    if (!asking.empty()) {
        const StoresByName users(project, stores);
        for (const auto& [module, statement] : asking) {
            const Node assignment = statement.namedChild(0), value = assignment.field("right");
            std::set<size_t> asked = users.askedBy(*module, value);
            for (auto one = asked.begin(); one != asked.end();)
                one = asked.size() > 1 && holdsObjects(project, stores[*one]) ? asked.erase(one) : std::next(one);
            if (asked.empty() || users.isWriting(value) || onlyCounts(stores, value) || !std::all_of(asked.begin(), asked.end(), [&](size_t one) { return startsWithCode(stores[one]); })) continue;
            const std::string name(assignment.field("left").text());
            const std::optional<Value> left = evaluator.stateOf(host.sourceOf(*module), name).value;
            if (!left || !isNumberOrText(*left)) continue;
            // What it is left with is what it got, unless functions go on with it at import.
            const bool goesOn = std::any_of(module->functions.begin(), module->functions.end(), [&](const auto& function) { return function.globals.count(name) > 0; });
            if (goesOn && !(evaluator.evaluate(host.sourceOf(*module), value) == *left)) continue;
            if (!context.rewrite(*module).replace(value, toPython(*left))) continue;
            for (const size_t one : asked) fixed.insert(stores[one].fact.id);
        }
    }
    for (const facts::FoundStore& store : stores) {
        // Where code fills it at import as well, it depends on the place what a default argument sees.
        if (!startsAlike(store) || !(evaluator.evaluate(host.sourceOf(*store.module), store.initialValue) == *store.fact.data)) continue;
        for (const facts::StoreReference& reference : store.references) {
            const Node parameters = reference.function ? reference.function->node.field("parameters") : Node();
            if (!parameters || !parameters.contains(reference.node) || loaded.broken.count(reference.module)) continue;
            // The smallest part that is a number or a text: `len(students)`, `students[0]["id"]`.
            for (Node part = reference.node.parent(); part && !isDefault(part) && !(part == parameters); part = part.parent()) {
                if (!part.is("call") && !part.is("subscript")) continue;
                const Value value = evaluator.evaluate(host.sourceOf(*reference.module), part);
                if (value.hasOpaque() || !isNumberOrText(value)) continue;
                if (context.rewrite(*reference.module).replace(part, toPython(value))) fixed.insert(store.fact.id);
                break;
            }
        }
    }
    return fixed;
}

} // namespace covet::engine
